package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Lsn;
import dev.anabranch.ledger.Question;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.Traps;
import dev.anabranch.predicate.footprint.Columns;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Occurrence;
import dev.anabranch.predicate.match.Condition;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What statements are found to read, held as text: {@code table[columns | condition]} for each
 * mention of a table, columns by number. The corpus is {@code footprints/corpus.txt}, a statement
 * and, indented, its footprint.
 */
@SuppressWarnings("NullAway") // what the corpus names is there
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
          "CREATE FUNCTION pure(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
          "CREATE FUNCTION wild() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1'");

  @Test
  void statementsReadWhatTheCorpusSays() throws SQLException, IOException {
    assertCorpus(TemporaryPostgres.shared());
  }

  @Test
  void treesOfPostgres15AreReadAlike() throws SQLException, IOException {
    Optional<TemporaryPostgres> old = TemporaryPostgres.start(15);
    Assumptions.assumeTrue(old.isPresent(), "no Postgres 15 is installed here");
    try (TemporaryPostgres postgres = old.get()) {
      assertCorpus(postgres);
    }
  }

  private static void assertCorpus(TemporaryPostgres postgres) throws SQLException, IOException {
    String database = postgres.freshDatabase();
    postgres.executeIn(database, TABLES.toArray(String[]::new));
    SchemaSnapshot schema;
    try (Connection connection = postgres.connect(database)) {
      schema = SchemaReader.read(connection, Lsn.ZERO);
    }
    List<String> found = new ArrayList<>();
    try (Analyst analyst =
        new Analyst(() -> postgres.connect(database), "postgres", schema, Traps.NONE)) {
      for (String line : corpus()) {
        if (!line.startsWith(" ")) {
          found.add(line);
          found.add(
              "  "
                  + show(
                      analyst.footprint(new Question(line, List.of(), new TreeMap<>())), schema));
        }
      }
    }
    assertThat(String.join("\n", found)).isEqualTo(String.join("\n", corpus()));
  }

  private static List<String> corpus() throws IOException {
    try (InputStream in = FootprintCorpusTest.class.getResourceAsStream("/footprints/corpus.txt")) {
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
              + reads.traits().timeDependent().map(why -> " clock").orElse("");
      case Footprint.AlwaysRerun rerun -> "ask again: " + rerun.why();
      case Footprint.OwnWrite own -> "own write" + (own.repeatable() ? "" : ", drawn");
      case Footprint.CatalogsOnly ignored -> "catalogs only";
      case Footprint.Unanswerable no -> "undecided: " + no.why();
    };
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
