package dev.anabranch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Task;
import dev.anabranch.ledger.Withheld;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a session keeps out of the ledger: that it was answered is recorded, and nothing of it. */
@Tag("postgres")
class WithheldAnswersTest {

  private GatewayUnderTest gateway;

  @BeforeEach
  void start() {
    gateway =
        new GatewayUnderTest(
            "CREATE TABLE t (id int PRIMARY KEY, v text)",
            "INSERT INTO t SELECT i, 'secret ' || i FROM generate_series(1, 100) i");
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

  private static void ask(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT v FROM t WHERE v = 'secret 7'")) {
      assertThat(rows.next()).isTrue();
    }
  }

  /** Which answers were kept out, in their order. */
  private List<Boolean> withheld() throws InterruptedException {
    return gateway.answers().stream().map(answer -> answer.withheld().isPresent()).toList();
  }

  @Test
  void nothingOfSuchAnAnswerIsKeptButThatItWasGiven() throws Exception {
    try (Connection connection = gateway.connect()) {
      execute(connection, "SET anabranch.task = 'audit'");
      ask(connection);
      execute(connection, "SET anabranch.capture = off");
      ask(connection);
      execute(connection, "INSERT INTO t VALUES (1000, 'secret too') RETURNING v");
      execute(connection, "SHOW anabranch.capture");
      ask(connection);
      execute(connection, "SET anabranch.capture = on");
      ask(connection);
    }
    assertThat(withheld()).containsExactly(false, true, true, true, false);
    List<Answer> answers = Withheld.together(gateway.answers());
    assertThat(answers).hasSize(3);
    Answer kept = answers.get(1);
    assertThat(kept.withheld().orElseThrow().count()).isEqualTo(3);
    assertThat(kept.task()).isEqualTo(new Task.Named("audit"));
    assertThat(kept.session()).isEqualTo(answers.getFirst().session());
    assertThat(kept.transaction()).isGreaterThan(answers.getFirst().transaction());
    assertThat(kept.withheld().orElseThrow().since())
        .isBetween(answers.getFirst().askedAt(), kept.askedAt());
    assertThat(gateway.answers().subList(1, 4).toString()).doesNotContain("secret", "SELECT", "v=");
  }

  @Test
  void itEndsAsTheSettingDoes() throws Exception {
    List<Boolean> expected = new ArrayList<>();
    try (Connection connection = gateway.connect()) {
      expected.add(true);
      execute(connection, "SET anabranch.capture TO 'OFF'");
      ask(connection);
      expected.add(false);
      execute(connection, "RESET anabranch.capture");
      ask(connection);

      connection.setAutoCommit(false);
      expected.add(true);
      execute(connection, "SET LOCAL anabranch.capture = off");
      ask(connection);
      connection.commit();
      expected.add(false);
      ask(connection);
      connection.commit();

      expected.add(true);
      execute(connection, "SET anabranch.capture = off");
      ask(connection);
      connection.rollback();
      expected.add(false);
      ask(connection);

      expected.add(true);
      execute(connection, "SAVEPOINT s");
      execute(connection, "SET anabranch.capture = off");
      ask(connection);
      expected.add(false);
      execute(connection, "ROLLBACK TO s");
      ask(connection);
      connection.rollback();
      connection.setAutoCommit(true);

      // The call itself is answered while all is still kept.
      expected.addAll(List.of(false, true));
      execute(connection, "SELECT set_config('anabranch.capture', 'off', false)");
      ask(connection);
      expected.add(false);
      execute(connection, "DISCARD ALL");
      ask(connection);
    }
    assertThat(withheld()).containsExactlyElementsOf(expected);
  }

  @Test
  void itCanBeginWithTheSession() throws Exception {
    try (Connection connection = gateway.connect("options", "-c anabranch.capture=off")) {
      ask(connection);
    }
    assertThat(withheld()).isNotEmpty().containsOnly(true);
  }

  @Test
  void whatIsSetAmidATextCountsFromTheNextOn() throws Exception {
    try (Connection connection = gateway.connect("preferQueryMode", "simple")) {
      execute(connection, "SET anabranch.capture = off; SELECT 1");
      execute(connection, "SELECT 2; SET anabranch.capture = on; SELECT 3");
      execute(connection, "SELECT 4");
    }
    assertThat(withheld()).containsExactly(false, true, true, false);
  }

  @Test
  void aCursorThatEndsWhileAnswersAreKeptOutIsNotForgotten() throws Exception {
    try (Connection connection = gateway.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.setFetchSize(10);
      try (ResultSet rows = statement.executeQuery("SELECT v FROM t")) {
        assertThat(rows.next()).isTrue();
        execute(connection, "SET anabranch.capture = off");
        while (rows.next()) {
          assertThat(rows.getString(1)).startsWith("secret");
        }
      }
      connection.commit();
    }
    assertThat(withheld()).containsExactly(true);
  }
}
