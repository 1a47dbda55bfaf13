package dev.anabranch.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SqlTextTest {

  private static List<String> split(String sql) {
    return SqlText.statements(sql, true).orElseThrow().stream().map(SqlStatement::text).toList();
  }

  private static boolean plainlyReads(String sql) {
    return SqlText.statements(sql, true).orElseThrow().getFirst().plainlyReads();
  }

  @Test
  void statementsEndAtSemicolonsOutsideOfEverything() {
    assertThat(split("SELECT 1; SELECT 2 ;; -- ; \n ; SELECT 3"))
        .containsExactly("SELECT 1", "SELECT 2", "SELECT 3");
    assertThat(split("SELECT ';'';', \";\"\";\"; SELECT 2"))
        .containsExactly("SELECT ';'';', \";\"\";\"", "SELECT 2");
    assertThat(split("SELECT $$;$$, $a$;$$;$a$; SELECT 2"))
        .containsExactly("SELECT $$;$$, $a$;$$;$a$", "SELECT 2");
    assertThat(split("SELECT /* ; /* ; */ ; */ 1; SELECT 2"))
        .containsExactly("SELECT /* ; /* ; */ ; */ 1", "SELECT 2");
    assertThat(split("SELECT E'\\';'; SELECT 2")).containsExactly("SELECT E'\\';'", "SELECT 2");
    assertThat(split("SELECT a$b$c FROM t; SELECT $1; SELECT 2"))
        .containsExactly("SELECT a$b$c FROM t", "SELECT $1", "SELECT 2");
    assertThat(split("CREATE RULE r AS ON INSERT TO t DO (DELETE FROM u; DELETE FROM v); SELECT 2"))
        .hasSize(2);
    assertThat(split(" -- nothing")).isEmpty();
  }

  @Test
  void backslashesEscapeOnlyWhereTheSettingSaysSo() {
    assertThat(SqlText.statements("SELECT '\\'; SELECT 2", true).orElseThrow()).hasSize(2);
    assertThat(SqlText.statements("SELECT '\\'; SELECT 2", false)).isEmpty();
    assertThat(SqlText.statements("SELECT '\\'; SELECT 2'", false).orElseThrow()).hasSize(1);
  }

  @Test
  void whatIsDoubtfulIsNotGuessed() {
    assertThat(SqlText.statements("SELECT 'open", true)).isEmpty();
    assertThat(SqlText.statements("SELECT $$open", true)).isEmpty();
    assertThat(SqlText.statements("SELECT /* open", true)).isEmpty();
    assertThat(
            SqlText.statements(
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END", true))
        .isEmpty();
  }

  @Test
  void aStatementPlainlyReadsWhenNothingInItCouldWrite() {
    assertThat(plainlyReads("SELECT count(*), sum(a) FROM t WHERE b IN (1, 2) AND (c OR d)"))
        .isTrue();
    assertThat(plainlyReads("WITH x AS (SELECT 1) SELECT * FROM x")).isTrue();
    assertThat(plainlyReads("(SELECT 1) UNION (SELECT 2)")).isTrue();
    assertThat(plainlyReads("TABLE t")).isTrue();
    assertThat(plainlyReads("VALUES (1), (2)")).isTrue();
    assertThat(plainlyReads("SELECT 'insert (' FROM t")).isTrue();
    assertThat(plainlyReads("SELECT f(1)")).isFalse();
    assertThat(plainlyReads("SELECT mine.count(1)")).isFalse();
    assertThat(plainlyReads("SELECT \"count\"(1)")).isFalse();
    assertThat(plainlyReads("WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x"))
        .isFalse();
    assertThat(plainlyReads("SELECT * INTO u FROM t")).isFalse();
    assertThat(plainlyReads("CREATE TABLE u AS SELECT 1")).isFalse();
    assertThat(plainlyReads("SELECT nextval('s')")).isFalse();
  }

  @Property
  void anyTextIsReadToItsEnd(@ForAll String sql, @ForAll boolean standardStrings) {
    Optional<List<SqlStatement>> statements = SqlText.statements(sql, standardStrings);
    statements.ifPresent(
        found -> assertThat(found).allSatisfy(s -> assertThat(sql).contains(s.text())));
  }

  @Property
  void textsOfPunctuationAreReadToo(
      @ForAll
          @net.jqwik.api.constraints.Chars({
            '\'', '"', '$', 'a', '\\', '-', '/', '*', ';', '(', ')', 'E', '\n', '1'
          })
          String sql) {
    assertThat(SqlText.statements(sql, true)).isNotNull();
    assertThat(SqlText.statements(sql, false)).isNotNull();
  }
}
