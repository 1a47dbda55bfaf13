package dev.anabranch.predicate.footprint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StarsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM t",
        "SELECT t.* FROM t",
        "SELECT t . * FROM t",
        "SELECT a, * FROM t",
        "SELECT DISTINCT * FROM t",
        "SELECT DISTINCT ON (a) * FROM t",
        "SELECT ALL * FROM t",
        "SELECT/**/* FROM t",
        "SELECT '/*', * FROM t WHERE x = '*/'",
        "SELECT '--', * FROM t",
        "SELECT $$ -- $$, * FROM t",
        "SELECT $a$ $$ $a$, * FROM t",
        "SELECT \"--\", * FROM t",
        "SELECT 1 -- one\n, * FROM t",
        "SELECT '\\', * FROM t WHERE x = '",
        "SELECT '\\''*' FROM t",
        "UPDATE t SET a = 1 RETURNING *",
        "SELECT (t).* FROM t",
        "SELECT count(t.*) FROM t",
        "SELECT to_jsonb(x) FROM (SELECT * FROM t) x",
        "SELECT /* open * FROM t",
        "SELECT counts(*) FROM t"
      })
  void columnsOfWhichAStatementMayShowAll(String sql) {
    assertThat(Stars.mayBeIn(sql)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a FROM t",
        "SELECT /* * */ a FROM t",
        "SELECT /* a /* * */ * */ a FROM t",
        "SELECT a -- *\n FROM t",
        "SELECT '*' FROM t",
        "SELECT 'it''s *' FROM t",
        "SELECT $q$ * $q$ FROM t",
        "SELECT a * 2, $1 * 3, 4 * a, a[1] * 2, '2' * a FROM t",
        "SELECT count(*), count ( * ) FROM t",
        "SELECT a FROM t /*traceparent='00-ab-cd-01'*/",
        "SELECT \"*\" FROM t"
      })
  void allOtherAsterisks(String sql) {
    assertThat(Stars.mayBeIn(sql)).isFalse();
  }
}
