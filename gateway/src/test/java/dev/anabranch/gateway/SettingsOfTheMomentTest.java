package dev.anabranch.gateway;

import static dev.anabranch.gateway.WireClient.cString;
import static dev.anabranch.gateway.WireClient.concat;
import static dev.anabranch.gateway.WireClient.frame;
import static dev.anabranch.gateway.WireClient.int32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Question;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a statement meant is told by the settings of its own moment, whoever set them. */
@Tag("postgres")
class SettingsOfTheMomentTest {

  private GatewayUnderTest gateway;

  @BeforeEach
  void start() {
    gateway =
        new GatewayUnderTest(
            "CREATE SCHEMA tb",
            "CREATE TABLE t (id int PRIMARY KEY, ts timestamptz)",
            "CREATE FUNCTION use_tenant(t text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN"
                + " PERFORM set_config('search_path', t || ', public', false); RETURN t; END $$",
            "CREATE FUNCTION outer_one() RETURNS text LANGUAGE sql AS 'SELECT use_tenant(''tb'')'",
            "CREATE FUNCTION \"Odd Name\"() RETURNS text LANGUAGE sql AS 'SELECT outer_one()'",
            "CREATE FUNCTION at_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " SET search_path = tb, public; RETURN NEW; END $$",
            "CREATE TABLE line (id int)",
            "CREATE TRIGGER t BEFORE INSERT ON line FOR EACH ROW EXECUTE FUNCTION at_insert()",
            "CREATE VIEW doors AS SELECT use_tenant('tb') AS door",
            "CREATE FUNCTION opens(int, int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN"
                + " PERFORM use_tenant('tb'); RETURN true; END $$",
            "CREATE OPERATOR ==> (LEFTARG = int, RIGHTARG = int, FUNCTION = opens)",
            "CREATE FUNCTION as_tenant(k text, v text) RETURNS text LANGUAGE sql AS"
                + " 'SELECT set_config(k, v, false)'",
            "CREATE TABLE secret (id int, tenant text)",
            "ALTER TABLE secret ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY p ON secret USING (tenant = current_setting('app.tenant', true))",
            "CREATE FUNCTION makes_one() RETURNS text LANGUAGE plpgsql AS $$ BEGIN"
                + " CREATE TEMP TABLE t AS SELECT 1 AS id; RETURN 'made'; END $$",
            "CREATE PROCEDURE commits() LANGUAGE plpgsql AS $$ BEGIN"
                + " PERFORM use_tenant('tb'); COMMIT; RAISE EXCEPTION 'no'; END $$",
            "CREATE FUNCTION harmless() RETURNS int LANGUAGE sql AS 'SELECT 1'");
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

  private Question last() throws InterruptedException {
    return gateway.told().getLast().question();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT use_tenant('tb')",
        "SELECT outer_one()",
        "SELECT \"Odd Name\"()",
        "SELECT U&\"Odd Name\"()",
        "INSERT INTO line VALUES (1)",
        "SELECT * FROM doors",
        "SELECT 1 ==> 2",
        "PREPARE x AS SELECT use_tenant('tb'); EXECUTE x",
        "DO $$ BEGIN PERFORM use_tenant('tb'); END $$",
        "EXPLAIN ANALYZE SELECT use_tenant('tb')",
        "SELECT query_to_xml('SELECT use_tenant(''tb'')', true, true, '')",
        "SELECT set_config('search_' || 'path', 'tb, public', false)",
        "CREATE TABLE made AS SELECT use_tenant('tb')",
        "WITH w AS (INSERT INTO line VALUES (1) RETURNING id) SELECT id FROM w"
      })
  void whoeverSetTheSearchPath(String sql) throws Exception {
    for (boolean inTransaction : List.of(false, true)) {
      try (Connection connection = gateway.connect("preferQueryMode", "simple")) {
        connection.setAutoCommit(!inTransaction);
        execute(connection, sql);
        execute(connection, "SELECT count(*) FROM t");
        assertThat(last().settings()).containsEntry("search_path", "tb, public");
        if (inTransaction) {
          connection.rollback();
          connection.setAutoCommit(true);
          execute(connection, "SELECT count(*) FROM t");
          assertThat(last().settings()).containsEntry("search_path", "\"$user\", public");
        }
      }
      try (Connection direct = gateway.direct()) {
        execute(direct, "DROP TABLE IF EXISTS made");
      }
    }
  }

