package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Question;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Columns;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Occurrence;
import dev.anabranch.predicate.footprint.Repeat;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.match.Condition;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What statements are found to read, held as text: {@code table[columns | condition]} for each
 * mention of a table, columns by number. The corpus is {@code footprints/corpus.txt}, a statement
 * and, indented, its footprint.
 */
@SuppressWarnings("NullAway") // what the corpus names is there
@Tag("postgres")
class FootprintCorpusTest {

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE t (id int PRIMARY KEY, a int, n numeric(10,2), s text, d timestamptz, c"
              + " char(5), f float8, flag bool)",
          "CREATE TABLE r (id int PRIMARY KEY, t_id int, x int, s text)",
          "CREATE TABLE kids () INHERITS (r)",
          "CREATE TABLE g (id int PRIMARY KEY, a int, twice int GENERATED ALWAYS AS (a * 2)"
              + " STORED)",
          "CREATE UNLOGGED TABLE u (id int PRIMARY KEY)",
          "CREATE VIEW v AS SELECT id, a, s FROM t WHERE a > 3",
          "CREATE VIEW top AS SELECT id, a FROM t ORDER BY a LIMIT 3",
          "CREATE MATERIALIZED VIEW mv AS SELECT a FROM t",
          "CREATE TYPE mood AS ENUM ('sad', 'ok')",
          "CREATE TABLE moods (id int PRIMARY KEY, m mood)",
          "CREATE FUNCTION check_it(text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true'",
          "CREATE DOMAIN checked AS text CHECK (check_it(value))",
          "CREATE SEQUENCE r_id_seq",
          "CREATE TABLE s (id serial PRIMARY KEY, x int, at timestamptz)",
          "CREATE TABLE parent (id int PRIMARY KEY, note text)",
          "CREATE TABLE child (id int PRIMARY KEY, p int REFERENCES parent ON DELETE CASCADE)",
          "CREATE TABLE noisy (id int PRIMARY KEY)",
          "CREATE FUNCTION on_noisy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'",
          "CREATE TRIGGER loud BEFORE INSERT ON noisy FOR EACH ROW EXECUTE FUNCTION on_noisy()",
          "CREATE TABLE ruled (id int PRIMARY KEY)",
          "CREATE RULE twice AS ON INSERT TO ruled DO ALSO INSERT INTO s (x) VALUES (new.id)",
          "CREATE TABLE only_kids (id int PRIMARY KEY, x int)",
          "CREATE TABLE younger () INHERITS (only_kids)",
          "CREATE TABLE p (id int, x int, PRIMARY KEY (id)) PARTITION BY RANGE (id)",
          "CREATE TABLE p_low PARTITION OF p FOR VALUES FROM (0) TO (9)",
          "CREATE EXTENSION \"uuid-ossp\"",
          "CREATE EXTENSION pg_trgm",
          "CREATE EXTENSION citext",
          "CREATE TABLE c (id int PRIMARY KEY, e citext)",
          "CREATE FUNCTION pure(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
          "CREATE FUNCTION wild() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1'");

  @Test
  void statementsReadWhatTheCorpusSays() throws SQLException, IOException {
    assertCorpus(TemporaryPostgres.shared(), "corpus.txt");
  }

  @Test
  void whatPostgres18AddsReadsWhatItsCorpusSays() throws SQLException, IOException {
    assertCorpus(TemporaryPostgres.shared(), "corpus-18.txt");
  }

  @Test
  void treesOfAnotherReleaseAreReadAlike() throws SQLException, IOException {
    Optional<TemporaryPostgres> old = TemporaryPostgres.start(TemporaryPostgres.OTHER_MAJOR);
    Assumptions.assumeTrue(old.isPresent(), "that Postgres is not installed here");
    try (TemporaryPostgres postgres = old.get()) {
      assertCorpus(postgres, "corpus.txt");
    }
  }

