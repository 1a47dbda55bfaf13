package dev.anabranch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Task;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an answer was for, and a transaction. */
@Tag("postgres")
class TasksTest {

  private static final String ID = "5bd66ef5095369c7b0d1f8f4bd33716a";
  private static final String OTHER = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final Task TRACED = new Task.Traced(ID);

  private GatewayUnderTest gateway;

  @BeforeEach
  void start() {
    gateway = new GatewayUnderTest("CREATE TABLE t (id int)");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static String comment(String id) {
    return "/*action='%2Forders',traceparent='00-" + id + "-c532cb4098ac3dd2-01'*/";
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Task work(String application) {
    return new Task.Work("postgres", application, "127.0.0.1");
  }

  @Test
  void nothingSaidIsAWindowOfWork() throws Exception {
    try (Connection connection = gateway.connect("ApplicationName", "shop")) {
      execute(connection, "SELECT 1");
      execute(connection, "SET application_name = 'tills'");
      execute(connection, "INSERT INTO t VALUES (1)");
    }
    assertThat(gateway.told())
        .extracting(Answer::task)
        .containsExactly(work("shop"), work("tills"));
    assertThat(gateway.endings()).extracting(Ending::task).contains(work("tills"));
  }

  @Test
  void aNameIsTakenFromSetAndFromStartUpOptions() throws Exception {
    try (Connection connection = gateway.connect("options", "-c anabranch.task=refunds")) {
      execute(connection, "SELECT 1 " + comment(ID));
      execute(connection, "SET anabranch.task = 'audit'");
      execute(connection, "SELECT 2");
      execute(connection, "RESET anabranch.task");
      execute(connection, "SELECT 3");
      execute(connection, "SET anabranch.task = ''");
      execute(connection, "SELECT 4 " + comment(ID));
    }
    assertThat(gateway.told())
        .extracting(Answer::task)
        .containsExactly(
            new Task.Named("refunds"), new Task.Named("audit"), new Task.Named("refunds"), TRACED);
  }

  @Test
  void aTraceIsThatOfItsStatementWhereverItsCommentStands() throws Exception {
    try (Connection connection = gateway.connect("preferQueryMode", "simple")) {
      execute(connection, comment(ID) + " SELECT 1");
      execute(connection, "SELECT 1 " + comment(OTHER) + "; SELECT 2; " + comment(ID));
      execute(connection, "SELECT 1 /*traceparent=%2700%2D" + ID + "%2Dc532cb4098ac3dd2%2D01%27*/");
      execute(connection, "SELECT 'traceparent=00-" + ID + "-c532cb4098ac3dd2-01'");
      execute(connection, "SELECT 1 " + comment("0".repeat(32)));
    }
    assertThat(gateway.told())
        .extracting(Answer::task)
        .startsWith(TRACED, new Task.Traced(OTHER), TRACED, TRACED)
        .endsWith(gateway.told().getLast().task(), gateway.told().getLast().task())
        .hasSize(6);
    assertThat(gateway.told().getLast().task()).isInstanceOf(Task.Work.class);
  }

  @Test
  void aTransactionIsForWhatAllItsStatementsAreFor() throws Exception {
    try (Connection connection = gateway.connect("ApplicationName", "shop")) {
      connection.setAutoCommit(false);
      execute(connection, "SELECT 1 " + comment(ID));
      execute(connection, "INSERT INTO t VALUES (1) " + comment(ID));
      connection.commit();
      execute(connection, "SELECT 1 " + comment(ID));
      execute(connection, "INSERT INTO t VALUES (1) " + comment(OTHER));
      connection.commit();
      execute(connection, "SELECT 1");
      execute(connection, "INSERT INTO t VALUES (1) " + comment(OTHER));
      connection.commit();
    }
    assertThat(gateway.endings())
        .extracting(Ending::task)
        .containsExactly(TRACED, work("shop"), work("shop"));
  }
}