  @Test
  void whatWasCommittedInsideStaysWhenItFails() throws Exception {
    try (Connection connection = gateway.connect("preferQueryMode", "simple")) {
      assertThatThrownBy(() -> execute(connection, "CALL commits()"))
          .isInstanceOf(SQLException.class);
      execute(connection, "SELECT 1");
    }
    assertThat(last().settings()).containsEntry("search_path", "tb, public");
  }

  @Test
  void aFunctionThatIsMadeLaterIsKnownToAllSessions() throws Exception {
    try (Connection one = gateway.connect();
        Connection other = gateway.connect()) {
      execute(other, "SELECT 1");
      one.setAutoCommit(false);
      execute(
          one,
          "CREATE FUNCTION late() RETURNS text LANGUAGE sql AS"
              + " 'SELECT set_config(''search_path'', ''tb'', false)'");
      execute(other, "SELECT 2");
      one.commit();
      execute(other, "SELECT harmless()");
      execute(other, "SELECT late()");
      execute(other, "SELECT 3");
    }
    assertThat(last().settings()).containsEntry("search_path", "tb");
  }

  @Test
  void settingsOfApplicationsAreKnownByTheirReaders() throws Exception {
    try (Connection connection = gateway.connect()) {
      execute(connection, "SELECT as_tenant('app.tenant', 'acme')");
      execute(connection, "SELECT 1");
      assertThat(last().settings()).containsEntry("app.tenant", "acme");
      connection.setAutoCommit(false);
      execute(connection, "SELECT set_config('app.' || 'tenant', 'globex', true)");
      execute(connection, "SELECT 2");
      assertThat(last().settings()).containsEntry("app.tenant", "globex");
      connection.commit();
      execute(connection, "SELECT 3");
      assertThat(last().settings()).containsEntry("app.tenant", "acme");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT makes_one()",
        "CREATE TEMP TABLE t (id int)",
        "SELECT 1 AS id INTO TEMP t",
        "DO $$ BEGIN PERFORM makes_one(); END $$",
        "EXPLAIN ANALYZE CREATE TEMP TABLE t AS SELECT 1",
        "SET search_path = pg_temp, public; CREATE TABLE t (id int)"
      })
  void temporaryTablesAreNamedWhoeverMadeThem(String sql) throws Exception {
    try (Connection connection = gateway.connect("preferQueryMode", "simple")) {
      execute(connection, "SELECT 1");
      assertThat(last().settings()).doesNotContainKey(Question.TEMPORARY);
      execute(connection, sql);
      execute(connection, "SELECT count(*) FROM t");
      assertThat(last().settings()).containsEntry(Question.TEMPORARY, "t");
      execute(connection, "DROP TABLE pg_temp.t");
      execute(connection, "SELECT count(*) FROM t");
      assertThat(last().settings()).doesNotContainKey(Question.TEMPORARY).containsKey("role");
    }
  }

  private static byte[] run(String statement) {
    return concat(
        frame('B', cString(""), cString(statement), new byte[6]),
        frame('D', new byte[] {'P'}, cString("")),
        frame('E', cString(""), int32(0)));
  }

  private static byte[] parse(String name, String sql) {
    return frame('P', cString(name), cString(sql), new byte[2]);
  }