  @Test
  void aSettingThatIsKeptIsAConditionLikeAnyOther() throws SQLException {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    String database = postgres.freshDatabase();
    postgres.executeIn(database, TABLES.toArray(String[]::new));
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
      assertThat(
              show(
                  analyst.footprint(
                      new Question(
                          "SELECT id FROM t WHERE a = current_setting('app.tenant')::int AND s ="
                              + " current_setting('app.name')",
                          List.of(),
                          new TreeMap<>(Map.of("app.tenant", "7", "app.name", "ä")))),
                  schema))
          .isEqualTo("t[1,2,4 | #2 = 7 and #4 = 'ä']");
      assertThat(
              show(
                  analyst.footprint(
                      new Question(
                          "SELECT id FROM t WHERE s = current_setting('app.tenant') AND a = 1",
                          List.of(),
                          new TreeMap<>(Map.of("app.tenant", "")))),
                  schema))
          .as("one that may not be set fails, but only where a row gets there")
          .isEqualTo("t[1,2,4 | always]");
    }
  }

  @Test
  void oneQuestionsSettingsAreNotThoseOfTheNext() throws SQLException {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    String database = postgres.freshDatabase();
    postgres.executeIn(database, TABLES.toArray(String[]::new));
    SchemaSnapshot schema;
    try (Connection connection = postgres.connect(database)) {
      schema = SchemaReader.read(connection, Lsn.ZERO);
    }
    String sql = "SELECT id FROM t WHERE d = '01.02.2026 00:00:00'";
    try (Analyst analyst =
        new Analyst(
            () -> postgres.connect(database),
            "postgres",
            schema,
            new Kept.OfBranch(),
            Traps.NONE)) {
      List<String> found = new ArrayList<>();
      for (Map<String, String> settings :
          List.of(
              Map.of("datestyle", "German, DMY", "timezone", "UTC"),
              Map.of("datestyle", "ISO, MDY", "timezone", "UTC"),
              Map.of("datestyle", "SQL, DMY", "timezone", "UTC", "statement_timeout", "1"),
              Map.of("client_encoding", "LATIN1", "datestyle", "ISO, MDY", "timezone", "UTC"))) {
        found.add(
            show(analyst.footprint(new Question(sql, List.of(), new TreeMap<>(settings))), schema));
      }
      assertThat(found)
          .containsExactly(
              "t[1,5 | #5 = 1769904000000000]",
              "t[1,5 | #5 = 1767312000000000]",
              "t[1,5 | #5 = 1769904000000000]",
              "t[1,5 | #5 = 1767312000000000]");
    }
  }

  private static void assertCorpus(TemporaryPostgres postgres, String name)
      throws SQLException, IOException {
    String database = postgres.freshDatabase();
    postgres.executeIn(database, TABLES.toArray(String[]::new));
    SchemaSnapshot schema;
    try (Connection connection = postgres.connect(database)) {
      schema = SchemaReader.read(connection, Lsn.ZERO);
    }
    List<String> found = new ArrayList<>();
    try (Analyst analyst =
        new Analyst(
            () -> postgres.connect(database),
            "postgres",
            schema,
            new Kept.OfBranch(),
            Traps.NONE)) {
      for (String line : corpus(name)) {
        if (!line.startsWith(" ")) {
          found.add(line);
          found.add(
              "  "
                  + show(
                      analyst.footprint(new Question(line, List.of(), new TreeMap<>())), schema));
        }
      }
    }
    assertThat(String.join("\n", found)).isEqualTo(String.join("\n", corpus(name)));
  }

  private static List<String> corpus(String name) throws IOException {
    try (InputStream in = FootprintCorpusTest.class.getResourceAsStream("/footprints/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .toList();
    }
  }

  private static String show(Footprint footprint, SchemaSnapshot schema) {
    return switch (footprint) {
      case Footprint.Reads reads ->
          (reads.occurrences().isEmpty() ? "nothing" : "")
              + reads.occurrences().stream()
                  .map(occurrence -> show(occurrence, schema))
                  .collect(Collectors.joining(" "))
              + reads.traits().timeDependent().map(why -> " clock").orElse("")
              + show(reads.traits());
      case Footprint.AlwaysRerun rerun -> "ask again: " + rerun.why() + show(rerun.traits());
      case Footprint.OwnWrite own -> "own write" + (own.repeatable() ? "" : ", drawn");
      case Footprint.NotOfData ignored -> "not of the data";
      case Footprint.Unanswerable no -> "undecided: " + no.why();
    };
  }

  private static String show(Traits traits) {
    String repeat =
        switch (traits.repeat()) {
          case Repeat.Same ignored -> "";
          case Repeat.AgreementOnly ignored -> ", only agreement counts";
          case Repeat.Available ignored -> ", agreement counts, with others locked, too";
          case Repeat.Drawn(String why) -> ", drawn: " + why;
        };
    return repeat + (traits.writes().isPresent() ? ", writes" : "");
  }

  private static String show(Occurrence occurrence, SchemaSnapshot schema) {
    String columns =
        switch (occurrence.columns()) {
          case Columns.All ignored -> "all";
          case Columns.Some(var numbers) ->
              numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
        };
    return schema.relations().get(occurrence.table()).shape().name()
        + "["
        + columns
        + " | "
        + Condition.show(occurrence.condition())
        + "]";
  }
}
