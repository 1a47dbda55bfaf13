package dev.anabranch.web;

import static org.assertj.core.api.Assertions.assertThat;

import gg.jte.html.HtmlContent;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CellTextTest {

  private static String html(HtmlContent content) {
    StringOutput output = new StringOutput();
    OwaspHtmlTemplateOutput html = new OwaspHtmlTemplateOutput(output);
    html.setContext("td", null);
    content.writeTo(html);
    return output.toString();
  }

  @Test
  void nullLooksLikeNoText() {
    assertThat(html(CellText.of(null))).isNotEqualTo(html(CellText.of("NULL")));
    assertThat(html(CellText.beside("", List.of()))).isNotEqualTo(html(CellText.of("empty")));
    assertThat(html(CellText.of("<b>"))).contains("&lt;b").doesNotContain("<b>");
  }

  @Test
  void whatCantBeSeenHasASign() {
    assertThat(CellText.visible("a\u0001\u001b[31m\tb")).isEqualTo("a␁␛[31m␉b");
    assertThat(CellText.visible("a  b ")).isEqualTo("a  b␠");
    assertThat(CellText.visible("one\ntwo\n")).isEqualTo("one\ntwo␊");
    assertThat(CellText.visible("a\u202eb\u00a0c")).isEqualTo("a\\u202eb\\u00a0c");
    assertThat(CellText.visible("żółw — 漢字 😀")).isEqualTo("żółw — 漢字 😀");
  }

  @Test
  void nothingTurnsWhatStandsBesideIt() {
    assertThat(html(CellText.of("a\u202eb")))
        .startsWith("<bdi")
        .contains("\\u202e")
        .endsWith("</bdi>");
    assertThat(html(CellText.said("SELECT\n\t1 \u202e")))
        .isEqualTo("<bdi>SELECT\n\t1 \\u202e</bdi>");
    assertThat(CellText.visible("\udb40\udc01")).isEqualTo("\\ue0001");
  }

  @Test
  void rowsWhoseCellsHaveWhatStandsBetweenThemLookOther() {
    List<HtmlContent> was = PageTexts.rows(List.of(List.of("p, q", "r")));
    List<HtmlContent> now = PageTexts.rows(List.of(List.of("p", "q, r")));
    assertThat(html(was.getFirst())).isNotEqualTo(html(now.getFirst())).contains("\"p, q\"");
    assertThat(html(PageTexts.named(Map.of("a", "x, qty=5"))))
        .isNotEqualTo(html(PageTexts.named(new TreeMap<>(Map.of("a", "x", "qty", "5")))));
  }

  @Test
  void longTextsAreCutWhereTheyDiffer() {
    String same = "y".repeat(1_000_000);
    String one = html(CellText.beside(same + "aaaaaa", List.of("x", same + "bbbbbb")));
    assertThat(one).contains("aaaaaa").contains("(999,800 characters before)");
    assertThat(html(CellText.beside("z".repeat(3_000), List.of("x"))))
        .contains("(1,000 more characters)");
  }
}
