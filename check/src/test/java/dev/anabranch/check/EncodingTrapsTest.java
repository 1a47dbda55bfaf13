package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Question;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.match.Layout;
import dev.anabranch.predicate.match.RowMatcher;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In whichever encoding a database keeps its texts, no row that a random condition finds in
 * Postgres is called none of it here.
 */
@Tag("postgres")
final class EncodingTrapsTest {

  private static final long SEED = Long.getLong("anabranch.seed", 20261129L);
  private static final int CONDITIONS = 40;

  /** In LATIN1 the first two, one after the other, are the bytes of the third in UTF-8. */
  private static final List<String> LETTERS = List.of("\u00c3", "\u00a9", "\u00e9", "a");

  @ParameterizedTest
  @ValueSource(strings = {"LATIN1", "SQL_ASCII", "UTF8"})
  void noRowIsMissed(String encoding) throws SQLException {
    assertThat(missed(encoding, Traps.NONE)).as("seed %d", SEED).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"LATIN1", "SQL_ASCII"})
  void aRuleSwitchedOffIsSeen(String encoding) throws SQLException {
    assertThat(missed(encoding, Traps.of(Trap.EVERYTHING_IS_UTF8)))
        .as("seed %d", SEED)
        .isNotEmpty();
  }

  private static List<String> missed(String encoding, Traps traps) throws SQLException {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    String database = "in_" + encoding.toLowerCase(Locale.ROOT);
    postgres.execute(
        "CREATE DATABASE "
            + database
            + " TEMPLATE template0 LOCALE 'C' ENCODING '"
            + encoding
            + "'");
    Random random = new Random(SEED);
    Set<String> texts = new TreeSet<>(LETTERS);
    for (int i = 0; i < CONDITIONS; i++) {
      texts.add(text(random));
    }
    postgres.executeIn(database, "CREATE TABLE words (n text PRIMARY KEY)");
    texts.forEach(
        text -> postgres.executeIn(database, "INSERT INTO words VALUES ('" + text + "')"));
    try (Connection connection = postgres.connect(database)) {
      SchemaSnapshot schema = SchemaReader.read(connection, Lsn.ZERO);
      try (Analyst analyst =
          new Analyst(
              () -> postgres.connect(database), "postgres", schema, new Kept.OfBranch(), traps)) {
        List<String> missed = new ArrayList<>();
        for (int i = 0; i < CONDITIONS; i++) {
          String sql = "SELECT n FROM words WHERE " + condition(random);
          List<String> found = postgres.query(database, sql);
          if (analyst.footprint(question(sql)) instanceof Footprint.Reads reads) {
            found.stream()
                .filter(row -> !mayMatch(reads, schema, row, traps))
                .forEach(row -> missed.add(row + ": " + sql));
          }
        }
        return missed;
      }
    } finally {
      postgres.execute("DROP DATABASE " + database + " WITH (FORCE)");
    }
  }

  private static Question question(String sql) {
    return new Question(sql, List.of(), new TreeMap<>());
  }

  private static boolean mayMatch(
      Footprint.Reads reads, SchemaSnapshot schema, String row, Traps traps) {
    return reads.occurrences().stream()
        .anyMatch(occurrence -> {
          TableShape shape =
              Objects.requireNonNull(schema.relations().get(occurrence.table())).shape();
          return new RowMatcher(List.of(), traps)
              .decide(
                  occurrence.condition(),
                  Layout.of(shape, shape),
                  new Image(List.of(new Cell.Text(row))),
                  Set.of())
              .mayBeTrue();
        });
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i <= random.nextInt(3); i++) {
      text.append(LETTERS.get(random.nextInt(LETTERS.size())));
    }
    return text.toString();
  }

  private static String condition(Random random) {
    String first = "'" + text(random) + "'";
    return switch (random.nextInt(3)) {
      case 0 -> "n = " + first;
      case 1 -> "n IN (" + first + ", '" + text(random) + "')";
      // Where characters are bytes, one letter is two of them.
      default -> "n LIKE " + first.replaceAll("\u00e9", random.nextBoolean() ? "_" : "__");
    };
  }
}
