package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.cluster.Trees;
import dev.anabranch.server.Anabranch;
import dev.anabranch.server.settings.Settings;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Questions of main alone are asked again on the mirror, with the same outcome as on a copy of
 * main; all others are asked on a copy. A copy is told by its place among the scratch copies.
 */
@Tag("postgres")
final class OnMirrorTest {

  private static final String BRANCH = "on-mirror";
  private static final AtomicReference<Traps> SPRUNG = new AtomicReference<>(Traps.NONE);

  /** Of main alone, each with its session's settings before it. */
  private static final List<String> QUESTIONS =
      List.of(
          "SELECT count(*) FROM o",
          "SELECT sum(total) FROM o",
          "SELECT avg(total), min(total), max(total) FROM o WHERE c = 1",
          "SELECT * FROM o WHERE id = 3",
          "SELECT * FROM o ORDER BY id",
          "SELECT id FROM o ORDER BY total DESC, id LIMIT 3",
          "SELECT id FROM o ORDER BY id OFFSET 2",
          "SELECT DISTINCT s FROM o ORDER BY s",
          "SELECT s, count(*) FROM o GROUP BY s HAVING count(*) > 1",
          "SELECT c.name, count(*) FROM o JOIN c ON c.id = o.c GROUP BY c.name ORDER BY 1",
          "SELECT c.name, o.id FROM c LEFT JOIN o ON o.c = c.id AND o.s = 'open' ORDER BY 1, 2",
          "SELECT name FROM c WHERE NOT EXISTS (SELECT FROM o WHERE o.c = c.id)",
          "SELECT name FROM c WHERE id IN (SELECT c FROM o WHERE total > 30) ORDER BY 1",
          "SELECT id, sum(total) OVER (PARTITION BY c ORDER BY id) FROM o ORDER BY id",
          "SELECT id, row_number() OVER (ORDER BY total DESC, id) FROM o ORDER BY id",
          "SELECT lag(total) OVER (ORDER BY id) FROM o",
          "WITH big AS (SELECT * FROM o WHERE total > 20) SELECT count(*), sum(total) FROM big",
          "WITH RECURSIVE n AS (SELECT min(id) AS i FROM o UNION ALL SELECT i + 1 FROM n WHERE i <"
              + " (SELECT max(id) FROM o)) SELECT count(*) FROM n",
          "SELECT string_agg(s, ',' ORDER BY id) FROM o",
          "SELECT array_agg(id ORDER BY id) FROM o WHERE s = 'open'",
          "SELECT jsonb_object_agg(id, total) FROM o",
          "SELECT to_jsonb(o) FROM o WHERE id = 2",
          "SELECT count(*) FILTER (WHERE s = 'open') FROM o",
          "SELECT count(DISTINCT c) FROM o",
          "SELECT GREATEST(max(total), 5), COALESCE(min(total), 0) FROM o",
          "SELECT day FROM o WHERE id = 1",
          "SELECT count(*) FROM o WHERE day < now()",
          "SELECT count(*) FROM o WHERE at > now() - interval '100 years'",
          "SELECT to_char(day, 'YYYY-MM-DD'), date_trunc('month', at) FROM o WHERE id = 4",
          "SELECT extract(dow FROM day), at::date FROM o WHERE id = 4",
          "SELECT total::float8 / 3 FROM o WHERE id = 3",
          "SELECT b FROM o WHERE id = 3",
          "SELECT (at - timestamptz '2026-01-01 00:00+00') FROM o WHERE id = 4",
          "SELECT count(*) FROM seen",
          "SELECT * FROM seen WHERE c = 1 ORDER BY id",
          "SELECT count(*) FROM other.o",
          "SELECT s FROM o UNION SELECT name FROM c",
          "SELECT c FROM o EXCEPT SELECT id FROM c",
          "SELECT generate_series(1, count(*)) FROM c",
          "SELECT bool_and(total > 5), every(s <> '') FROM o",
          "SELECT GROUPING(s, c), count(*) FROM o GROUP BY ROLLUP (s, c)",
          "SELECT lower(name) || '!' FROM c WHERE name LIKE 'a%'");

