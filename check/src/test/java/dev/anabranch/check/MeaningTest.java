package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Question;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Columns;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.match.Condition;
import dev.anabranch.predicate.rule.SchemaDrift;
import dev.anabranch.predicate.rule.SearchPath;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which changed definitions concern which statements. */
@Tag("postgres")
class MeaningTest {

  private static final List<String> BEFORE =
      List.of(
          "CREATE TYPE mood AS ENUM ('sad', 'ok')",
          "CREATE TYPE colour AS ENUM ('red')",
          "CREATE DOMAIN hue AS colour",
          "CREATE TABLE t (id int PRIMARY KEY, a int, s varchar(9), m mood, h hue, ms mood[])",
          "CREATE TABLE r (id int PRIMARY KEY, x int)",
          "CREATE VIEW v AS SELECT id, a FROM t",
          "CREATE MATERIALIZED VIEW mv AS SELECT a FROM t",
          "CREATE FUNCTION reads() RETURNS int STABLE LANGUAGE sql AS 'SELECT 1'",
          "CREATE FUNCTION says() RETURNS int STABLE LANGUAGE plpgsql AS 'BEGIN RETURN Late();"
              + " END'");

  /** A statement, what is done afterwards, and whether that concerns the statement. */
  @ParameterizedTest(name = "{0} after {1}: {2}")
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      value = {
        "SELECT a FROM t | CREATE FUNCTION other() RETURNS int LANGUAGE sql AS 'SELECT 1' | no",
        "SELECT a FROM t | CREATE TYPE late AS ENUM ('x') | no",
        "SELECT a FROM t | CREATE EXTENSION citext | no",
        "SELECT a FROM t | CREATE EXTENSION hstore | no",
        "SELECT a FROM t | ALTER TYPE mood ADD VALUE 'glad' | no",
        "SELECT a FROM t | GRANT SELECT ON t TO PUBLIC | no",
        "SELECT a FROM t | CREATE INDEX ON t (a) | no",
        "SELECT a FROM t | CREATE UNIQUE INDEX ON t (a) | no",
        "SELECT a FROM t | ALTER TABLE t ADD COLUMN later int DEFAULT 7 | no",
        "SELECT a FROM t | ALTER TABLE t DROP COLUMN s | no",
        "SELECT count(*) FROM t | ALTER TABLE t ADD COLUMN later int DEFAULT 7 | no",
        "SELECT a FROM t | ALTER TABLE t ALTER COLUMN s TYPE text | no",
        "SELECT a FROM t | CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq) |"
            + " no",
        "SELECT a FROM t | CREATE CAST (text AS mood) WITH INOUT AS IMPLICIT | no",
        "SELECT a FROM t | COMMENT ON TABLE t IS 'x' | no",
        "SELECT a FROM t | CREATE TABLE another (a int) | no",
        "SELECT a FROM t | CREATE COLLATION mine (LOCALE = 'C') | no",
        "SELECT a FROM t | CREATE TEXT SEARCH CONFIGURATION mine (COPY = simple) | no",
        "SELECT a FROM t | CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION"
            + " suppress_redundant_updates_trigger() | no",
        "SELECT * FROM t | ALTER TABLE t ADD COLUMN later int DEFAULT 7 | yes",
        "TABLE t | ALTER TABLE t ADD COLUMN later int | yes",
        "SELECT t FROM t | ALTER TABLE t ADD COLUMN later int | yes",
        "SELECT t.id FROM t NATURAL JOIN r | ALTER TABLE t ADD COLUMN x int | yes",
        "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM r WHERE x = a) | ALTER TABLE r ADD COLUMN a"
            + " int | yes",
        "SELECT x FROM r | ALTER TABLE r ALTER COLUMN x TYPE bigint | yes",
        "SELECT x FROM r | ALTER TABLE r ALTER COLUMN x TYPE int USING x + 1 | yes",
        "SELECT a FROM t | ALTER TABLE t RENAME COLUMN a TO b | yes",
        "SELECT a FROM t | ALTER TABLE t DROP COLUMN a CASCADE | yes",
        "SELECT a FROM t | ALTER TABLE t ENABLE ROW LEVEL SECURITY | yes",
        "SELECT a FROM t | CREATE POLICY p ON t USING (true) | yes",
        "SELECT a FROM t | ALTER TABLE t SET UNLOGGED | yes",
        "SELECT a FROM t | CREATE TABLE kid () INHERITS (t) | yes",
        "SELECT a FROM t | CREATE SCHEMA sooner CREATE TABLE t (a int) | yes",
        "SELECT a FROM t | ALTER TABLE t RENAME TO u | yes",
        "SELECT a FROM v | CREATE OR REPLACE VIEW v AS SELECT id, a + 1 AS a FROM t | yes",
        "SELECT a FROM mv | REFRESH MATERIALIZED VIEW mv | yes",
        "SELECT m FROM t | ALTER TYPE mood ADD VALUE 'glad' | yes",
        "SELECT ms FROM t | ALTER TYPE mood RENAME VALUE 'sad' TO 'blue' | yes",
        "SELECT h FROM t | ALTER TYPE colour RENAME VALUE 'red' TO 'pink' | yes",
        "SELECT t FROM t | ALTER TYPE mood RENAME VALUE 'sad' TO 'blue' | yes",
        "SELECT lower(s) FROM t | CREATE FUNCTION lower(varchar) RETURNS text IMMUTABLE LANGUAGE"
            + " sql AS 'SELECT ''x''' | yes",
        "SELECT a FROM t WHERE s || 'x' = 'ax' | CREATE OPERATOR || (LEFTARG = varchar, RIGHTARG ="
            + " text, FUNCTION = glue) | yes",
        "SELECT a FROM t WHERE a = 1 | CREATE OPERATOR = (LEFTARG = point, RIGHTARG = int, FUNCTION"
            + " = reads_point) | yes",
        "SELECT a FROM t WHERE m::text = 'sad' | CREATE CAST (mood AS text) WITH FUNCTION"
            + " mood_text(mood) AS IMPLICIT | yes",
        "SELECT reads() FROM t | CREATE FUNCTION other() RETURNS int LANGUAGE sql AS 'SELECT 1' |"
            + " no",
        "SELECT says() FROM t | CREATE FUNCTION late() RETURNS int LANGUAGE sql AS 'SELECT 1' |"
            + " yes",
        "SELECT says() FROM t | CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION ="
            + " int4eq) | yes",
        "SELECT reads() FROM t | CREATE OR REPLACE FUNCTION reads() RETURNS int STABLE LANGUAGE sql"
            + " AS 'SELECT 2' | yes",
        "SELECT to_tsvector('simple', s) FROM t | CREATE TEXT SEARCH CONFIGURATION simple (COPY ="
            + " english) | yes",
        "SELECT '1'::late FROM t | DROP TYPE late | yes",
        "UPDATE t SET a = 1 | CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION"
            + " suppress_redundant_updates_trigger() | yes",
        "INSERT INTO t (id) VALUES (1) RETURNING a | ALTER TABLE t ALTER a SET DEFAULT 5 | yes",
      })
  void concerns(String statement, String ddl, String expected) throws SQLException {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    String database = postgres.freshDatabase();
    List<String> setup = new ArrayList<>(BEFORE);
    if (ddl.contains("late") && !ddl.startsWith("CREATE") && !ddl.startsWith("ALTER TABLE")) {
      setup.add("CREATE DOMAIN late AS int");
    }
    setup.add(
        "CREATE FUNCTION reads_point(point, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT"
            + " true'");
    setup.add(
        "CREATE FUNCTION mood_text(mood) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''m'''");
    setup.add(
        "CREATE FUNCTION glue(varchar, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT"
            + " ''g'''");
    postgres.executeIn(database, setup.toArray(String[]::new));
    SchemaSnapshot before = read(postgres, database);
    Footprint footprint = footprint(postgres, database, before, statement);
    postgres.executeIn(database, ddl);
    SchemaSnapshot after = read(postgres, database);
    SchemaDrift drift = new SchemaDrift(before, after);

    assertThat(
            drift
                    .concerns(traits(footprint), columns(footprint), SearchPath.anywhere(), false)
                    .isPresent()
                ? "yes"
                : "no")
        .as(
            drift.concerns(traits(footprint), columns(footprint), SearchPath.anywhere(), false)
                + " "
                + footprint)
        .isEqualTo(expected);
  }

  /** A new tenant's tables, each in a schema of its own, mean nothing to the others. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT a FROM t | public | no",
        "SELECT a FROM t | \"$user\", public | no",
        "SELECT a FROM t | \"$user\", tenant12 | no",
        "SELECT a FROM t | tenant1, public | yes",
        "SELECT a FROM t | \"$user\", TENANT1 | yes",
        "SELECT a FROM public.t, pg_class WHERE relname = 'tenant1' | public | yes",
        "SELECT a FROM public.t WHERE 't'::regclass IS NOT NULL | public | no",
        "SELECT reads() FROM t | public | yes"
      })
  void aRelationOfTheSameNameConcernsWhereItIsFound(String statement, String path, String expected)
      throws SQLException {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    String database = postgres.freshDatabase();
    postgres.executeIn(database, BEFORE.toArray(String[]::new));
    SchemaSnapshot before = read(postgres, database);
    Footprint footprint = footprint(postgres, database, before, statement);
    postgres.executeIn(database, "CREATE SCHEMA tenant1 CREATE TABLE t (a int)");
    SchemaDrift drift = new SchemaDrift(before, read(postgres, database));
    Question question =
        new Question(statement, List.of(), new TreeMap<>(Map.of("search_path", path)));

    assertThat(
            drift
                    .concerns(
                        traits(footprint),
                        columns(footprint),
                        SearchPath.of(question, Set.of("tenant")),
                        true)
                    .isPresent()
                ? "yes"
                : "no")
        .isEqualTo(expected);
    assertThat(
            drift.concerns(
                traits(footprint),
                columns(footprint),
                SearchPath.of(
                    new Question(
                        statement, List.of(), new TreeMap<>(Map.of("search_path", "\"$user\""))),
                    Set.of("tenant1")),
                true))
        .isPresent();
  }

  @Test
  void aNewStorageTellsOnMainAlone() throws SQLException {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    String database = postgres.freshDatabase();
    postgres.executeIn(database, "CREATE TABLE t (id int PRIMARY KEY, a int)");
    SchemaSnapshot before = read(postgres, database);
    Footprint footprint = footprint(postgres, database, before, "SELECT a FROM t");
    postgres.executeIn(database, "VACUUM FULL t");
    SchemaDrift drift = new SchemaDrift(before, read(postgres, database));

    assertThat(drift.concerns(traits(footprint), columns(footprint), SearchPath.anywhere(), false))
        .isEmpty();
    assertThat(drift.concerns(traits(footprint), columns(footprint), SearchPath.anywhere(), true))
        .isPresent();
    assertThat(drift.altered()).as("rows of it can be folded back").isEmpty();
  }

  @Test
  void anInsertOfGivenValuesSaysWhichRowsItWrites() throws SQLException {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    String database = postgres.freshDatabase();
    postgres.executeIn(
        database, "CREATE TABLE t (id int PRIMARY KEY, name text, at timestamptz, price numeric)");
    SchemaSnapshot schema = read(postgres, database);
    assertThat(given(postgres, database, schema, "INSERT INTO t (name, id) VALUES ('a', 7)"))
        .isEqualTo("not #1 is distinct from 7 and not #2 is distinct from 'a'");
    assertThat(given(postgres, database, schema, "INSERT INTO t (id) VALUES (1), (2)"))
        .isEqualTo("not #1 is distinct from 1 or not #1 is distinct from 2");
    assertThat(given(postgres, database, schema, "INSERT INTO t (id, price) VALUES (1 + 1, 5)"))
        .isEqualTo("always");
  }

  private static String given(
      TemporaryPostgres postgres, String database, SchemaSnapshot schema, String statement)
      throws SQLException {
    return footprint(postgres, database, schema, statement) instanceof Footprint.OwnWrite own
        ? Condition.show(own.given())
        : "";
  }

  private static SchemaSnapshot read(TemporaryPostgres postgres, String database)
      throws SQLException {
    try (Connection connection = postgres.connect(database)) {
      return SchemaReader.read(connection, Lsn.ZERO);
    }
  }

  private static Footprint footprint(
      TemporaryPostgres postgres, String database, SchemaSnapshot schema, String statement)
      throws SQLException {
    try (Analyst analyst =
        new Analyst(
            () -> postgres.connect(database),
            "postgres",
            schema,
            new Kept.OfBranch(),
            Traps.NONE)) {
      return analyst.footprint(new Question(statement, List.of(), new TreeMap<>()));
    }
  }

  private static Traits traits(Footprint footprint) {
    return switch (footprint) {
      case Footprint.Reads reads -> reads.traits();
      case Footprint.AlwaysRerun rerun -> rerun.traits();
      case Footprint.OwnWrite own -> own.traits();
      case Footprint.NotOfData none -> throw new AssertionError(none);
      case Footprint.Unanswerable none -> throw new AssertionError(none);
    };
  }

  private static Map<TableId, Columns> columns(Footprint footprint) {
    Map<TableId, Columns> columns = new HashMap<>();
    if (footprint instanceof Footprint.Reads reads) {
      reads
          .occurrences()
          .forEach(occurrence ->
              columns.merge(occurrence.table(), occurrence.columns(), Columns::together));
    }
    return columns;
  }
}
