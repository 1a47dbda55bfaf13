package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("postgres")
class StoredAnewTest {

  private final TemporaryPostgres postgres = TemporaryPostgres.shared();
  private final String database = postgres.freshDatabase();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TRUNCATE t | true",
        "ALTER TABLE t ALTER n TYPE bigint | true",
        "DROP TABLE t | true",
        "REFRESH MATERIALIZED VIEW m | true",
        "DELETE FROM t | false",
        "ALTER TABLE t ADD more int DEFAULT 3 | false",
        "CREATE TABLE another (n int) | false",
        "SELECT 1 | false"
      })
  void whatASnapshotDoesNotSeeAnyMore(String change, boolean anew) throws SQLException {
    run("CREATE TABLE t (n int); INSERT INTO t VALUES (1); CREATE MATERIALIZED VIEW m AS SELECT 1");
    try (Connection early = postgres.connect(database);
        Statement statement = early.createStatement()) {
      early.setAutoCommit(false);
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      statement.execute("SELECT");
      assertThat(StoredAnew.sinceSnapshotOf(early)).isFalse();
      run(change);
      assertThat(StoredAnew.sinceSnapshotOf(early)).isEqualTo(anew);
    }
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = postgres.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