  private static final List<String> SETTINGS =
      List.of(
          "SET search_path = other, public",
          "RESET search_path",
          "SET datestyle = 'ISO, DMY'",
          "SET TimeZone = 'Pacific/Auckland'",
          "SET IntervalStyle = 'iso_8601'",
          "SET bytea_output = 'escape'",
          "SET extra_float_digits = -4");

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Path home;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Anabranch server;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Product product;

  @BeforeAll
  static void start() throws IOException {
    home = TemporaryPostgres.temporaryDirectory("anabranch-on-mirror-");
    server = new Anabranch(Settings.inDirectory(home.resolve("data")), step -> {}, SPRUNG::get);
    product = Product.of(server.start());
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    Trees.delete(home);
  }

  @BeforeEach
  void tables() throws SQLException {
    onMain(
        "CREATE ROLE reader",
        "CREATE TABLE c (id int PRIMARY KEY, name text)",
        "CREATE TABLE o (id int PRIMARY KEY, c int, s text, total numeric, day date, at"
            + " timestamptz, b bytea)",
        "CREATE TABLE own (id int PRIMARY KEY, n int)",
        "CREATE TABLE veiled (id int PRIMARY KEY, who text)",
        "ALTER TABLE veiled ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY shown ON veiled USING (who = 'all')",
        "CREATE VIEW seen AS SELECT o.id, o.c, c.name FROM o JOIN c ON c.id = o.c",
        "CREATE SCHEMA other",
        "CREATE TABLE other.o (id int PRIMARY KEY, c int, s text, total numeric, day date, at"
            + " timestamptz, b bytea)",
        "INSERT INTO c VALUES (1, 'anna'), (2, 'bert'), (3, 'carl')",
        "INSERT INTO o SELECT g, 1 + g % 2, CASE WHEN g % 3 = 0 THEN 'open' ELSE 'sent' END, g *"
            + " 10, date '2026-01-01' + g, timestamptz '2026-01-01 12:00+00' + g * interval '7"
            + " hours', '\\xff00'::bytea FROM generate_series(1, 6) g",
        "INSERT INTO other.o SELECT * FROM o WHERE id < 3",
        "INSERT INTO own VALUES (1, 3), (2, 5)",
        "INSERT INTO veiled VALUES (1, 'all')",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
        "GRANT INSERT ON veiled TO reader");
    product.create(BRANCH, Product.Wish.now().thrownAway());
  }

  @AfterEach
  void remove() throws SQLException {
    SPRUNG.set(Traps.NONE);
    product.delete(BRANCH);
    onMain(
        "DROP SCHEMA other CASCADE",
        "DROP VIEW seen",
        "DROP TABLE c, o, own, veiled",
        "DROP ROLE reader");
  }

