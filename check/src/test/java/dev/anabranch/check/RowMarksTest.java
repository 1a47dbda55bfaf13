package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.TableId;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("postgres")
class RowMarksTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TemporaryPostgres postgres = TemporaryPostgres.shared();
  private final String database = postgres.freshDatabase();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO note VALUES ('c', 3)",
        "UPDATE note SET line = line WHERE n = 1",
        "DELETE FROM note WHERE n = 1",
        "DELETE FROM note; INSERT INTO note VALUES ('a', 1), ('b', 2)",
        "TRUNCATE note",
        "ALTER TABLE note ADD more int DEFAULT 7",
        "ALTER TABLE note RENAME line TO text",
        "ALTER TABLE note DROP n CASCADE"
      })
  void whateverChangesATableChangesItsMark(String change) throws SQLException {
    run(CREATE);
    Optional<String> before = mark();
    run(change);
    assertThat(before).isPresent().isNotEqualTo(mark());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO other VALUES (1)",
        "BEGIN; DELETE FROM note; INSERT INTO note VALUES ('z', 9); ROLLBACK",
        "VACUUM FREEZE note",
        "VACUUM FULL note",
        "ANALYZE note",
        "CREATE INDEX ON note (n)",
        "ALTER TABLE note RENAME TO renamed"
      })
  void whatLeavesItsRowsAloneLeavesItsMark(String sql) throws SQLException {
    run(CREATE);
    TableId table = table();
    Map<TableId, String> before = marks(table, PATIENCE);
    run(sql);
    assertThat(before).hasSize(1).isEqualTo(marks(table, PATIENCE));
  }

  @Test
  void aSnapshotThatDoesNotSeeTheRowsAnyMoreMarksNothing() throws SQLException {
    run(CREATE);
    try (Connection early = postgres.connect(database);
        Statement statement = early.createStatement()) {
      early.setAutoCommit(false);
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      statement.execute("SELECT");
      run("INSERT INTO note VALUES ('later', 3)");
      Map<TableId, String> seen = RowMarks.read(early, Set.of(table()), PATIENCE);
      assertThat(seen).hasSize(1).isNotEqualTo(marks(table(), PATIENCE));
      early.commit();

      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      statement.execute("SELECT");
      run("TRUNCATE note");
      assertThat(RowMarks.read(early, Set.of(table()), PATIENCE)).isEmpty();
    }
  }

  @Test
  void anotherTableOfTheNameIsNotMarkedForIt() throws SQLException {
    run(CREATE);
    TableId table = table();
    try (Connection early = postgres.connect(database);
        Statement statement = early.createStatement()) {
      early.setAutoCommit(false);
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      statement.execute("SELECT");
      run("ALTER TABLE note RENAME TO gone");
      run("ALTER TABLE other RENAME TO note");
      assertThat(RowMarks.read(early, Set.of(table), PATIENCE)).isEmpty();
    }
  }

  @Test
  void whatTakesTooLongIsLeftOutAndTheRestIsMarked() throws SQLException {
    run(CREATE);
    run("CREATE TABLE large AS SELECT i FROM generate_series(1, 500000) i");
    TableId large = table("large");
    assertThat(marks(large, Duration.ofMillis(1))).isEmpty();
    assertThat(marks(large, PATIENCE)).containsOnlyKeys(large);
  }

  @Test
  void viewsAndUnloggedTablesHaveNone() throws SQLException {
    run(CREATE);
    assertThat(marks(table("seen"), PATIENCE)).isEmpty();
    assertThat(marks(table("lost"), PATIENCE)).isEmpty();
  }

  private static final String CREATE =
      "CREATE TABLE note (line text, n int); INSERT INTO note VALUES ('a', 1), ('b', 2); CREATE"
          + " TABLE other (n int); CREATE VIEW seen AS SELECT * FROM note; CREATE UNLOGGED TABLE"
          + " lost (n int)";

  private Optional<String> mark() throws SQLException {
    return Optional.ofNullable(marks(table(), PATIENCE).get(table()));
  }

  private Map<TableId, String> marks(TableId table, Duration patience) throws SQLException {
    try (Connection connection = postgres.connect(database)) {
      connection.setAutoCommit(false);
      return RowMarks.read(connection, Set.of(table), patience);
    }
  }

  private TableId table() throws SQLException {
    return table("note");
  }

  private TableId table(String name) throws SQLException {
    try (Connection connection = postgres.connect(database);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT '" + name + "'::regclass::pg_catalog.oid::int8")) {
      row.next();
      return new TableId(row.getLong(1));
    }
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = postgres.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