  @Test
  void whatPostgresFixedWhenItParsedIsNotTakenForWhatItIsNow() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.login();
      client.write(
          concat(
              parse("q", "SELECT count(*) FROM t WHERE ts < '2026-06-01 12:00'"),
              run("q"),
              frame('S')));
      client.readUntil('Z');
      client.send('Q', cString("SET timezone = 'Asia/Tokyo'"));
      client.readUntil('Z');
      client.write(concat(run("q"), frame('S')));
      client.readUntil('Z');
      client.send('Q', cString("SET search_path = tb, public"));
      client.readUntil('Z');
      client.write(concat(parse("r", "SELECT 1"), frame('S')));
      client.readUntil('Z');
      client.send('Q', cString("SET search_path = public"));
      client.readUntil('Z');
      client.write(concat(run("r"), frame('S')));
      client.readUntil('Z');
    }
    List<Answer> answers = gateway.answers();
    assertThat(answers.get(0).question().unknown()).isEmpty();
    assertThat(answers.get(1).question().unknown().orElseThrow()).contains("timezone");
    assertThat(answers.get(1).result().comparable()).isFalse();
    assertThat(answers.get(2).question().settings()).containsEntry("search_path", "public");
  }

  @Test
  void whatDidNotWaitIsNotKnownAndSaysWhy() throws Exception {
    try (WireClient client = new WireClient(gateway.port())) {
      client.login();
      client.send('Q', cString("SELECT harmless(); SELECT use_tenant('tb'); SELECT 2"));
      client.readUntil('Z');
      client.send('Q', cString("SELECT 3"));
      client.readUntil('Z');
    }
    List<Answer> answers = gateway.answers();
    assertThat(answers).hasSize(4);
    assertThat(answers.get(1).question().unknown()).isEmpty();
    assertThat(answers.get(2).question().unknown().orElseThrow()).contains("did not wait");
    assertThat(answers.get(3).question().settings()).containsEntry("search_path", "tb, public");
  }

  @Test
  void anotherTransactionsSnapshotIsSaid() throws Exception {
    try (Connection one = gateway.connect();
        Connection other = gateway.connect();
        Statement export = one.createStatement()) {
      one.setAutoCommit(false);
      String snapshot;
      try (var row = export.executeQuery("SELECT pg_export_snapshot()")) {
        row.next();
        snapshot = row.getString(1);
      }
      execute(other, "BEGIN ISOLATION LEVEL REPEATABLE READ");
      execute(other, "SET TRANSACTION SNAPSHOT '" + snapshot + "'");
      execute(other, "SELECT count(*) FROM t");
      assertThat(last().unknown().orElseThrow()).contains("SET TRANSACTION SNAPSHOT");
      execute(other, "COMMIT");
      execute(other, "SELECT count(*) FROM t");
      assertThat(last().unknown()).isEmpty();
    }
  }

  @Test
  void isolationSetByAFunctionIsThatOfTheNextTransaction() throws Exception {
    try (Connection connection = gateway.connect()) {
      execute(connection, "SELECT as_tenant('default_transaction_isolation', 'serializable')");
      execute(connection, "SELECT 1");
      assertThat(last().settings()).containsEntry("transaction_isolation", "serializable");
    }
  }

  @Test
  void whatWordsHaveSetSinceCodeRan() throws Exception {
    try (Connection connection = gateway.connect("preferQueryMode", "simple")) {
      execute(connection, "SET app.tenant = 'one'");
      execute(connection, "SELECT count(*) FROM t");
      assertThat(last().settings()).doesNotContainKey(Question.SET_BY_WORDS);
      execute(connection, "SELECT use_tenant('tb')");
      execute(connection, "SELECT count(*) FROM t");
      assertThat(last().isSetByWords("search_path")).isFalse();
      execute(connection, "SET LOCAL app.tenant = 'two'");
      execute(connection, "SET SESSION TIME ZONE 'UTC'");
      execute(connection, "RESET search_path");
      execute(connection, "SELECT count(*) FROM t");
      for (String name : List.of("app.tenant", "timezone", "search_path")) {
        assertThat(last().isSetByWords(name)).isTrue();
      }
      assertThat(last().isSetByWords("role")).isFalse();
      execute(connection, "DISCARD ALL");
      execute(connection, "SELECT count(*) FROM t");
      assertThat(last().isSetByWords("role")).isTrue();
      execute(connection, "SELECT use_tenant('tb')");
      execute(connection, "SELECT count(*) FROM t");
      assertThat(last().settings()).doesNotContainKey(Question.SET_BY_WORDS);
    }
  }

  @Test
  void whatWordsSetForATransactionIsTakenBackByItsEnd() throws Exception {
    try (Connection connection = gateway.connect("preferQueryMode", "simple")) {
      execute(connection, "BEGIN");
      execute(connection, "SELECT use_tenant('tb')");
      execute(connection, "SET LOCAL app.tenant = 'two'");
      execute(connection, "COMMIT");
      execute(connection, "SELECT count(*) FROM t");
      assertThat(last().isSetByWords("app.tenant")).isTrue();
      assertThat(last().isSetByWords("search_path")).isFalse();
    }
  }

  @Test
  void whatWordsSetForATransactionMayBeOtherwiseOnceCodeRanInIt() throws Exception {
    try (Connection connection = gateway.connect("preferQueryMode", "simple")) {
      execute(connection, "BEGIN");
      execute(connection, "SET LOCAL app.tenant = 'two'");
      execute(connection, "SELECT use_tenant('tb')");
      execute(connection, "COMMIT");
      execute(connection, "SELECT count(*) FROM t");
      assertThat(last().isSetByWords("app.tenant")).isFalse();
    }
  }
}