  private static void onMain(String... statements) throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, List.of(statements));
    }
  }

  private static void mainMoves() throws SQLException {
    onMain(
        "UPDATE o SET s = 'open', total = total + 1, day = day + 1 WHERE id IN (3, 4)",
        "INSERT INTO o VALUES (7, 3, 'new', 70, '2026-03-01', '2026-03-01 12:00+00', '\\x01')",
        "DELETE FROM o WHERE id = 1",
        "UPDATE c SET name = 'agnes' WHERE id = 1",
        "DELETE FROM other.o WHERE id = 2",
        "INSERT INTO veiled VALUES (2, 'all')",
        "UPDATE own SET n = 6 WHERE id = 2");
  }

  private static void onBranch(String... statements) throws SQLException {
    try (Connection branch = product.branch(BRANCH).connect()) {
      onBranch(branch, List.of(statements));
    }
  }

  private static void onBranch(Connection branch, List<String> statements) throws SQLException {
    for (String statement : statements) {
      if (statement.startsWith("SELECT") || statement.startsWith("WITH")) {
        Sql.ask(branch, statement);
      } else {
        Sql.run(branch, statement);
      }
    }
  }

  private static Verdicts check() {
    return Verdicts.of(product.check(BRANCH));
  }

  /** When a copy was last made, or removed. */
  private static FileTime copies() {
    try {
      return Files.getLastModifiedTime(home.resolve("data/scratch"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a copy of main was made meanwhile. */
  private static boolean copied(FileTime before) {
    return !before.equals(copies());
  }

  /** What a verdict says of an answer, whichever way it was found. */
  private record Said(
      String sql, String verdict, String proof, String reason, String was, String now) {
    static List<Said> of(Verdicts verdicts, int first) {
      return verdicts.answers().stream()
          .limit(first)
          .map(entry ->
              new Said(
                  entry.sql(),
                  entry.verdict(),
                  entry.proof(),
                  entry.reason(),
                  String.valueOf(entry.was()),
                  String.valueOf(entry.now())))
          .toList();
    }
  }

  @Test
  void theMirrorSaysWhatACopySays() throws SQLException {
    List<String> script = new ArrayList<>(QUESTIONS);
    for (String setting : SETTINGS) {
      script.add(setting);
      script.addAll(
          List.of(
              "SELECT * FROM o WHERE id >= 3 ORDER BY id",
              "SELECT at - timestamptz '2026-01-01', total::float8 / 7, b FROM o WHERE id = 4",
              "SELECT count(*) FROM o WHERE s = 'open'"));
    }
    onBranch(script.toArray(String[]::new));
    mainMoves();
    FileTime before = copies();

    Verdicts onMirror = check();

    assertThat(copied(before)).as("a copy of main was made").isFalse();
    onBranch("UPDATE own SET n = 4 WHERE id = 1", "SELECT avg(n) FROM own");
    Verdicts onCopy = check();
    assertThat(copied(before)).as("a copy of main was made").isTrue();
    int asked = onMirror.answers().size();
    assertThat(asked).isEqualTo(QUESTIONS.size() + 3 * SETTINGS.size());
    assertThat(Said.of(onMirror, asked)).isEqualTo(Said.of(onCopy, asked));
    assertThat(onMirror.answers())
        .filteredOn(entry -> entry.proof().equals("rerun"))
        .extracting(Verdicts.Entry::verdict)
        .contains("holds", "changed")
        .hasSizeGreaterThan(40);
  }

  /** Against main itself, whose owner asks the same there. */
  @Test
  void whatItTellsIsWhatMainSays() throws SQLException {
    onBranch(QUESTIONS.toArray(String[]::new));
    mainMoves();

    Verdicts verdicts = check();

    try (Connection main = product.main().connect();
        Connection branch = product.branch(BRANCH).connect()) {
      for (Verdicts.Entry entry : verdicts.answers()) {
        boolean same = Sql.ask(main, entry.sql()).equals(Sql.ask(branch, entry.sql()));
        assertThat(entry.verdict()).as("%s", entry).isEqualTo(same ? "holds" : "changed");
      }
    }
  }

  @Test
  void workOnOtherTablesIsNoReasonForACopy() throws SQLException {
    onBranch("UPDATE own SET n = 4 WHERE id = 1", "SELECT count(*), sum(total) FROM o");
    mainMoves();
    FileTime before = copies();

    Verdicts.Entry answer = check().answers().getLast();

    assertThat(answer.verdict()).isEqualTo("changed");
    assertThat(answer.now()).hasToString("[[6, 272]]");
    assertThat(copied(before)).as("a copy of main was made").isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT avg(n) FROM own",
        "SELECT sum(total), current_user FROM o",
        "SELECT avg(id) FROM veiled",
        "SELECT total FROM o WHERE id = 3 FOR UPDATE"
      })
  void whoseMeaningIsNotMainsAloneIsAskedOnACopy(String question) throws SQLException {
    onBranch("UPDATE own SET n = 4 WHERE id = 1", question);
    mainMoves();
    FileTime before = copies();

    Verdicts verdicts = check();

    assertThat(copied(before)).as("a copy of main was made for %s", verdicts).isTrue();
  }

  /** Of customer 2 are the orders 1, 3 and 5; main takes 1 away and changes 3 and 4. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "UPDATE o SET s = 'sent' WHERE id = 2 | false | [[81]]",
        "INSERT INTO o (id, c, total) VALUES (100, 9, 1) | false | [[81]]",
        "DELETE FROM o WHERE id = 6 | false | [[81]]",
        "UPDATE o SET c = 2 WHERE id = 2 | true | [[101]]",
        "UPDATE o SET c = 9 WHERE id = 5 | true | [[31]]",
        "UPDATE o SET s = 'x' WHERE id = 5 | true | [[81]]",
        "UPDATE o SET b = NULL WHERE id = 4 | true | [[81]]"
      })
  void rowsOutOfSightAreNoReasonForACopy(String write, boolean copied, String now)
      throws SQLException {
    onBranch(write, "SELECT sum(total) FROM o WHERE c = 2");
    mainMoves();
    FileTime before = copies();

    Verdicts.Entry answer = check().answers().getLast();

    assertThat(answer.now()).as("%s", answer).hasToString(now);
    assertThat(copied(before)).as("a copy of main was made").isEqualTo(copied);
  }

  /** A schema that its role may not use is passed over, and that of its own name is not main's. */
  @Test
  void namesMeanWhatTheyMeantToTheClient() throws SQLException {
    product.delete(BRANCH);
    product.create(BRANCH, Product.Wish.now().as("reader").thrownAway());
    onBranch("SET search_path = other, \"$user\", public", "SELECT sum(total) FROM o");
    mainMoves();
    FileTime before = copies();

    Verdicts.Entry answer = check().answers().getLast();

    assertThat(answer.was()).hasToString("[[210]]");
    assertThat(answer.now()).hasToString("[[272]]");
    assertThat(copied(before)).as("a copy of main was made").isFalse();
  }

  @Test
  void whatWasAlteredOnMainIsAskedOnACopy() throws SQLException {
    onBranch("SELECT * FROM c ORDER BY id");
    onMain("ALTER TABLE c ADD COLUMN more int");
    FileTime before = copies();

    assertThat(check().answers().getLast().verdict()).isEqualTo("changed");
    assertThat(copied(before)).as("a copy of main was made").isTrue();
  }

  /** Half of 4 + 5 was told; main alone says half of 3 + 6, and the branch over main half of 10. */
  @Test
  void theBranchsOwnWritesAreNotForgotten() throws SQLException {
    onBranch("UPDATE own SET n = 4 WHERE id = 1", "SELECT avg(n) FROM own");
    onMain("UPDATE own SET n = 6 WHERE id = 2");

    Verdicts.Entry answer = check().answers().getLast();
    assertThat(answer.verdict()).isEqualTo("changed");
    assertThat(answer.now()).hasToString("[[5.0000000000000000]]");
    SPRUNG.set(Traps.of(Trap.ASK_MAIN_OVER_OWN_WRITES));
    assertThat(check().answers().getLast().verdict()).as("with the rule off").isEqualTo("holds");
  }

  /** All verdicts of a report are as of one position, however main moves meanwhile. */
  @Test
  void mainMovesWhileItIsChecked() throws Exception {
    onBranch("SELECT sum(n), count(*) FROM own", "SELECT sum(n) - 8 FROM own");
    AtomicBoolean stop = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              try (Connection main = product.main().connect()) {
                while (!stop.get()) {
                  Sql.run(main, "UPDATE own SET n = n + 1");
                }
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    try {
      for (int i = 0; i < 5; i++) {
        List<Verdicts.Entry> answers = check().answers();
        assertThat(number(answers.get(0)) - 8).isEqualTo(number(answers.get(1)));
        assertThat((number(answers.get(0)) - 8) % 2).isZero();
      }
    } finally {
      stop.set(true);
      writer.join();
    }
  }

  private static int number(Verdicts.Entry entry) {
    List<List<String>> rows = entry.now() == null ? entry.was() : entry.now();
    return Integer.parseInt(String.valueOf(rows == null ? "" : rows.getFirst().getFirst()));
  }
}
