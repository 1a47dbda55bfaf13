package dev.anabranch.gateway;

import static dev.anabranch.gateway.WireClient.cString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.Lsn;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Task;
import dev.anabranch.ledger.Undone;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An answer's place among the branch's writes: before or after its own transaction's, and how that
 * transaction ended.
 */
@Tag("postgres")
class OwnWritesTest {

  private GatewayUnderTest gateway;

  @BeforeEach
  void start() {
    gateway =
        new GatewayUnderTest(
            "CREATE TABLE t (id int PRIMARY KEY, v int)",
            "INSERT INTO t VALUES (1, 10), (2, 20)",
            "CREATE FUNCTION put(int) RETURNS int LANGUAGE sql AS 'INSERT INTO t VALUES ($1, $1)"
                + " RETURNING id'");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void aReadingTransactionSawNoWritesOfItsOwn() throws Exception {
    try (Connection connection = gateway.connect()) {
      connection.setAutoCommit(false);
      count(connection);
      connection.commit();
    }
    assertThat(answers()).extracting(Answer::ownWrites).containsExactly(new OwnWrites.None());
    assertThat(gateway.endings()).extracting(Ending::kind).containsExactly(Ending.Kind.COMMITTED);
  }

  @Test
  void answersBeforeAndAfterAWriteAreToldApart() throws Exception {
    long transactionId;
    Lsn between;
    try (Connection connection = gateway.connect()) {
      connection.setAutoCommit(false);
      count(connection);
      execute(connection, "INSERT INTO t VALUES (3, 30)");
      count(connection);
      transactionId = number(connection, "SELECT pg_current_xact_id()::text::bigint");
      between = Lsn.parse(text(connection, "SELECT pg_current_wal_insert_lsn()"));
      execute(connection, "INSERT INTO t VALUES (4, 40)");
      count(connection);
      connection.commit();
    }
    List<Answer> counts =
        answers().stream().filter(a -> a.question().sql().contains("count(*)")).toList();
    assertThat(counts).hasSize(3);
    assertThat(counts)
        .extracting(Answer::transaction)
        .containsOnly(counts.getFirst().transaction());
    assertThat(counts.get(0).ownWrites()).isEqualTo(new OwnWrites.None());
    OwnWrites.UpTo first = (OwnWrites.UpTo) counts.get(1).ownWrites();
    OwnWrites.UpTo second = (OwnWrites.UpTo) counts.get(2).ownWrites();
    assertThat(first.transactionId()).isEqualTo(transactionId);
    assertThat(second.transactionId()).isEqualTo(transactionId);
    assertThat(first.upTo()).isLessThanOrEqualTo(between);
    assertThat(second.upTo()).isGreaterThan(between);
    Ending ending = gateway.endings().getFirst();
    assertThat(ending.kind()).isEqualTo(Ending.Kind.COMMITTED);
    assertThat(ending.transactionId()).hasValue(transactionId);
    assertThat(ending.transaction()).isEqualTo(counts.getFirst().transaction());
    assertThat(counts.get(2).span().isBefore(ending.span())).isTrue();
  }

  @Test
  void aChainedTransactionHasAnIdOfItsOwn() throws Exception {
    try (Connection connection = gateway.connect()) {
      execute(connection, "BEGIN");
      execute(connection, "INSERT INTO t VALUES (3, 30)");
      count(connection);
      execute(connection, "COMMIT AND CHAIN");
      execute(connection, "INSERT INTO t VALUES (4, 40)");
      count(connection);
      execute(connection, "COMMIT");
    }
    List<Long> ids =
        answers().stream()
            .map(answer -> ((OwnWrites.UpTo) answer.ownWrites()).transactionId())
            .toList();
    assertThat(ids).hasSize(2).doesNotHaveDuplicates();
    assertThat(gateway.endings())
        .extracting(ending -> ending.transactionId().orElseThrow())
        .containsExactlyElementsOf(ids);
  }

  @Test
  void anAutocommittedWriteEndsWithThePositionBehindIt() throws Exception {
    Lsn before;
    Lsn after;
    try (Connection connection = gateway.connect()) {
      before = Lsn.parse(text(connection, "SELECT pg_current_wal_insert_lsn()"));
      execute(connection, "UPDATE t SET v = 11 WHERE id = 1");
      after = Lsn.parse(text(connection, "SELECT pg_current_wal_insert_lsn()"));
    }
    List<Ending> endings =
        gateway.endings().stream().filter(e -> e.positionAfter().isPresent()).toList();
    assertThat(endings).hasSize(1);
    Ending ending = endings.getFirst();
    assertThat(ending.kind()).isEqualTo(Ending.Kind.COMMITTED);
    assertThat(ending.positionAfter().orElseThrow())
        .isGreaterThan(before)
        .isLessThanOrEqualTo(after);
    assertThat(ending.sentAt()).isBefore(ending.doneAt());
  }

  @Test
  void aTransactionThatOnlyWritesIsNamedWithItsCommit() throws Exception {
    try (Connection connection = gateway.connect()) {
      connection.setAutoCommit(false);
      execute(connection, "INSERT INTO t VALUES (3, 30)");
      execute(connection, "UPDATE t SET v = 31 WHERE id = 3");
      connection.commit();
    }
    assertThat(gateway.endings())
        .extracting(ending -> ending.transactionId().orElseThrow() & 0xFFFF_FFFFL)
        .containsExactly(
            Long.parseLong(gateway.asSuperuser("SELECT xmin FROM t WHERE id = 3").getFirst()));
  }

  @Test
  void whatIsSentWhileTheBranchIsAskedComesAfterwards() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.login();
      for (String sql : List.of("BEGIN", "UPDATE t SET v = 11 WHERE id = 1")) {
        client.send('Q', cString(sql));
        client.readUntil('Z');
      }
      client.send('Q', cString("SELECT v FROM t WHERE id = 1"));
      client.send('Q', cString("SELECT v + 1 FROM t WHERE id = 1"));
      client.readUntil('Z');
      client.readUntil('Z');
      client.send('Q', cString("COMMIT"));
      client.readUntil('Z');
    }
    assertThat(answers())
        .extracting(answer -> answer.result().rows().orElseThrow())
        .containsExactly(List.of(List.of("11")), List.of(List.of("12")));
    assertThat(answers()).extracting(Answer::ownWrites).allMatch(OwnWrites.UpTo.class::isInstance);
    assertThat(gateway.endings()).hasSize(1);
  }

  @Test
  void aRollbackIsTold() throws Exception {
    try (Connection connection = gateway.connect()) {
      connection.setAutoCommit(false);
      execute(connection, "INSERT INTO t VALUES (3, 30)");
      count(connection);
      connection.rollback();
    }
    assertThat(gateway.endings()).extracting(Ending::kind).containsExactly(Ending.Kind.ROLLED_BACK);
  }

  @Test
  void aRollbackToASavepointLeavesTheCommitInPart() throws Exception {
    try (Connection connection = gateway.connect()) {
      connection.setAutoCommit(false);
      execute(connection, "INSERT INTO t VALUES (3, 30)");
      Savepoint savepoint = connection.setSavepoint("half");
      execute(connection, "INSERT INTO t VALUES (4, 40)");
      count(connection);
      connection.rollback(savepoint);
      count(connection);
      connection.commit();
    }
    assertThat(answers()).hasSize(2);
    assertThat(answers().stream().map(Answer::transaction).distinct()).hasSize(1);
    assertThat(gateway.endings())
        .extracting(Ending::kind)
        .containsExactly(Ending.Kind.COMMITTED_IN_PART);
    Undone undone = gateway.endings().getFirst().undone();
    assertThat(answers().stream().map(answer -> undone.mayHold(answer.span().end())))
        .containsExactly(true, false);
  }

  /** Each is told by its name as Postgres reads it; where that can't be told, nothing is. */
  @ParameterizedTest
  @CsvSource({
    "SAVEPOINT s, SAVEPOINT t, ROLLBACK TO S, true true false",
    "SAVEPOINT \"S\", SAVEPOINT s, ROLLBACK WORK TO SAVEPOINT \"S\", true true false",
    "SAVEPOINT \"S\", SAVEPOINT s, ROLLBACK TO SAVEPOINT s, false true false",
    "SAVEPOINT s, SAVEPOINT s, ROLLBACK TRANSACTION TO s, false true false",
    "SAVEPOINT s, RELEASE SAVEPOINT s; SAVEPOINT u, ROLLBACK TO u, true true true",
    "SAVEPOINT é, SAVEPOINT ü, ROLLBACK TO SAVEPOINT é, true true false"
  })
  void whatARollbackToASavepointUndidIsTold(
      String first, String second, String back, String expected) throws Exception {
    try (Connection connection = gateway.connect()) {
      execute(connection, "BEGIN");
      execute(connection, first);
      count(connection);
      execute(connection, second);
      count(connection);
      execute(connection, back);
      count(connection);
      execute(connection, "COMMIT");
    }
    Undone undone = gateway.endings().getFirst().undone();
    assertThat(
            answers().stream()
                .map(answer -> String.valueOf(undone.mayHold(answer.span().end())))
                .collect(Collectors.joining(" ")))
        .isEqualTo(expected);
  }

  @Test
  void aFailedTransactionRollsBackAlthoughTheClientSaysCommit() throws Exception {
    try (Connection connection = gateway.connect()) {
      connection.setAutoCommit(false);
      execute(connection, "INSERT INTO t VALUES (3, 30)");
      assertThatThrownBy(() -> execute(connection, "INSERT INTO t VALUES (3, 30)"))
          .isInstanceOf(SQLException.class);
      connection.commit();
    }
    assertThat(gateway.endings()).extracting(Ending::kind).containsExactly(Ending.Kind.ROLLED_BACK);
  }

  @Test
  void aFunctionThatWritesBehindASelectIsNoticed() throws Exception {
    try (Connection connection = gateway.connect()) {
      connection.setAutoCommit(false);
      text(connection, "SELECT put(5)");
      count(connection);
      connection.commit();
    }
    List<Answer> answers = answers();
    assertThat(answers.get(0).ownWrites()).isEqualTo(new OwnWrites.None());
    assertThat(answers.get(1).ownWrites()).isInstanceOf(OwnWrites.UpTo.class);
    assertThat(gateway.endings().getFirst().transactionId()).isPresent();
  }

  @Test
  void severalStatementsInOneTextSeeWritesThatCanNotBePlaced() throws Exception {
    try (Connection connection = gateway.connect("preferQueryMode", "simple");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT count(*) FROM t; INSERT INTO t VALUES (9, 9); SELECT count(*) FROM t");
    }
    List<Answer> answers = answers();
    assertThat(answers)
        .extracting(a -> a.question().sql())
        .containsOnly("SELECT count(*) FROM t")
        .hasSize(2);
    assertThat(answers.get(0).ownWrites()).isEqualTo(new OwnWrites.None());
    assertThat(answers.get(1).ownWrites()).isInstanceOf(OwnWrites.Unknown.class);
    assertThat(answers)
        .extracting(Answer::transaction)
        .containsOnly(answers.getFirst().transaction());
  }

  @Test
  void aLostConnectionRollsBackWhatWasOpen() throws Exception {
    try (Connection connection = gateway.connect()) {
      connection.setAutoCommit(false);
      execute(connection, "INSERT INTO t VALUES (3, 30)");
    }
    dev.anabranch.testkit.Await.until(
        () -> !gateway.endings().isEmpty(), java.time.Duration.ofSeconds(10));
    assertThat(gateway.endings()).extracting(Ending::kind).containsExactly(Ending.Kind.ROLLED_BACK);
  }

  @Test
  void tasksAndSettingsAreKnownFromTheStatementAfterTheirSet() throws Exception {
    try (Connection connection = gateway.connect()) {
      execute(connection, "SET anabranch.task = 'refunds'");
      count(connection);
      connection.setAutoCommit(false);
      execute(connection, "SET LOCAL search_path = pg_catalog, public");
      count(connection);
      connection.rollback();
      connection.setAutoCommit(true);
      count(connection);
    }
    List<Answer> answers = answers();
    assertThat(answers).hasSize(3);
    assertThat(answers).extracting(Answer::task).containsOnly(new Task.Named("refunds"));
    assertThat(answers)
        .extracting(a -> a.question().settings().get("search_path"))
        .containsExactly("\"$user\", public", "pg_catalog, public", "\"$user\", public");
    assertThat(answers).allSatisfy(a -> assertThat(a.result().comparable()).isTrue());
  }

  @Test
  void settingsOfTheApplicationBelongToTheQuestion() throws Exception {
    try (Connection connection = gateway.connect("options", "-c app.region=north")) {
      count(connection);
      connection.setAutoCommit(false);
      execute(connection, "SET LOCAL app.tenant TO '42'");
      count(connection);
      connection.rollback();
      count(connection);
      text(connection, "SELECT set_config('app.tenant', '43', false)");
      count(connection);
      connection.commit();
      connection.setAutoCommit(true);
      execute(connection, "DISCARD ALL");
      count(connection);
      text(connection, "SELECT set_config('app.' || 'other', '44', false)");
      count(connection);
      text(connection, "SELECT current_setting('app.other', true)");
      text(connection, "SELECT current_setting('app.other', true)");
    }
    List<Answer> counts =
        answers().stream().filter(a -> a.question().sql().contains("count(*)")).toList();
    assertThat(counts)
        .extracting(a -> a.question().settings().getOrDefault("app.tenant", "none"))
        .containsExactly("none", "42", "", "43", "", "");
    assertThat(counts).allSatisfy(a -> assertThat(a.result().comparable()).isTrue());
    assertThat(counts)
        .extracting(a -> a.question().settings().get("app.region"))
        .containsOnly("north");
    List<Answer> all = answers();
    assertThat(all.get(all.size() - 2).question().unknown())
        .as("settings that can't be told are not guessed at")
        .isPresent();
    assertThat(all.getLast().question().settings()).containsEntry("app.other", "44");
  }

  @Test
  void aSerializableTransactionCanStillBeAskedFor() throws Exception {
    try (Connection connection = gateway.connect("preferQueryMode", "simple");
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
      statement.execute("SET LOCAL statement_timeout = 0");
      statement.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
      count(connection);
      statement.execute("COMMIT");
      count(connection);
    }
    assertThat(answers())
        .extracting(a -> a.question().settings().get("transaction_isolation"))
        .containsExactly("serializable", "read committed");
  }

  private List<Answer> answers() throws InterruptedException {
    return gateway.answers();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void count(Connection connection) throws SQLException {
    text(connection, "SELECT count(*) FROM t");
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    return Long.parseLong(text(connection, sql));
  }
}
