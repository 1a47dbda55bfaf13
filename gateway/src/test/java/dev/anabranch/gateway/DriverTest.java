package dev.anabranch.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.ledger.Answer;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** pgjdbc in each of its ways to speak: the program gets the same, and so does the ledger. */
@Tag("postgres")
class DriverTest {

  private static final String[] SCHEMA = {
    "CREATE TABLE item (id int PRIMARY KEY, name text, price numeric(10,2), due date, ok boolean)",
    "INSERT INTO item SELECT i, 'n' || i, i * 1.25, date '2026-01-01' + i, i % 2 = 0"
        + " FROM generate_series(1, 100) i"
  };

  @ParameterizedTest
  @CsvSource({
    "simple, never, true",
    "extended, never, true",
    "extended, never, false",
    "extendedForPrepared, always, true",
    "extendedCacheEverything, conservative, true"
  })
  void everyWayOfSpeakingGetsTheSame(String mode, String autosave, String binary) throws Exception {
    try (GatewayUnderTest gateway = new GatewayUnderTest(SCHEMA)) {
      try (Connection connection =
          gateway.connect(
              "preferQueryMode", mode,
              "autosave", autosave,
              "binaryTransfer", binary,
              // Binary from the first execution on.
              "prepareThreshold", "-1")) {
        readsWithParameters(connection);
        fetchesInPieces(connection);
        writesInBatches(connection);
        copies(connection);
        failsAndGoesOn(connection, autosave.equals("always"));
      }
      assertThat(itemsAnswered(gateway.answers()))
          .containsExactly("5|n5|6.25|2026-01-06|f", "6|n6|7.50|2026-01-07|t");
      assertThat(rowsAnswered(gateway.answers(), "FROM item WHERE price")).isEqualTo(100);
      assertThat(rowsAnswered(gateway.answers(), "RETURNING")).isEqualTo(3);
      assertThat(rowsAnswered(gateway.answers(), "id < 5 ORDER BY id")).isEqualTo(4);
    }
  }

  private static void readsWithParameters(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT * FROM item WHERE id BETWEEN ? AND ? ORDER BY id")) {
      statement.setInt(1, 5);
      statement.setInt(2, 6);
      try (ResultSet rows = statement.executeQuery()) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getBigDecimal("price")).isEqualTo(new BigDecimal("6.25"));
        assertThat(rows.getObject("due", LocalDate.class)).isEqualTo(LocalDate.of(2026, 1, 6));
        assertThat(rows.getBoolean("ok")).isFalse();
        assertThat(rows.next()).isTrue();
        assertThat(rows.next()).isFalse();
      }
    }
  }

  private static void fetchesInPieces(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT id FROM item WHERE price > ? ORDER BY id")) {
      statement.setFetchSize(7);
      statement.setBigDecimal(1, BigDecimal.ZERO);
      try (ResultSet rows = statement.executeQuery()) {
        for (int i = 1; i <= 100; i++) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getInt(1)).isEqualTo(i);
        }
        assertThat(rows.next()).isFalse();
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private static void writesInBatches(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO item (id, name) VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
      for (int i = 201; i <= 203; i++) {
        statement.setInt(1, i);
        statement.setString(2, "batch; ' \\ $1");
        statement.addBatch();
      }
      assertThat(statement.executeBatch()).containsExactly(1, 1, 1);
      try (ResultSet keys = statement.getGeneratedKeys()) {
        assertThat(keys.next()).isTrue();
        assertThat(keys.getInt("id")).isEqualTo(201);
      }
    }
  }

  private static void copies(Connection connection) throws Exception {
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    long taken =
        copy.copyIn(
            "COPY item (id, name) FROM STDIN (FORMAT csv)", new StringReader("301,a\n302,b\n"));
    assertThat(taken).isEqualTo(2);
    assertThatThrownBy(() ->
            copy.copyIn("COPY item (id, name) FROM STDIN", new StringReader("not a number\n")))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22P02"));
    StringWriter given = new StringWriter();
    copy.copyOut("COPY (SELECT id FROM item WHERE id < 5 ORDER BY id) TO STDOUT", given);
    assertThat(given).hasToString("1\n2\n3\n4\n");
  }

  private static void failsAndGoesOn(Connection connection, boolean saved) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("UPDATE item SET name = 'kept' WHERE id = 1");
      assertThatThrownBy(() -> statement.execute("SELECT * FROM nowhere"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42P01"));
      if (saved) {
        statement.execute("UPDATE item SET name = 'kept too' WHERE id = 2");
        connection.commit();
      } else {
        assertThatThrownBy(() -> statement.execute("SELECT 1"))
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25P02"));
        connection.rollback();
      }
    }
    connection.setAutoCommit(true);
  }

  private static List<String> itemsAnswered(List<Answer> answers) {
    return answers.stream()
        .filter(answer -> answer.question().sql().contains("BETWEEN"))
        .flatMap(answer -> answer.result().rows().orElseThrow().stream())
        .map(row -> String.join("|", row))
        .toList();
  }

  private static long rowsAnswered(List<Answer> answers, String words) {
    return answers.stream()
        .filter(answer -> answer.question().sql().contains(words))
        .mapToLong(answer -> answer.result().rowCount())
        .sum();
  }
}
