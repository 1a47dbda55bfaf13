package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Question;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which questions mean the same whoever asks them, and so may be put to main by anybody. */
@Tag("postgres")
final class AskerTest {

  private static final List<String> BEFORE =
      List.of(
          "CREATE TABLE t (id int PRIMARY KEY, a int, s text)",
          "CREATE VIEW v AS SELECT id, a FROM t WHERE s = current_user",
          "CREATE VIEW plain AS SELECT id, a FROM t",
          "CREATE TABLE veiled (id int PRIMARY KEY)",
          "ALTER TABLE veiled ENABLE ROW LEVEL SECURITY",
          "CREATE VIEW through AS SELECT * FROM veiled",
          "CREATE FUNCTION twice(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 * 2'");

  private static final List<String> SAME =
      List.of(
          "SELECT a FROM t",
          "SELECT sum(a) OVER (ORDER BY id) FROM plain",
          "SELECT count(*) FROM t WHERE id < extract(year FROM now())",
          "SELECT a FROM t WHERE s = current_setting('app.tenant', true)",
          "SELECT tableoid FROM t",
          "SELECT lower(s), s LIKE 'a%', to_char(a, '999') FROM t");

  private static final List<String> ANOTHER =
      List.of(
          "SELECT a, current_user FROM t",
          "SELECT a, session_user FROM t",
          "SELECT a, user FROM t",
          "SELECT a, current_role FROM t",
          "SELECT a, current_catalog FROM t",
          "SELECT a, current_schema FROM t",
          "SELECT a, current_schema() FROM t",
          "SELECT a, current_schemas(true) FROM t",
          "SELECT a FROM v",
          "SELECT id FROM veiled",
          "SELECT id FROM through",
          "SELECT a FROM t WHERE EXISTS (SELECT FROM veiled)",
          "SELECT a FROM t WHERE has_table_privilege('t', 'SELECT')",
          "SELECT a FROM t WHERE pg_has_role('postgres', 'MEMBER')",
          "SELECT a FROM t WHERE row_security_active('t')",
          "SELECT a, pg_get_userbyid(10) FROM t",
          "SELECT a, 'postgres'::regrole FROM t",
          "SELECT a, s::regrole FROM t",
          "SELECT a, s::regclass FROM t",
          "SELECT a, rolname FROM t, pg_roles",
          "SELECT a, relname FROM t, pg_class",
          "SELECT a, current_setting('search_path') FROM t",
          "SELECT a, current_setting('is_superuser') FROM t",
          "SELECT a, current_setting(s) FROM t",
          "SELECT a FROM t FOR UPDATE",
          "SELECT a FROM t FOR KEY SHARE");

  @Test
  void whoAsksHasAPartInSome() throws SQLException {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    String database = postgres.freshDatabase();
    postgres.executeIn(database, BEFORE.toArray(String[]::new));
    SchemaSnapshot schema;
    try (Connection connection = postgres.connect(database)) {
      schema = SchemaReader.read(connection, Lsn.ZERO);
    }
    try (Analyst analyst =
        new Analyst(
            () -> postgres.connect(database),
            "postgres",
            schema,
            new Kept.OfBranch(),
            Traps.NONE)) {
      for (String question : SAME) {
        Traits traits = traits(analyst, question);
        assertThat(traits.asker()).as(question).isEmpty();
        assertThat(traits.userCode()).as(question).isFalse();
      }
      for (String question : ANOTHER) {
        assertThat(traits(analyst, question).asker()).as(question).isPresent();
      }
      assertThat(traits(analyst, "SELECT twice(a) FROM t").userCode()).isTrue();
    }
  }

  private static Traits traits(Analyst analyst, String question) {
    TreeMap<String, String> settings =
        new TreeMap<>(Map.of("search_path", "public", "is_superuser", "on"));
    Footprint footprint = analyst.footprint(new Question(question, List.of(), settings));
    return switch (footprint) {
      case Footprint.Reads reads -> reads.traits();
      case Footprint.AlwaysRerun rerun -> rerun.traits();
      case Footprint.OwnWrite own -> own.traits();
      case Footprint.NotOfData none -> throw new AssertionError(question + ": " + none);
      case Footprint.Unanswerable none -> throw new AssertionError(question + ": " + none);
    };
  }

  /** Where names are looked up is told with the eyes of the one who asked. */
  @Test
  void schemasThatItsRoleMayNotUseAreNoneOfItsPath() throws SQLException {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    String database = postgres.freshDatabase();
    String role = "asker_" + database;
    postgres.executeIn(
        database,
        "CREATE ROLE \"" + role + "\"",
        "CREATE SCHEMA closed",
        "CREATE SCHEMA \"" + role + "\" AUTHORIZATION \"" + role + "\"",
        "CREATE TABLE t (id int PRIMARY KEY)");
    SchemaSnapshot schema;
    try (Connection connection = postgres.connect(database)) {
      schema = SchemaReader.read(connection, Lsn.ZERO);
    }
    try (Analyst analyst =
        new Analyst(
            () -> postgres.connect(database), role, schema, new Kept.OfBranch(), Traps.NONE)) {
      TreeMap<String, String> settings =
          new TreeMap<>(Map.of("search_path", "closed, nowhere, \"$user\", public"));
      Question question = new Question("SELECT id FROM t", List.of(), settings);

      assertThat(analyst.searchPath(question).replace("\"", "")).isEqualTo(role + ", public");
    } finally {
      postgres.executeIn(database, "DROP SCHEMA \"" + role + "\"", "DROP ROLE \"" + role + "\"");
    }
  }
}
