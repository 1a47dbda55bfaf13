package dev.anabranch.web;

import gg.jte.html.HtmlContent;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of a cell as a page shows it. What is no text is set apart, so that no text looks like
 * it; what can't be seen of a text is shown by a sign; and what is too long is cut.
 */
final class CellText {

  static final int LONGEST = 2_000;

  /** As much as is shown before the place where two long texts differ. */
  private static final int BEFORE = 200;

  private static final String CUT = "…";

  /** What stands between cells, or in front of one. */
  private static final Pattern AMBIGUOUS = Pattern.compile("[,=\"→]|: ");

  private static final char FIRST_PRINTABLE = 0x20;
  private static final char DELETE = 0x7f;
  private static final char LAST_CONTROL = 0x9f;

  /** Unicode has a picture of each of the first control characters, from here on. */
  private static final char PICTURES = 0x2400;

  /** Seen well enough, in the scripts that use it. */
  private static final char WIDE_SPACE = 0x3000;

  private static final char PICTURE_OF_SPACE = 0x2420;
  private static final char PICTURE_OF_DELETE = 0x2421;

  private CellText() {}

  /** A cell, null for NULL. */
  static HtmlContent of(@Nullable String text) {
    return text == null ? word("NULL") : from(text, 0);
  }

  /** A cell beside others of its column: a long one is cut where it leaves the most alike. */
  static HtmlContent beside(@Nullable String text, List<String> others) {
    if (text == null || text.length() <= LONGEST) {
      return text != null && text.isEmpty() ? word("empty") : of(text);
    }
    int differs = others.stream().mapToInt(other -> differsAt(text, other)).max().orElse(0);
    return from(text, differs < LONGEST - BEFORE ? 0 : Math.max(0, differs - BEFORE));
  }

  /** Where two texts differ first; the first one's length where they do not. */
  static int differsAt(String text, String other) {
    int most = Math.min(text.length(), other.length());
    for (int i = 0; i < most; i++) {
      if (text.charAt(i) != other.charAt(i)) {
        return i;
      }
    }
    return text.length() == other.length() ? text.length() : most;
  }

  private static HtmlContent from(String text, int begin) {
    int first = begin > 0 && Character.isLowSurrogate(text.charAt(begin)) ? begin - 1 : begin;
    int end = Math.min(text.length(), first + LONGEST);
    String shown = visible(text.substring(first, end));
    String before = first == 0 ? "" : "(" + PageTexts.count(first, "character") + " before) " + CUT;
    String after =
        end == text.length()
            ? ""
            : CUT + " (" + PageTexts.count(text.length() - (long) end, "more character") + ")";
    return output -> {
      output.writeContent("<bdi class=\"cell\">");
      output.writeUserContent(before + shown + after);
      output.writeContent("</bdi>");
    };
  }

  /** One cell of several on a line: where it could be taken for two, it is in quotes. */
  static HtmlContent amongOthers(@Nullable String text) {
    if (text != null && text.isEmpty()) {
      return word("empty");
    }
    return text == null || !AMBIGUOUS.matcher(text).find()
        ? of(text)
        : of('"' + text.replace("\"", "\"\"") + '"');
  }

  /** A name, a statement or a sentence, which no character in it can turn or hide. */
  static HtmlContent said(String text) {
    return output -> {
      output.writeContent("<bdi>");
      output.writeUserContent(visible(text, false));
      output.writeContent("</bdi>");
    };
  }

  /** A word of ours in the place of a text. */
  static HtmlContent word(String word) {
    return output -> {
      output.writeContent("<span class=\"none\">");
      output.writeUserContent(word);
      output.writeContent("</span>");
    };
  }

  static HtmlContent joined(String words, HtmlContent then) {
    return output -> {
      said(words).writeTo(output);
      then.writeTo(output);
    };
  }

  static HtmlContent listed(List<HtmlContent> parts) {
    return output -> {
      for (int i = 0; i < parts.size(); i++) {
        output.writeUserContent(i == 0 ? "" : ", ");
        parts.get(i).writeTo(output);
      }
    };
  }

  /** The text, with signs for what can't be seen of it. Lines stay lines. */
  static String visible(String text) {
    return visible(text, true);
  }

  /**
   * @param isValue whether spaces at its ends, and tabs, are part of what is to be seen
   */
  private static String visible(String text, boolean isValue) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (!isValue && (c == '\t' || c == '\n' || c == '\r' || c == ' ')) {
        shown.append((char) c);
      } else {
        shown.append(visible(c, i == 0 || i == text.length() - 1));
      }
    }
    return shown.toString();
  }

  private static String visible(int c, boolean isOutside) {
    if (c == '\n') {
      return isOutside ? "␊" : "\n";
    }
    if (c == ' ') {
      return String.valueOf(isOutside ? PICTURE_OF_SPACE : ' ');
    }
    if (c < FIRST_PRINTABLE) {
      return String.valueOf((char) (PICTURES + c));
    }
    if (c == DELETE) {
      return String.valueOf(PICTURE_OF_DELETE);
    }
    boolean isUnseen =
        c > DELETE
            && (c <= LAST_CONTROL
                || Character.getType(c) == Character.FORMAT
                || (Character.isSpaceChar(c) && c != WIDE_SPACE));
    return isUnseen ? String.format(Locale.ROOT, "\\u%04x", c) : Character.toString(c);
  }
}
