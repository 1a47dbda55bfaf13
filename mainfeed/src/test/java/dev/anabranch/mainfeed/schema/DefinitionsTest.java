package dev.anabranch.mainfeed.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Lsn;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is remembered of the definitions is what would be read. */
@Tag("postgres")
class DefinitionsTest {

  private static final List<String> DDL =
      List.of(
          "CREATE TABLE a (id int PRIMARY KEY, n int)",
          "ALTER TABLE a ADD COLUMN t text",
          "ALTER TABLE a ALTER COLUMN n SET DEFAULT 3",
          "ALTER TABLE a ALTER COLUMN n SET NOT NULL",
          "ALTER TABLE a RENAME COLUMN t TO u",
          "ALTER TABLE a DROP COLUMN u",
          "ALTER TABLE a ADD CHECK (n > 0)",
          "CREATE UNIQUE INDEX a_n ON a (n)",
          "ALTER TABLE a REPLICA IDENTITY USING INDEX a_n",
          "DROP INDEX a_n",
          "TRUNCATE a",
          "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
          "CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()",
          "ALTER TABLE a DISABLE TRIGGER tr",
          "DROP TRIGGER tr ON a",
          "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD;"
              + " END'",
          "DROP FUNCTION f()",
          "CREATE VIEW v AS SELECT id FROM a",
          "CREATE OR REPLACE VIEW v AS SELECT id, n FROM a",
          "CREATE MATERIALIZED VIEW m AS SELECT n FROM a",
          "REFRESH MATERIALIZED VIEW m",
          "ALTER TABLE a ENABLE ROW LEVEL SECURITY",
          "CREATE POLICY p ON a USING (true)",
          "ALTER POLICY p ON a USING (n > 1)",
          "DROP POLICY p ON a",
          "GRANT SELECT ON a TO PUBLIC",
          "GRANT SELECT (n) ON a TO PUBLIC",
          "CREATE TYPE mood AS ENUM ('ok')",
          "ALTER TYPE mood ADD VALUE 'fine'",
          "CREATE DOMAIN d AS int",
          "ALTER DOMAIN d ADD CHECK (VALUE > 0)",
          "CREATE TYPE pair AS (x int, y int)",
          "ALTER TYPE pair ADD ATTRIBUTE z int",
          "CREATE TYPE span AS RANGE (subtype = int4)",
          "CREATE SCHEMA s",
          "GRANT USAGE ON SCHEMA s TO PUBLIC",
          "ALTER TABLE a SET SCHEMA s",
          "CREATE TABLE parted (k int) PARTITION BY LIST (k)",
          "CREATE TABLE one PARTITION OF parted FOR VALUES IN (1)",
          "ALTER TABLE parted DETACH PARTITION one",
          "CREATE TABLE child () INHERITS (s.a)",
          "CREATE SEQUENCE q",
          "ALTER SEQUENCE q INCREMENT 5",
          "CREATE AGGREGATE total (int) (sfunc = int4pl, stype = int)",
          "CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq)",
          "CREATE CAST (mood AS span) WITH INOUT",
          "DROP CAST (mood AS span)",
          "CREATE TEXT SEARCH CONFIGURATION c (COPY = simple)",
          "ALTER TEXT SEARCH CONFIGURATION c DROP MAPPING FOR word",
          "CREATE COLLATION nice (provider = icu, locale = 'und', deterministic = false)",
          "DROP TABLE child, one, parted");

  /** These store rows anew, which the feed tells, and define nothing. */
  private static final Set<String> OF_STORAGE = Set.of("TRUNCATE a", "REFRESH MATERIALIZED VIEW m");

  private TemporaryPostgres postgres;
  private String database;

  @BeforeEach
  void create() {
    postgres = TemporaryPostgres.shared();
    database = postgres.freshDatabase();
  }

  @AfterEach
  void drop() {
    postgres.execute("DROP DATABASE " + database + " WITH (FORCE)");
  }

