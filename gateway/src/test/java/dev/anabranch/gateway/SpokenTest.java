package dev.anabranch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Parameter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** What statements mean by what their session said before: cursors, PREPARE, and COPY … TO. */
@Tag("postgres")
class SpokenTest {

  private GatewayUnderTest gateway;

  @BeforeEach
  void start() {
    gateway =
        new GatewayUnderTest(
            "CREATE TABLE t (id int PRIMARY KEY, v text)",
            "INSERT INTO t SELECT n, 'v' || n FROM generate_series(1, 5) n");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private List<Answer> answers(String mode, String... statements) throws Exception {
    int before = gateway.told().size();
    try (Connection connection = gateway.connect("preferQueryMode", mode)) {
      execute(connection, statements);
    }
    List<Answer> all = gateway.told();
    return all.subList(before, all.size());
  }

  @Test
  void aCursorReadToItsEndIsOneAnswerToItsQuery() throws Exception {
    for (String mode : List.of("simple", "extended")) {
      List<Answer> answers =
          answers(
              mode,
              "BEGIN",
              "DECLARE c CURSOR FOR SELECT v FROM t ORDER BY id",
              "SET LOCAL work_mem = '1MB'",
              "FETCH 2 FROM c",
              "FETCH FORWARD 2 FROM c",
              "FETCH 2 FROM c",
              "FETCH 2 FROM c",
              "COMMIT");
      assertThat(answers).hasSize(1);
      assertThat(answers.getFirst().question().sql()).isEqualTo("SELECT v FROM t ORDER BY id");
      assertThat(answers.getFirst().question().unknown()).isEmpty();
      assertThat(answers.getFirst().result().complete()).isTrue();
      assertThat(answers.getFirst().result().comparable()).isTrue();
      assertThat(answers.getFirst().result().rowCount()).isEqualTo(5);
      assertThat(answers.getFirst().result().rows().orElseThrow())
          .containsExactly(
              List.of("v1"), List.of("v2"), List.of("v3"), List.of("v4"), List.of("v5"));
    }
  }

  @Test
  void readingOnInACursorRunsNoOtherCodeThanItsQuery() throws Exception {
    try (Connection connection = gateway.connect()) {
      // Only where there is code that might set something, a session is asked what it did.
      execute(
          connection,
          "CREATE FUNCTION enter() RETURNS text LANGUAGE sql AS"
              + " 'SELECT set_config(''timezone'', ''Asia/Tokyo'', false)'");
      execute(connection, "SELECT 1");
    }
    List<Answer> answers =
        answers(
            "simple",
            "SELECT 1",
            "BEGIN",
            "DECLARE c CURSOR FOR SELECT v FROM t ORDER BY id",
            "FETCH 2 FROM c",
            "FETCH 2 FROM c",
            "CLOSE c",
            "COMMIT",
            "BEGIN",
            "DECLARE c CURSOR FOR SELECT v, enter() FROM t ORDER BY id",
            "FETCH 2 FROM c",
            "CLOSE c",
            "COMMIT");
    assertThat(answers).hasSize(3);
    assertThat(answers.get(1).question().sql()).isEqualTo("SELECT v FROM t ORDER BY id");
    assertThat(answers.get(1).question().unknown()).isEmpty();
    assertThat(answers.get(1).result().comparable()).isTrue();
    assertThat(answers.get(2).question().unknown()).isPresent();
  }

  @Test
  void aCursorThatIsLeftOrReadOtherwiseIsNotComplete() throws Exception {
    for (String end : List.of("COMMIT", "CLOSE c", "FETCH PRIOR FROM c")) {
      List<Answer> answers =
          answers(
              "simple",
              "BEGIN",
              "DECLARE c SCROLL CURSOR FOR SELECT v FROM t ORDER BY id",
              "FETCH 2 FROM c",
              end);
      assertThat(answers)
          .isNotEmpty()
          .allSatisfy(answer -> {
            assertThat(answer.result().complete()).isFalse();
            assertThat(answer.question().sql()).isEqualTo("SELECT v FROM t ORDER BY id");
          });
      assertThat(answers.getFirst().result().rowCount()).isEqualTo(2);
    }
  }

  @Test
  void whatIsPreparedInSqlIsAskedWithItsArguments() throws Exception {
    List<Answer> answers =
        answers(
            "simple",
            "PREPARE p (int, text) AS SELECT v FROM t WHERE id = $1 OR v = $2",
            "EXECUTE p(2, 'it''s')",
            "EXECUTE p(2, lower('V1'))",
            "PREPARE w (int) AS UPDATE t SET v = 'x' WHERE id = $1",
            "EXECUTE w(3)");
    assertThat(answers).hasSize(3);
    assertThat(answers.get(0).question().sql())
        .isEqualTo("SELECT v FROM t WHERE id = $1 OR v = $2");
    assertThat(answers.get(0).question().parameters())
        .containsExactly(
            new Parameter(23, Optional.of("2"), true),
            new Parameter(25, Optional.of("it's"), true));
    assertThat(answers.get(1).question().unknown().orElseThrow()).contains("prepared");
    assertThat(answers.get(2).commandTag()).isEqualTo("UPDATE 1");
    assertThat(answers.get(2).question().sql()).isEqualTo("UPDATE t SET v = 'x' WHERE id = $1");
  }

  @Test
  void rowsCopiedOutAreCountedForTheirQuery() throws Exception {
    try (Connection connection = gateway.connect()) {
      for (String sql :
          List.of(
              "COPY (SELECT ')' FROM t WHERE id > 2) TO STDOUT (FORMAT csv)",
              "COPY t (id) TO STDOUT")) {
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut(sql, new java.io.ByteArrayOutputStream());
      }
    }
    assertThat(gateway.told())
        .extracting(answer -> answer.question().sql() + " | " + answer.commandTag())
        .containsExactly(
            "SELECT ')' FROM t WHERE id > 2 | COPY TO 3", "SELECT id FROM ONLY t | COPY TO 5");
  }

  @Test
  void rowsThatWereCountedAndNotShownAreAnAnswerToTheQueryInside() throws Exception {
    List<String> queries =
        List.of(
            "SELECT v FROM t WHERE id = 2",
            "SELECT v FROM t WHERE id > 3",
            "TABLE t",
            "(SELECT 1 AS \"as\") ",
            "SELECT id  FROM t",
            "SELECT id  FROM t WHERE v <> 'into x'");
    List<String> statements =
        List.of(
            "CREATE TEMP TABLE f AS EXECUTE p",
            "CREATE TEMP TABLE a AS SELECT v FROM t WHERE id > 3",
            "CREATE TABLE IF NOT EXISTS \"as\" (b) WITH (fillfactor = 70) AS TABLE t WITH DATA",
            "CREATE /* as */ MATERIALIZED VIEW c AS (SELECT 1 AS \"as\") WITH DATA",
            "SELECT id INTO TEMP TABLE d FROM t",
            "SELECT id INTO public.\"E\" FROM t WHERE v <> 'into x'");
    for (String mode : List.of("simple", "extended")) {
      try (Connection connection = gateway.connect("preferQueryMode", mode)) {
        execute(connection, "PREPARE p AS SELECT v FROM t WHERE id = 2");
        int before = gateway.told().size();
        execute(connection, statements.toArray(String[]::new));
        List<Answer> all = gateway.told();
        List<Answer> answers = all.subList(before, all.size());
        assertThat(answers)
            .extracting(answer -> answer.question().sql().strip())
            .containsExactlyElementsOf(queries.stream().map(String::strip).toList());
        assertThat(answers)
            .extracting(Answer::commandTag)
            .containsExactly(
                "SELECT 1", "SELECT 2", "SELECT 5", "SELECT 1", "SELECT 5", "SELECT 5");
        assertThat(answers)
            .allSatisfy(answer -> {
              assertThat(answer.result().comparable()).isFalse();
              assertThat(answer.question().unknown()).isEmpty();
            });
        execute(connection, "DROP TABLE \"as\", \"E\"", "DROP MATERIALIZED VIEW c");
      }
    }
  }

  @Test
  void whatACursorPassedOverIsAnAnswer() throws Exception {
    List<Answer> answers =
        answers(
            "simple",
            "BEGIN",
            "DECLARE c CURSOR FOR SELECT v FROM t WHERE id > 2",
            "MOVE ALL IN c",
            "COMMIT");
    assertThat(answers).extracting(Answer::commandTag).containsExactly("MOVE 3");
    assertThat(answers.getFirst().question().sql()).isEqualTo("SELECT v FROM t WHERE id > 2");
    assertThat(answers.getFirst().result().complete()).isFalse();
  }

  @Test
  void aQueryThatCanNotBeToldApartIsUnknown() throws Exception {
    List<Answer> answers =
        answers("simple", "PREPARE p AS SELECT v FROM t", "CREATE TEMP TABLE a AS EXECUTE p");
    assertThat(answers)
        .extracting(answer -> answer.question().sql())
        .containsExactly("SELECT v FROM t");
    answers =
        answers(
            "simple",
            "PREPARE q(int) AS SELECT v FROM t WHERE id = $1",
            "CREATE TEMP TABLE a AS EXECUTE q(1 + 1)");
    assertThat(answers).hasSize(1);
    assertThat(answers.getFirst().question().unknown()).isPresent();
  }
}
