package dev.anabranch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowDigestTest {

  private static final long TEXT = 25;
  private static final long NUMERIC = 1700;
  private static final long FLOAT8 = 701;
  private static final long BPCHAR = 1042;

  private static final List<ResultColumn> TWO_TEXTS = List.of(column(TEXT), column(TEXT));

  private static ResultColumn column(long type) {
    return new ResultColumn("c", type, 0, 0);
  }

  private static RowDigest digest(List<List<@Nullable String>> rows) {
    RowDigest.Builder builder = RowDigest.builder();
    rows.forEach(row -> builder.add(TWO_TEXTS, row));
    return builder.build();
  }

  @Provide
  Arbitrary<List<List<@Nullable String>>> rows() {
    Arbitrary<@Nullable String> cell = Arbitraries.of("", "a", "b", "ab", "é", "0").injectNull(0.2);
    return cell.list().ofSize(2).list().ofMaxSize(6);
  }

  @Property
  void orderMattersToOneDigestAlone(
      @ForAll("rows") List<List<@Nullable String>> rows, @ForAll long seed) {
    List<List<@Nullable String>> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(digest(shuffled).bag()).isEqualTo(digest(rows).bag());
    assertThat(digest(shuffled).ordered() == digest(rows).ordered())
        .isEqualTo(shuffled.equals(rows));
  }

  @Property
  void bytesOfAsciiCountAsTheirText(
      @ForAll @CharRange(to = '\u007f') @StringLength(max = 2000) String first,
      @ForAll @CharRange(to = '\u007f') @StringLength(max = 20) String second,
      @ForAll @LongRange(min = 699, max = 701) long type) {
    List<ResultColumn> columns = List.of(column(TEXT), column(type));
    RowDigest.Builder bytes = RowDigest.builder();
    for (List<String> row : List.of(List.of(first, second), List.of(second, first))) {
      bytes.beginRow();
      bytes.ascii(TEXT, row.get(0).getBytes(StandardCharsets.UTF_8), row.get(0).length());
      bytes.ascii(type, row.get(1).getBytes(StandardCharsets.UTF_8), row.get(1).length());
      bytes.endRow();
    }
    RowDigest.Builder texts = RowDigest.builder();
    texts.add(columns, List.of(first, second)).add(columns, List.of(second, first));
    assertThat(bytes.build()).isEqualTo(texts.build());
  }

  @Test
  void bytesOfNumbersCountAsTheirValue() {
    RowDigest.Builder bytes = RowDigest.builder();
    bytes.beginRow();
    bytes.ascii(NUMERIC, "1.100garbage".getBytes(StandardCharsets.UTF_8), "1.100".length());
    bytes.ascii(FLOAT8, "-0".getBytes(StandardCharsets.UTF_8), 2);
    bytes.endRow();
    assertThat(bytes.build())
        .isEqualTo(
            RowDigest.builder()
                .add(List.of(column(NUMERIC), column(FLOAT8)), List.of("1.1", "0"))
                .build());
  }

  @Property
  void equalDigestsMeanEqualRows(
      @ForAll("rows") List<List<@Nullable String>> left,
      @ForAll("rows") List<List<@Nullable String>> right) {
    assertThat(digest(left).equals(digest(right))).isEqualTo(left.equals(right));
  }

  @Property
  void aDuplicateRowIsSeen(@ForAll("rows") List<List<@Nullable String>> rows) {
    List<List<@Nullable String>> twice = new ArrayList<>(rows);
    twice.addAll(rows);
    assertThat(digest(twice).bag() == digest(rows).bag()).isEqualTo(rows.isEmpty());
  }

  @Test
  void cellsDoNotRunIntoEachOther() {
    assertThat(digest(List.of(List.of("ab", "c"))))
        .isNotEqualTo(digest(List.of(List.of("a", "bc"))));
    assertThat(digest(List.of(Arrays.asList("", null))))
        .isNotEqualTo(digest(List.of(Arrays.asList(null, ""))));
  }

  @Test
  void numericsCountAsValues() {
    assertThat(RowDigest.canonical(NUMERIC, "1.10")).isEqualTo("1.1");
    assertThat(RowDigest.canonical(NUMERIC, "-2.000")).isEqualTo("-2");
    assertThat(RowDigest.canonical(NUMERIC, "0.00")).isEqualTo("0");
    assertThat(RowDigest.canonical(NUMERIC, "100")).isEqualTo("100");
    assertThat(RowDigest.canonical(NUMERIC, "NaN")).isEqualTo("NaN");
    assertThat(RowDigest.canonical(NUMERIC, "-Infinity")).isEqualTo("-Infinity");
    assertThat(RowDigest.canonical(FLOAT8, "-0")).isEqualTo("0");
    assertThat(RowDigest.canonical(FLOAT8, "1e-10")).isEqualTo("1e-10");
  }

  @Test
  void otherTextsCountAsTheyAre() {
    assertThat(RowDigest.canonical(TEXT, "1.10")).isEqualTo("1.10");
    assertThat(RowDigest.canonical(BPCHAR, "a  ")).isEqualTo("a  ");
  }
}
