package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Lsn;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Definitions that were kept are those that were read. */
@Tag("postgres")
final class SnapshotJsonTest {

  @Test
  void whatIsReadIsWhatWasWritten() throws Exception {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    postgres.execute("CREATE DATABASE snapshot_json");
    try (Connection connection = postgres.connect("snapshot_json");
        Statement statement = connection.createStatement()) {
      for (String sql :
          new String[] {
            "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text UNIQUE, b int"
                + " CHECK (b > 0), g int GENERATED ALWAYS AS (b * 2) STORED)",
            "CREATE TABLE child (c int REFERENCES t ON DELETE CASCADE) INHERITS (t)",
            "CREATE TABLE p (id int, d date, PRIMARY KEY (id, d)) PARTITION BY RANGE (d)",
            "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
            "CREATE INDEX ON t (lower(a)) WHERE b > 1",
            "CREATE DOMAIN word AS text CHECK (VALUE <> '')",
            "CREATE TYPE pair AS (x int, w word)",
            "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1 + 1'",
            "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g()",
            "CREATE VIEW v AS SELECT a, f(b) FROM t",
            "CREATE MATERIALIZED VIEW m AS SELECT * FROM v",
            "CREATE CAST (int AS pair) WITH FUNCTION to_pair(int)"
          }) {
        if (sql.startsWith("CREATE CAST")) {
          statement.execute(
              "CREATE FUNCTION to_pair(int) RETURNS pair LANGUAGE sql AS 'SELECT ROW($1,"
                  + " ''w'')::pair'");
        }
        statement.execute(sql);
      }
      statement.execute("ALTER TABLE t ENABLE ROW LEVEL SECURITY");
      statement.execute("CREATE POLICY own ON t USING (b > 0)");
      statement.execute("INSERT INTO t (a, b) VALUES ('x', 1)");
      SchemaSnapshot read = SchemaReader.read(connection, Lsn.parse("0/10"));
      assertThat(SnapshotJson.read(SnapshotJson.write(read))).isEqualTo(read);
    }
  }
}
