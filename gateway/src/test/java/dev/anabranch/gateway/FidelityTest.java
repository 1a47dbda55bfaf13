package dev.anabranch.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.ResultColumn;
import dev.anabranch.ledger.RowDigest;
import dev.anabranch.testkit.Await;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Clients can't tell a branch behind the gateway from a Postgres of their own, and each answer is
 * kept once.
 */
@Tag("postgres")
class FidelityTest {

  private GatewayUnderTest gateway;

  @BeforeEach
  void start() {
    gateway =
        new GatewayUnderTest(
            "CREATE TABLE t (id int PRIMARY KEY, name text, price numeric(10,2), at timestamptz)",
            "INSERT INTO t SELECT i, 'n' || i, i * 1.1, '2026-01-01Z'::timestamptz + i * '1"
                + " hour'::interval FROM generate_series(1, 1000) i");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void aCursorReadInPiecesIsOneAnswerWithTheDigestOfADirectRead() throws Exception {
    String sql = "SELECT id, name, price, at FROM t ORDER BY id";
    try (Connection connection = gateway.connect()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(17);
        int seen = 0;
        try (ResultSet rows = statement.executeQuery(sql)) {
          while (rows.next()) {
            seen++;
          }
        }
        assertThat(seen).isEqualTo(1000);
      }
      connection.commit();
    }
    Answer answer = only(sql);
    assertThat(answer.result().complete()).isTrue();
    assertThat(answer.result().comparable()).isTrue();
    assertThat(answer.result().rows()).isEmpty();
    RowDigest direct = direct(sql, answer.result().columns());
    assertThat(answer.result().rowCount()).isEqualTo(direct.rowCount());
    assertThat(answer.result().orderedDigest()).isEqualTo(direct.ordered());
    assertThat(answer.result().bagDigest()).isEqualTo(direct.bag());
  }