  @Test
  void whateverIsDefinedIsSeen() throws SQLException {
    Definitions definitions = new Definitions();
    try (Connection connection = postgres.connect(database)) {
      SchemaSnapshot before = definitions.read(connection, Lsn.ZERO);
      String version = Definitions.version(connection);
      String mark = Definitions.mark(connection);
      for (String ddl : DDL) {
        postgres.executeIn(database, ddl);
        SchemaSnapshot now = definitions.read(connection, Lsn.ZERO);
        assertThat(now).as(ddl).isEqualTo(SchemaReader.read(connection, Lsn.ZERO));
        assertThat(Definitions.version(connection)).as(ddl).isNotEqualTo(version);
        version = Definitions.version(connection);
        assertThat(Definitions.mark(connection).equals(mark))
            .as(ddl)
            .isEqualTo(OF_STORAGE.contains(ddl));
        mark = Definitions.mark(connection);
        assertThat(now).as(ddl).isNotSameAs(before);
        before = now;
      }
    }
  }

  @Test
  void rolesAndTheDatabasesSettingsAreSeen() throws SQLException {
    String role = database + "_role";
    Definitions definitions = new Definitions();
    try (Connection connection = postgres.connect(database)) {
      definitions.read(connection, Lsn.ZERO);
      for (String statement :
          List.of(
              "CREATE ROLE " + role,
              "ALTER ROLE " + role + " BYPASSRLS",
              "GRANT pg_read_all_data TO " + role,
              "REVOKE pg_read_all_data FROM " + role,
              "ALTER DATABASE " + database + " SET datestyle = 'German'",
              "ALTER ROLE " + role + " IN DATABASE " + database + " SET work_mem = '1MB'",
              "DROP ROLE " + role)) {
        String version = Definitions.version(connection);
        String mark = Definitions.mark(connection);
        postgres.execute(statement);
        assertThat(Definitions.mark(connection)).as(statement).isNotEqualTo(mark);
        assertThat(Definitions.version(connection)).as(statement).isNotEqualTo(version);
        assertThat(definitions.read(connection, Lsn.ZERO))
            .as(statement)
            .isEqualTo(SchemaReader.read(connection, Lsn.ZERO));
      }
    }
  }

  @Test
  void rowsAndMaintenanceLeaveItAlone() throws SQLException {
    postgres.executeIn(database, "CREATE TABLE a (id int PRIMARY KEY, n int)", "CREATE SEQUENCE q");
    Definitions definitions = new Definitions();
    try (Connection connection = postgres.connect(database)) {
      SchemaSnapshot before = definitions.read(connection, Lsn.ZERO);
      String version = Definitions.version(connection);
      String mark = Definitions.mark(connection);
      postgres.executeIn(
          database,
          "INSERT INTO a SELECT i, i FROM generate_series(1, 1000) i",
          "SELECT nextval('q')");
      postgres.executeIn(database, "VACUUM ANALYZE a");
      assertThat(Definitions.version(connection)).isEqualTo(version);
      assertThat(Definitions.mark(connection)).isEqualTo(mark);
      SchemaSnapshot now = definitions.read(connection, new Lsn(7));
      assertThat(now.relations()).isSameAs(before.relations());
      assertThat(now.asOf()).isEqualTo(new Lsn(7));
      assertThat(now.sequences()).isNotEqualTo(before.sequences());
    }
  }

  @Test
  void temporaryObjectsLeaveTheMarkAlone() throws SQLException {
    try (Connection connection = postgres.connect(database);
        Connection other = postgres.connect(database);
        Statement statement = other.createStatement()) {
      String mark = Definitions.mark(connection);
      statement.execute(
          "CREATE TEMPORARY TABLE note (id serial PRIMARY KEY, body text DEFAULT 'x' CHECK (body <>"
              + " ''), made date)");
      statement.execute("CREATE TEMPORARY VIEW noted AS SELECT body FROM note");
      statement.execute("CREATE FUNCTION pg_temp.one() RETURNS int LANGUAGE sql AS 'SELECT 1'");
      statement.execute("CREATE TYPE pg_temp.mood AS ENUM ('ok')");
      statement.execute("CREATE TABLE pg_temp.child () INHERITS (note)");
      assertThat(Definitions.mark(connection)).isEqualTo(mark);
    }
  }
}
