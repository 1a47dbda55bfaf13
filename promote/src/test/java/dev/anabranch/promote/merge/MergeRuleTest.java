package dev.anabranch.promote.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Cell;
import dev.anabranch.base.TypeOid;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each rule makes of three values, and of what it leaves to a person. */
class MergeRuleTest {

  private static final int TEXT_ARRAY = 1009;
  private static final int INT4_ARRAY = 1007;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "NULL",
      value = {
        "counter | 23 | 10 | 7 | 8 | 5",
        "counter | 23 | 10 | 7 | 7 | 4",
        "counter | 23 | 10 | 10 | 8 | 8",
        "counter | 23 | 10 | NULL | 8 | NULL",
        "counter | 23 | NULL | 7 | 8 | NULL",
        "counter | 23 | 10 | 7 | NULL | NULL",
        "counter | 21 | 32767 | 32766 | -32768 | NULL",
        "counter | 20 | 0 | 1 | 9223372036854775807 | NULL",
        "counter | 20 | 0 | -1 | 9223372036854775807 | 9223372036854775806",
        "counter | 1700 | 1.10 | 2.200 | 0.9 | 2.000",
        "counter | 1700 | NaN | 1 | 2 | NULL",
        "counter | 1700 | 1 | Infinity | 2 | NULL",
        "max | 23 | 10 | 12 | 15 | 15",
        "max | 23 | 10 | 5 | 3 | 5",
        "min | 1082 | 2026-05-05 | 2026-03-03 | -infinity | -infinity",
        "max | 1082 | 2026-05-05 | 0044-03-15 BC | 2026-05-06 | NULL",
        "max | 1700 | 1 | 2.0 | 2.00 | 2.00",
        "max | 1700 | 1 | NaN | Infinity | NULL",
        "max | 1700 | NaN | 1 | 2 | NULL",
        "max | 1700 | 1 | 2 | Infinity | Infinity",
        "max | 1184 | 2026-01-01 00:00:00+00 | 2026-11-30 10:00:00.5+00 | 2026-11-30 10:00:00+00 |"
            + " 2026-11-30 10:00:00.5+00",
        "set | 1009 | {b,a} | {b,a,c} | {a} | {a,c}",
        "set | 1007 | {1,10} | {1,10,9} | {1,10,-1} | {-1,1,9,10}",
        "set | 1009 | {a} | {a,a} | {a,b} | NULL",
        "set | 1009 | {a} | {a,NULL} | {a,b} | NULL",
        "set | 1009 | {} | {\"NULL\",\"\"} | {\"x y\"} | {\"\",\"NULL\",\"x y\"}",
        "set | 1009 | {{a}} | {{a},{b}} | {{a}} | NULL",
        "set | 1009 | [0:0]={a} | [0:1]={a,b} | {a} | NULL",
        "set | 3802 | [1] | [1, \"a\"] | [1, true] | [\"a\", 1, true]",
        "set | 3802 | [1] | [1, 1.0] | [1, 2] | NULL",
        "set | 3802 | {} | {\"a\": 1} | {} | NULL",
        "map | 3802 | {\"a\": 1} | {\"a\": 1, \"bb\": 2.50} | {\"c\": null} | {\"c\": null, \"bb\":"
            + " 2.50}",
        "map | 3802 | {\"a\": 1} | {\"a\": 2} | {\"a\": 3} | NULL",
        "map | 3802 | {\"a\": 1} | {} | {\"a\": 3} | NULL",
        "map | 3802 | {\"a\": {\"x\": 1, \"y\": 1}} | {\"a\": {\"x\": 2, \"y\": 1}} | {\"a\":"
            + " {\"x\": 1}} | {\"a\": {\"x\": 2}}",
        "map | 3802 | {} | {\"a\": 1} | {\"a\": 1.0} | NULL",
        "map | 3802 | {} | {\"a\\n\\\"\": 12345678901234567890.10} | {\"b\": \"ü\"} | {\"b\":"
            + " \"ü\", \"a\\n\\\"\": 12345678901234567890.10}",
      })
  void threeValuesComeToOne(
      String word, long type, String base, String branch, String main, String expected) {
    MergeRule rule = MergeRule.of(word, type, -1).orElseThrow();
    Merged merged = rule.merge(Cell.of(base), Cell.of(branch), Cell.of(main));
    assertThat(merged instanceof Merged.Together(String text) ? text : null).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "numeric of 4 digits and 2 decimals,        262150, 99.99, 99.98, 99.98, 99.97",
    "which has no 100,                          262150, 0, 0.01, 99.99, ",
    "numeric of 2 digits in front of hundreds,  133122, 0, 100, 9800, 9900",
    "which has no 10000,                        133122, 0, 100, 9900, "
  })
  void aScaleHasItsLimits(
      String what, int modifier, String base, String branch, String main, String expected) {
    MergeRule rule = MergeRule.of("counter", TypeOid.NUMERIC, modifier).orElseThrow();
    Merged merged = rule.merge(Cell.of(base), Cell.of(branch), Cell.of(main));
    assertThat(merged instanceof Merged.Together(String text) ? text : null)
        .as(what)
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a/b/c/ | A/b/c/ | a/b/C/ | A/b/C/",
        "a/b/c/ | a/c/ | a/b/c/d/ | a/c/d/",
        "a/b/ | x/a/b/ | y/a/b/ | apart",
        "a/b/ | x/a/b/ | x/a/b/ | x/a/b/",
        "a/b/c/ | b/a/c/ | a/b/c/d/ | apart",
        "a/a/a/ | a/a/ | a/a/a/a/ | apart",
        "a/-/b/-/c/ | A/-/b/-/c/ | a/-/b/-/C/ | A/-/b/-/C/",
        "a | ab | a | ab"
      })
  void textsComeTogetherLineByLine(String base, String branch, String main, String expected) {
    Merged merged =
        new TextRule()
            .combine(base.replace('/', '\n'), branch.replace('/', '\n'), main.replace('/', '\n'));
    assertThat(merged instanceof Merged.Together(String text) ? text.replace('\n', '/') : "apart")
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "counter, " + TypeOid.TEXT,
    "counter, " + TypeOid.FLOAT8,
    "max, " + TypeOid.TEXT,
    "max, " + TypeOid.FLOAT8,
    "set, " + TypeOid.TEXT,
    "set, " + TypeOid.JSON,
    "map, " + TypeOid.JSON,
    "map, " + TEXT_ARRAY,
    "text, " + INT4_ARRAY,
    "value, " + TypeOid.INT4
  })
  void aTypeThatCanNotCarryARuleHasNone(String word, long type) {
    assertThat(MergeRule.of(word, type, -1)).isEmpty();
  }
}
