package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Task;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.match.RowMatcher;
import dev.anabranch.predicate.overlay.Numbering;
import dev.anabranch.predicate.rule.ByRule;
import dev.anabranch.predicate.rule.Finding;
import dev.anabranch.predicate.rule.Prover;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What follows from the changed rows by a rule is what Postgres answers, to the letter: on random
 * rows, statements and changes.
 */
@SuppressWarnings("NullAway") // images of every table are there
@Tag("postgres")
class RulesAgainstPostgresTest {

  private static final int ROUNDS = Integer.getInteger("anabranch.rules.rounds", 60);
  private static final int TRAP_ROUNDS = 400;
  private static final int RULED = 40;
  private static final int UNRULED = 24;
  private static final long SEED = Long.getLong("anabranch.seed", 20261128L);
  private static final TreeMap<String, String> SETTINGS =
      new TreeMap<>(Map.of("datestyle", "ISO, MDY", "timezone", "UTC"));

  private static TemporaryPostgres postgres;
  private static String database;
  private static SchemaSnapshot schema;

  @BeforeAll
  static void start() throws SQLException {
    postgres = TemporaryPostgres.shared();
    database = postgres.freshDatabase();
    postgres.executeIn(database, RandomRules.TABLES.toArray(String[]::new));
    try (Connection connection = postgres.connect(database)) {
      schema = SchemaReader.read(connection, Lsn.ZERO);
    }
  }

  @AfterAll
  static void drop() {
    postgres.execute("DROP DATABASE " + database + " WITH (FORCE)");
  }

  /** What came of a run. */
  private static final class Score {
    private final List<String> wrong = new ArrayList<>();
    private final Set<Class<? extends Verdict>> verdicts = new HashSet<>();
    private int open;
    private int decided;
  }

  @Test
  void whatFollowsByRuleIsWhatPostgresAnswers() throws SQLException {
    Score score = run(Traps.NONE, ROUNDS, false);

    assertThat(score.wrong).as("seed " + SEED).isEmpty();
    assertThat(score.verdicts).contains(Verdict.Holds.class, Verdict.Changed.class);
    assertThat(score.decided)
        .as("decided by rule, of " + score.open + " whose rows moved")
        .isGreaterThan(score.open / 2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Trap.class,
      names = {
        "COUNT_NULLS",
        "NOTHING_SUMS_TO_ZERO",
        "GONE_EXTREME_STAYS",
        "EMPTY_GROUP_STAYS",
        "COMES_AFTER_THE_LAST",
        "MATCHING_STAYS_SAME"
      })
  void aRuleSwitchedOffIsSeen(Trap trap) throws SQLException {
    assertThat(run(Traps.of(trap), TRAP_ROUNDS, true).wrong).as("seed " + SEED).isNotEmpty();
  }

  private static Score run(Traps traps, int rounds, boolean stopAtFirst) throws SQLException {
    Score score = new Score();
    try (Connection connection = postgres.connect(database);
        Analyst analyst =
            new Analyst(
                () -> postgres.connect(database), "postgres", schema, new Kept.OfBranch(), traps)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET timezone = 'UTC'");
      }
      connection.setAutoCommit(false);
      for (int round = 0; round < rounds && !(stopAtFirst && !score.wrong.isEmpty()); round++) {
        new Trial(connection, analyst, new Random(SEED + round), traps, score).run();
        connection.rollback();
      }
    }
    return score;
  }