  @Test
  void aCursorLeftInTheMiddleIsAnIncompleteAnswer() throws Exception {
    String sql = "SELECT id FROM t ORDER BY id DESC";
    try (Connection connection = gateway.connect()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(10);
        try (ResultSet rows = statement.executeQuery(sql)) {
          assertThat(rows.next()).isTrue();
        }
      }
      connection.commit();
    }
    Answer answer = only(sql);
    assertThat(answer.result().complete()).isFalse();
    assertThat(answer.result().rowCount()).isEqualTo(10);
  }

  @Test
  void batchesAndGeneratedKeysComeThrough() throws Exception {
    try (Connection connection = gateway.connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO t (id, name) VALUES (?, ?)", new String[] {"id"})) {
      for (int i = 2000; i < 2300; i++) {
        insert.setInt(1, i);
        insert.setString(2, "batch");
        insert.addBatch();
      }
      assertThat(insert.executeBatch()).hasSize(300).containsOnly(1);
      assertThat(number("SELECT count(*) FROM t WHERE name = 'batch'")).isEqualTo(300);
    }
    List<Answer> returned =
        gateway.answers().stream().filter(a -> a.question().sql().contains("RETURNING")).toList();
    assertThat(returned).hasSize(300);
    assertThat(returned)
        .allSatisfy(a -> assertThat(a.question().parameters().get(1).text()).contains("batch"));
  }

  @Test
  void rowsAreCopiedInAndOut() throws Exception {
    try (Connection connection = gateway.connect()) {
      CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
      long in =
          copies.copyIn("COPY t (id, name) FROM STDIN", new StringReader("5000\tx\n5001\ty\n"));
      assertThat(in).isEqualTo(2);
      StringWriter out = new StringWriter();
      assertThat(
              copies.copyOut("COPY (SELECT id FROM t WHERE id >= 5000 ORDER BY id) TO STDOUT", out))
          .isEqualTo(2);
      assertThat(out.toString()).isEqualTo("5000\n5001\n");
      assertThatThrownBy(() ->
              copies.copyIn("COPY t (id, name) FROM STDIN", new StringReader("nonsense\tx\n")))
          .isInstanceOf(SQLException.class);
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT 42")) {
        assertThat(rows.next()).isTrue();
      }
    }
    List<Answer> answers = gateway.answers();
    assertThat(answers).extracting(a -> a.commandTag()).containsExactly("COPY TO 2", "SELECT 1");
    assertThat(answers.getFirst().result().comparable()).isFalse();
    assertThat(answers.getFirst().result().rowCount()).isEqualTo(2);
  }

  @Test
  void aRunningStatementIsCancelled() throws Exception {
    try (Connection connection = gateway.connect();
        Statement statement = connection.createStatement()) {
      CompletableFuture<Throwable> outcome =
          CompletableFuture.supplyAsync(() -> {
            try {
              statement.execute("SELECT pg_sleep(30)");
              return new AssertionError("it was not cancelled");
            } catch (SQLException e) {
              return e;
            }
          });
      Await.until(
          () ->
              number(
                      "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND"
                          + " pid <> pg_backend_pid()")
                  == 1,
          Duration.ofSeconds(10));
      statement.cancel();
      assertThat(outcome.get(10, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
    }
  }

  @Test
  void notificationsReachTheClientThatListens() throws Exception {
    try (Connection connection = gateway.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("LISTEN news");
      try (Connection other = gateway.direct();
          Statement notify = other.createStatement()) {
        notify.execute("NOTIFY news, 'hello'");
      }
      Await.until(
          () -> {
            var notifications = connection.unwrap(PGConnection.class).getNotifications(10);
            return notifications != null
                && notifications.length == 1
                && notifications[0].getParameter().equals("hello");
          },
          Duration.ofSeconds(10));
    }
  }

  @Test
  void manyBinaryTypesReadAsTheirText() throws Exception {
    String sql =
        "SELECT true, 1::int2, -2::int4, 3::int8, 1.5::float4, 1e20::float8, -0.00001::float8,"
            + " 12345.6700::numeric, 0::numeric(8,3), 'NaN'::numeric, -1e-7::numeric,"
            + " 10000::numeric, 'é'::text, 'x'::char(3), '\\xdeadbeef'::bytea,"
            + " '7d9f4a66-1f0e-4a1d-8a2b-0123456789ab'::uuid, date '2026-11-20', date '0044-03-15"
            + " BC', time '01:02:03.4', timestamp '1999-12-31 23:59:59.999999', timestamptz"
            + " '2026-07-01 12:00:00+00', timestamptz 'infinity', NULL::int, 'a'::varchar, 7::oid,"
            + " ARRAY[1,NULL,3], ARRAY[[1,2],[3,4]]::int8[], '{}'::int4[], '[2:3]={7,8}'::int2[],"
            + " ARRAY['a b','','NULL','q\"\\{,x',NULL,'plain'], ARRAY[1.50,2.5]::numeric[],"
            + " ARRAY[1.5,1e20]::float8[], timetz '01:02:03+05:30', 1e15::float8,"
            + " 999999999999999::float8, 123456::float4, 1234567::float4, 0.0001::float8,"
            + " 3.0::float8, 1e-5::float4";
    try (Connection connection =
            gateway.connect("prepareThreshold", "-1", "binaryTransfer", "true");
        PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < 3; i++) {
        try (ResultSet rows = select.executeQuery()) {
          assertThat(rows.next()).isTrue();
        }
      }
    }
    List<Answer> answers = gateway.answers();
    assertThat(answers).hasSize(3);
    for (Answer answer : answers) {
      List<ResultColumn> columns = answer.result().columns();
      assertThat(answer.result().comparable()).isTrue();
      String zone = answer.question().settings().get("timezone");
      assertThat(answer.result().rows().orElseThrow().getFirst())
          .as("under %s", zone)
          .isEqualTo(directRows("SET TimeZone = '" + zone + "'", sql).getFirst());
      assertThat(columns).hasSize(40);
    }
  }

  @Test
  void psqlRunsAScriptOfManyKinds() throws Exception {
    String script =
        """
        \\set ON_ERROR_STOP 1
        BEGIN;
        CREATE TABLE made AS SELECT 1 AS one;
        DECLARE c CURSOR FOR SELECT id FROM t ORDER BY id;
        FETCH 3 FROM c;
        CLOSE c;
        PREPARE p(int) AS SELECT name FROM t WHERE id = $1;
        EXECUTE p(5);
        COMMIT;
        SELECT 'a;b', $$c;d$$ /* ; */ \\; SELECT 2;
        EXPLAIN SELECT * FROM t;
        SHOW search_path;
        \\copy (SELECT 1) TO STDOUT
        DO $$ BEGIN PERFORM 1; END $$;
        DROP TABLE made;
        """;
    Process psql =
        new ProcessBuilder("psql", "-XAt", gateway.url(), "-f", "-")
            .redirectErrorStream(true)
            .start();
    psql.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
    psql.getOutputStream().close();
    String output = new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(psql.waitFor()).as(output).isZero();
    assertThat(output).contains("n5").contains("a;b|c;d");
    assertThat(gateway.answers().stream().map(a -> a.question().sql()))
        .containsExactly(
            "SELECT 1 AS one",
            "SELECT id FROM t ORDER BY id",
            "SELECT name FROM t WHERE id = $1",
            "SELECT 'a;b', $$c;d$$ /* ; */",
            "SELECT 2",
            "SELECT 1");
  }

  @Test
  void pgbenchRunsInEveryMode() throws Exception {
    run("pgbench", "-i", "-q", "-s", "1", gateway.url());
    int before = gateway.answers().size();
    for (String mode : List.of("simple", "extended", "prepared")) {
      run("pgbench", "-n", "-S", "-M", mode, "-c", "4", "-t", "100", gateway.url());
    }
    List<Answer> answers = gateway.answers();
    List<Answer> selects =
        answers.subList(before, answers.size()).stream()
            .filter(a -> a.question().sql().startsWith("SELECT abalance"))
            .toList();
    assertThat(selects).hasSize(1200);
    assertThat(selects)
        .allSatisfy(a ->
            assertThat(
                    a.result().comparable() && a.result().complete() && a.result().rowCount() == 1)
                .isTrue());
    assertThat(selects.stream().map(a -> a.span().end()).distinct()).hasSize(1200);
  }

  @Test
  void sessionsAreEndedWithAReason() throws Exception {
    try (Connection connection = gateway.connect();
        Statement statement = connection.createStatement()) {
      assertThat(gateway.gateway().sessions(GatewayUnderTest.BRANCH)).isEqualTo(1);
      gateway.gateway().disconnect(GatewayUnderTest.BRANCH, "the branch was deleted");
      assertThatThrownBy(() -> statement.execute("SELECT 1"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"))
          .hasMessageContaining("the branch was deleted");
    }
    Await.until(
        () -> gateway.gateway().sessions(GatewayUnderTest.BRANCH) == 0, Duration.ofSeconds(10));
    assertThat(gateway.gateway().connections()).isZero();
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private Answer only(String sql) throws InterruptedException {
    List<Answer> found =
        gateway.answers().stream().filter(a -> a.question().sql().equals(sql)).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private long number(String sql) throws SQLException {
    return Long.parseLong(
        String.valueOf(directRows("SET TimeZone = 'UTC'", sql).getFirst().getFirst()));
  }

  private RowDigest direct(String sql, List<ResultColumn> columns) throws SQLException {
    RowDigest.Builder digest = RowDigest.builder();
    String zone = java.util.TimeZone.getDefault().getID();
    directRows("SET TimeZone = '" + zone + "'", sql).forEach(row -> digest.add(columns, row));
    return digest.build();
  }

  /** By simple query, so that everything comes as text. */
  private List<List<@Nullable String>> directRows(String setting, String sql) throws SQLException {
    try (Connection connection = gateway.direct();
        Statement statement = connection.createStatement()) {
      statement.execute(setting);
      List<List<@Nullable String>> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery(sql)) {
        while (result.next()) {
          List<@Nullable String> row = new ArrayList<>();
          for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            byte[] text = result.getBytes(i);
            row.add(text == null ? null : rawText(result, i));
          }
          rows.add(row);
        }
      }
      return rows;
    }
  }

  private static @Nullable String rawText(ResultSet result, int column) throws SQLException {
    return result.unwrap(org.postgresql.jdbc.PgResultSet.class).getString(column);
  }
}
