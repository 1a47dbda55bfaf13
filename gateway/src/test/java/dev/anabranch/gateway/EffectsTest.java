package dev.anabranch.gateway;

import static dev.anabranch.gateway.WireClient.cString;
import static dev.anabranch.gateway.WireClient.concat;
import static dev.anabranch.gateway.WireClient.frame;
import static dev.anabranch.gateway.WireClient.int16;
import static dev.anabranch.gateway.WireClient.int32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Told;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** What a client is told without rows: that it wrote, and that it may not. */
@Tag("postgres")
class EffectsTest {

  private GatewayUnderTest gateway;

  @BeforeEach
  void start() {
    gateway =
        new GatewayUnderTest(
            "CREATE TABLE t (id int PRIMARY KEY, v int CHECK (v < 1000))",
            "CREATE TABLE late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)",
            "INSERT INTO t VALUES (1, 10), (2, 20)",
            "INSERT INTO late VALUES (1)",
            "CREATE PROCEDURE work() LANGUAGE sql AS 'UPDATE t SET v = v + 1'");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> tags() throws InterruptedException {
    return gateway.told().stream().map(Answer::commandTag).toList();
  }

  @Test
  void eachWritingStatementIsAnAnswerInBothProtocols() throws Exception {
    List<String> statements =
        List.of(
            "INSERT INTO t VALUES (3, 30), (4, 40)",
            "UPDATE t SET v = 5 WHERE v < 0",
            "DELETE FROM t WHERE id = 4",
            "MERGE INTO t USING (VALUES (1)) AS s (id) ON t.id = s.id WHEN MATCHED THEN DELETE",
            "DO $$ BEGIN UPDATE t SET v = 1 WHERE id = 2; END $$",
            "CALL work()",
            "TRUNCATE late",
            "CREATE TABLE u (id int)");
    for (String mode : List.of("simple", "extended")) {
      try (Connection connection = gateway.connect("preferQueryMode", mode)) {
        connection.setAutoCommit(false);
        for (String statement : statements) {
          execute(connection, statement);
        }
        connection.rollback();
      }
    }
    List<String> once = List.of("INSERT 0 2", "UPDATE 0", "DELETE 1", "MERGE 1", "DO", "CALL");
    List<String> twice = new ArrayList<>(once);
    twice.addAll(once);
    assertThat(tags()).containsExactlyElementsOf(twice);
    assertThat(gateway.told()).extracting(Answer::told).containsOnly(Told.EFFECT);
    assertThat(gateway.told().subList(0, 6))
        .extracting(answer -> answer.question().sql())
        .containsExactlyElementsOf(statements.subList(0, 6));
    assertThat(gateway.told().subList(0, 3))
        .extracting(answer -> answer.result().rowCount())
        .containsExactly(2L, 0L, 1L);
    assertThat(gateway.endings())
        .extracting(Ending::transaction)
        .containsSubsequence(gateway.told().getFirst().transaction());
  }

  @Test
  void parametersGoWithAnEffect() throws Exception {
    try (Connection connection = gateway.connect();
        PreparedStatement update =
            connection.prepareStatement("UPDATE t SET v = ? WHERE id = ? AND v = ?")) {
      for (int i = 0; i < 7; i++) {
        update.setInt(1, 11);
        update.setInt(2, 1);
        update.setInt(3, 10);
        update.executeUpdate();
      }
    }
    assertThat(tags()).startsWith("UPDATE 1", "UPDATE 0").hasSize(7);
    assertThat(gateway.told())
        .allSatisfy(answer -> {
          assertThat(answer.question().parameters()).hasSize(3);
          assertThat(answer.question().parameters().getLast().text()).hasValue("10");
        });
  }

  @Test
  void rowsCopiedInAreAnEffectAndRowsCopiedOutAreRows() throws Exception {
    try (Connection connection = gateway.connect()) {
      PGConnection postgres = connection.unwrap(PGConnection.class);
      postgres.getCopyAPI().copyIn("COPY t FROM STDIN", new StringReader("5\t50\n6\t60\n"));
      assertThatThrownBy(
              () -> postgres.getCopyAPI().copyIn("COPY t FROM STDIN", new StringReader("5\t50\n")))
          .isInstanceOf(SQLException.class);
      postgres.getCopyAPI().copyOut("COPY t TO STDOUT").cancelCopy();
      execute(connection, "SELECT 1");
    }
    assertThat(tags()).startsWith("COPY FROM 2", "ERROR 23505 t_pkey");
    assertThat(gateway.told()).extracting(Answer::told).startsWith(Told.EFFECT, Told.REFUSAL);
  }

  @Test
  void aRefusalThatMayLieInTheDataIsAnAnswer() throws Exception {
    List<String> refused =
        List.of(
            "INSERT INTO t VALUES (1, 0)",
            "INSERT INTO t VALUES (9, 1000)",
            "SELECT 1 / (id - 1) FROM t",
            "SELECT (SELECT v FROM t)",
            "DO $$ BEGIN RAISE EXCEPTION 'closed'; END $$",
            "INSERT INTO late VALUES (1)",
            "DO $$ BEGIN RAISE 'no' USING ERRCODE = 'BK001'; END $$",
            "CREATE TABLE t (id int)",
            "SELECT nothing",
            "SELEC 1");
    for (String mode : List.of("simple", "extended")) {
      try (Connection connection = gateway.connect("preferQueryMode", mode)) {
        for (String sql : refused) {
          assertThatThrownBy(() -> execute(connection, sql)).isInstanceOf(SQLException.class);
        }
      }
    }
    List<String> once =
        List.of(
            "ERROR 23505 t_pkey",
            "ERROR 23514 t_v_check",
            "ERROR 22012",
            "ERROR 21000",
            "ERROR P0001 closed",
            "ERROR 23505 late_id_key",
            "ERROR BK001 no");
    assertThat(gateway.told().stream().filter(a -> a.told() == Told.REFUSAL))
        .extracting(Answer::commandTag)
        .hasSize(14)
        .startsWith(once.toArray(String[]::new))
        .endsWith(once.toArray(String[]::new));
    assertThat(gateway.told().stream().filter(a -> a.told() == Told.REFUSAL).limit(7))
        .extracting(answer -> answer.question().sql())
        .containsExactlyElementsOf(refused.subList(0, 7));
  }

  @Test
  void aRefusedCommitIsAnAnswerOfItsTransaction() throws Exception {
    try (Connection connection = gateway.connect()) {
      connection.setAutoCommit(false);
      execute(connection, "INSERT INTO late VALUES (1)");
      assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
    }
    assertThat(tags()).containsExactly("INSERT 0 1", "ERROR 23505 late_id_key");
    assertThat(gateway.told())
        .extracting(Answer::transaction)
        .containsOnly(gateway.endings().getFirst().transaction());
    assertThat(gateway.endings()).extracting(Ending::kind).containsExactly(Ending.Kind.ROLLED_BACK);
    assertThat(gateway.told().getLast().question().sql()).isEqualToIgnoringCase("COMMIT");
  }

  @Test
  void eachStatementOfATextHasItsOwn() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.login();
      client.send(
          'Q',
          cString(
              "INSERT INTO t VALUES (3, 1); SELECT v FROM t WHERE id = 3; UPDATE t SET v = 2;"
                  + " INSERT INTO t VALUES (1, 1); DELETE FROM t"));
      client.readUntil('Z');
    }
    assertThat(tags()).containsExactly("INSERT 0 1", "SELECT 1", "UPDATE 3", "ERROR 23505 t_pkey");
    assertThat(gateway.told())
        .extracting(answer -> answer.question().sql())
        .containsExactly(
            "INSERT INTO t VALUES (3, 1)",
            "SELECT v FROM t WHERE id = 3",
            "UPDATE t SET v = 2",
            "INSERT INTO t VALUES (1, 1)");
  }

  @Test
  void aPipelineHasThemInItsOrder() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.login();
      client.write(
          concat(
              extended("INSERT INTO t VALUES (3, $1)", "7"),
              extended("UPDATE t SET v = $1 WHERE id = 3", "8"),
              frame('S'),
              extended("INSERT INTO t VALUES (3, $1)", "9"),
              extended("UPDATE t SET v = $1", "0"),
              frame('S'),
              extended("UPDATE t SET v = $1", "abc"),
              frame('S')));
      client.readUntil('Z');
      client.readUntil('Z');
      client.readUntil('Z');
    }
    assertThat(tags())
        .containsExactly("INSERT 0 1", "UPDATE 1", "ERROR 23505 t_pkey", "ERROR 22P02");
    assertThat(gateway.told())
        .extracting(answer -> answer.question().parameters().getFirst().text().orElseThrow())
        .containsExactly("7", "8", "9", "abc");
  }

  private static byte[] extended(String sql, String parameter) {
    byte[] value = parameter.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return concat(
        frame('P', cString(""), cString(sql), int16(0)),
        frame(
            'B',
            cString(""),
            cString(""),
            int16(0),
            int16(1),
            int32(value.length),
            value,
            int16(0)),
        frame('E', cString(""), int32(0)));
  }

  @Test
  void aLongTextOfWritesKeepsThemAll() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      text.append("INSERT INTO late VALUES (").append(100 + i).append(");");
    }
    try (WireClient client = new WireClient(gateway.port())) {
      client.login();
      client.send('Q', cString(text.toString()));
      client.readUntil('Z');
    }
    assertThat(gateway.told()).hasSize(3000);
    assertThat(gateway.told().getLast().question().sql())
        .isEqualTo("INSERT INTO late VALUES (3099)");
  }

  @Test
  void aPlanThatWasRunToldOfItsRowsOrWroteUncounted() throws Exception {
    try (Connection connection = gateway.connect()) {
      execute(connection, "EXPLAIN SELECT work FROM t AS work");
      execute(connection, "EXPLAIN (ANALYZE, COSTS OFF) SELECT count(*) FROM t");
      execute(connection, "EXPLAIN UPDATE t SET v = 1");
      execute(connection, "EXPLAIN ANALYZE UPDATE t SET v = 1");
    }
    assertThat(tags()).containsExactly("", "EXPLAIN");
    assertThat(gateway.told())
        .extracting(answer -> answer.question().sql())
        .containsExactly("SELECT count(*) FROM t", "EXPLAIN ANALYZE UPDATE t SET v = 1");
    assertThat(gateway.told())
        .allSatisfy(answer -> assertThat(answer.result().comparable()).isFalse());
  }
}