  /** One set of rows, one branch, one main. */
  private record Trial(
      Connection connection, Analyst analyst, Random random, Traps traps, Score score) {

    void run() throws SQLException {
      RandomRules statements = new RandomRules(random);
      int rows = random.nextInt(12);
      for (int id = 0; id < rows; id++) {
        tryExecute(statements.insert(Integer.toString(id)));
      }
      List<String> queries = new ArrayList<>();
      for (int i = 0; i < RULED; i++) {
        queries.add(statements.ruled());
      }
      for (int i = 0; i < UNRULED; i++) {
        queries.add(statements.unruled());
      }
      ThreeStates states = new ThreeStates(connection, schema);
      Map<TableId, Map<Key, Image>> fork = states.images();
      Savepoint atFork = connection.setSavepoint();
      if (random.nextInt(3) == 0) {
        tryExecute(statements.write());
      }
      Map<TableId, Map<Key, Image>> branch = states.images();
      List<Optional<Result>> was = ask(queries);
      connection.rollback(atFork);
      for (int i = random.nextInt(4); i >= 0; i--) {
        tryExecute(statements.write());
      }
      Map<TableId, Map<Key, Image>> main = states.images();
      states.layOver(fork, branch, main);
      List<Optional<Result>> now = ask(queries);
      Prover prover = new Prover(schema, states.changes(fork, main), Numbering.NONE, traps);
      Seen seen = new Seen(List.of(states.unit(fork, branch)), Optional.empty());
      for (int i = 0; i < queries.size(); i++) {
        if (was.get(i).isPresent()) {
          compare(queries.get(i), i < RULED, was.get(i).get(), now.get(i), prover, seen);
        }
      }
    }

    private void compare(
        String sql, boolean ruled, Result was, Optional<Result> now, Prover prover, Seen seen) {
      Question question = new Question(sql, List.of(), SETTINGS);
      if (!(analyst.footprint(question) instanceof Footprint.Reads reads)
          || !(prover.prove(reads, new RowMatcher(List.of(), traps), seen)
              instanceof Finding.Open open)) {
        return;
      }
      Optional<Verdict> verdict =
          ByRule.verdict(
              answer(question, was), reads, List.of(open.movement()), open.tally(), traps);
      score.open += ruled ? 1 : 0;
      score.decided += ruled && verdict.isPresent() ? 1 : 0;
      if (verdict.isEmpty()) {
        return;
      }
      score.verdicts.add(verdict.get().getClass());
      assertThat(verdict.get().proof()).isEqualTo(Proof.RULE);
      Optional<List<List<String>>> found =
          verdict.get() instanceof Verdict.Changed changed ? changed.now() : was.rows();
      boolean list = sql.contains("ORDER BY");
      if (now.isEmpty()
          || !inOrder(found.orElseThrow(), list).equals(inOrder(now.get().rows().get(), list))) {
        score.wrong.add(
            verdict.get().word()
                + ": "
                + sql
                + "\n  was "
                + was.rows()
                + "\n  by rule "
                + found
                + "\n  now "
                + now.flatMap(Result::rows));
      }
    }

    private static List<List<String>> inOrder(List<List<String>> rows, boolean list) {
      return list ? rows : rows.stream().sorted(Comparator.comparing(List::toString)).toList();
    }

    private static Answer answer(Question question, Result result) {
      return new Answer(
          1,
          new BranchId(1),
          new UUID(0, 1),
          new Task.SessionAlone(),
          1,
          1,
          new Span(1, 2),
          new OwnWrites.None(),
          question,
          result,
          "SELECT " + result.rowCount(),
          Instant.EPOCH);
    }

    /** Each query's result, empty for one that failed. */
    private List<Optional<Result>> ask(List<String> queries) throws SQLException {
      Rerunner reasker = new Rerunner(connection, "postgres", Traps.NONE);
      List<Optional<Result>> answers = new ArrayList<>();
      for (String query : queries) {
        Savepoint savepoint = connection.setSavepoint();
        try (Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery(query)) {
          answers.add(Optional.of(reasker.result(rows)));
        } catch (SQLException e) {
          answers.add(Optional.empty());
        }
        connection.rollback(savepoint);
      }
      return answers;
    }

    private void tryExecute(String sql) throws SQLException {
      Savepoint savepoint = connection.setSavepoint();
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        connection.rollback(savepoint);
      }
    }
  }
}
