package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Question;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.match.RowMatcher;
import dev.anabranch.predicate.overlay.Numbering;
import dev.anabranch.predicate.rule.Changes;
import dev.anabranch.predicate.rule.Finding;
import dev.anabranch.predicate.rule.Prover;
import dev.anabranch.predicate.rule.SchemaDrift;
import dev.anabranch.predicate.rule.Since;
import dev.anabranch.predicate.rule.WrittenKeys;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whenever the prover says that an answer holds, Postgres gives the same answer on main's rows now
 * under the branch's own writes: on random rows, statements and changes, and with nothing of the
 * prover's own in the comparison.
 */
@SuppressWarnings("NullAway") // images of every table are there
@Tag("postgres")
class ProverAgainstPostgresTest {

  private static final int ROUNDS = Integer.getInteger("anabranch.prover.rounds", 40);
  private static final int TRAP_ROUNDS = 400;
  private static final int QUESTIONS = 25;
  private static final int EFFECTS = 8;
  private static final long SEED = Long.getLong("anabranch.seed", 20261120L);

  private static TemporaryPostgres postgres;
  private static String database;
  private static SchemaSnapshot schema;

  @BeforeAll
  static void start() throws SQLException {
    postgres = TemporaryPostgres.shared();
    database = postgres.freshDatabase();
    postgres.executeIn(database, RandomStatements.TABLES.toArray(String[]::new));
    try (Connection connection = postgres.connect(database)) {
      schema = SchemaReader.read(connection, Lsn.ZERO);
    }
  }

  @AfterAll
  static void report() {
    postgres.execute("DROP DATABASE " + database + " WITH (FORCE)");
  }

  @Test
  void whatIsProvedToHoldIsWhatPostgresAnswers() throws SQLException {
    Map<Proof, Integer> proofs = new EnumMap<>(Proof.class);
    List<String> wrong = run(Traps.NONE, ROUNDS, false, proofs);
    assertThat(wrong).as("false proofs, seed " + SEED).isEmpty();
    assertThat(proofs.keySet())
        .as("proofs used: " + proofs)
        .contains(Proof.UNTOUCHED, Proof.COLUMNS, Proof.PREDICATE, Proof.NET);
    int proved = proofs.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(proved)
        .as("proved of " + ROUNDS * QUESTIONS + ": " + proofs)
        .isGreaterThan(ROUNDS * QUESTIONS / 5);
  }

  @ParameterizedTest
  @EnumSource(
      value = Trap.class,
      names = {
        "NO_OVERLAY",
        "NO_BEFORE_IMAGE",
        "JAVA_COMPARES",
        "ON_TO_PRESERVED_SIDE",
        "THROUGH_LIMIT",
        "TWO_VALUED_NOT",
        "OUTPUT_COLUMNS_ONLY",
        "COUNTS_ONLY",
        "FORGET_WHICH_ROWS",
        "KEPT_WHATEVER_CHANGES"
      })
  void aRuleSwitchedOffIsSeen(Trap trap) throws SQLException {
    assertThat(run(Traps.of(trap), TRAP_ROUNDS, true, new EnumMap<>(Proof.class)))
        .as("seed " + SEED)
        .isNotEmpty();
  }

  private static List<String> run(
      Traps traps, int rounds, boolean stopAtFirst, Map<Proof, Integer> proofs)
      throws SQLException {
    List<String> wrong = new ArrayList<>();
    try (Connection connection = postgres.connect(database);
        Analyst analyst =
            new Analyst(
                () -> postgres.connect(database), "postgres", schema, new Kept.OfBranch(), traps)) {
      RowReader rows = new RowReader(connection);
      try (Statement statement = connection.createStatement()) {
        // The reader names all that it reads in full; these statements do not.
        statement.execute("SET search_path = public");
      }
      connection.setAutoCommit(false);
      for (int round = 0; round < rounds && !(stopAtFirst && !wrong.isEmpty()); round++) {
        new Trial(connection, rows, analyst, new Random(SEED + round), traps, proofs, wrong).run();
        connection.rollback();
      }
    }
    return wrong;
  }

  /** One set of rows, one branch, one main. */
  private record Trial(
      Connection connection,
      RowReader rows,
      Analyst analyst,
      Random random,
      Traps traps,
      Map<Proof, Integer> proofs,
      List<String> wrong) {

    void run() throws SQLException {
      RandomStatements statements = new RandomStatements(random);
      for (int id = 0; id < 12; id++) {
        tryExecute(statements.insertT(Integer.toString(id)));
        tryExecute(statements.insertR(Integer.toString(id)));
        tryExecute("INSERT INTO p VALUES (" + id + ", " + id % 6 + ", " + random.nextInt(6) + ")");
      }
      List<String> queries = new ArrayList<>();
      for (int i = 0; i < QUESTIONS; i++) {
        queries.add(statements.query());
      }
      List<String> asked = new ArrayList<>(queries);
      for (int i = 0; i < EFFECTS; i++) {
        RandomStatements.Effect effect = statements.effect();
        queries.add(effect.sql());
        asked.add(effect.told());
      }
      ThreeStates states = new ThreeStates(connection, schema);
      Map<TableId, Map<Key, Image>> fork = states.images();
      Savepoint atFork = connection.setSavepoint();
      int branchWrites = random.nextInt(4);
      for (int i = 0; i < branchWrites; i++) {
        tryExecute(statements.write());
      }
      Map<TableId, Map<Key, Image>> branch = states.images();
      List<Object> was = ask(asked);
      connection.rollback(atFork);
      int mainWrites = 1 + random.nextInt(4);
      for (int i = 0; i < mainWrites; i++) {
        tryExecute(statements.write());
      }
      Map<TableId, Map<Key, Image>> midway = states.images();
      int laterWrites = random.nextInt(3);
      for (int i = 0; i < laterWrites; i++) {
        tryExecute(statements.write());
      }
      Map<TableId, Map<Key, Image>> main = states.images();
      states.layOver(fork, branch, main);
      Seen seen = new Seen(List.of(states.unit(fork, branch)), Optional.empty());
      compare(queries, was, ask(asked), states.changes(fork, main), seen);
      Delta first = states.delta(fork, fork, midway, new Lsn(2));
      goOn(queries, fork, first, states.delta(fork, midway, main, new Lsn(3)), seen);
    }

    /** Going on from what was found midway must come out as beginning from nothing. */
    private void goOn(
        List<String> queries,
        Map<TableId, Map<Key, Image>> fork,
        Delta first,
        Delta second,
        Seen seen) {
      Since since =
          new Since(
              schema,
              first,
              second,
              new WrittenKeys(seen.past().units()),
              (shape, keys) -> fork.get(shape.id()),
              traps);
      Prover midway = new Prover(schema, changes(first, fork), Numbering.NONE, traps);
      Prover fresh = new Prover(schema, changes(second, fork), Numbering.NONE, traps);
      Prover later = new Prover(schema, changes(second, fork), Numbering.NONE, traps);
      List<Footprint.Reads> all =
          queries.stream()
              .map(query -> analyst.footprint(new Question(query, List.of(), new TreeMap<>())))
              .filter(Footprint.Reads.class::isInstance)
              .map(Footprint.Reads.class::cast)
              .toList();
      RowMatcher matcher = new RowMatcher(List.of(), traps);
      List<Finding> found = all.stream().map(reads -> midway.prove(reads, matcher, seen)).toList();
      later.takeOver(midway, seen.past(), seen.past(), since);
      for (int i = 0; i < all.size(); i++) {
        Footprint.Reads reads = all.get(i);
        Finding expected = fresh.prove(reads, matcher, seen);
        String taken = told(later.prove(reads, matcher, seen));
        if (!taken.equals(told(expected))) {
          wrong.add("taken over: " + taken + ", from nothing: " + told(expected));
        }
        Finding earlier = found.get(i);
        since
            .addsNothing(
                SchemaDrift.descendants(schema, reads.traits().relations()), reads, matcher)
            .map(proven -> told(earlier.and(proven)))
            .filter(kept -> !kept.equals(told(expected)))
            .ifPresent(kept -> wrong.add("kept: " + kept + ", from nothing: " + told(expected)));
      }
    }

    private static String told(Finding finding) {
      return switch (finding) {
        case Finding.Proven proven -> proven.proof().name();
        case Finding.Open open -> "open " + open.tally().inWords();
        case Finding.Contradicted ignored -> "contradicted";
      };
    }

    private static Changes changes(Delta delta, Map<TableId, Map<Key, Image>> fork) {
      return new Changes() {
        @Override
        public TableDelta of(TableId table) {
          return delta.of(table);
        }

        @Override
        public Map<Key, Image> forkImages(TableDelta.Rows rows) {
          return fork.get(rows.shape().id());
        }
      };
    }

    private void compare(
        List<String> queries, List<Object> was, List<Object> now, Changes changes, Seen seen) {
      Prover prover = new Prover(schema, changes, Numbering.NONE, traps);
      for (int i = 0; i < queries.size(); i++) {
        if (was.get(i) instanceof String) {
          continue; // It failed on the branch: there was no answer.
        }
        Question question = new Question(queries.get(i), List.of(), new TreeMap<>());
        if (analyst.footprint(question) instanceof Footprint.Reads reads
            && prover.prove(reads, new RowMatcher(List.of(), traps), seen)
                instanceof Finding.Proven proven) {
          proofs.merge(proven.proof(), 1, Integer::sum);
          if (!was.get(i).equals(now.get(i))) {
            wrong.add(
                proven.proof()
                    + ": "
                    + queries.get(i)
                    + "\n  was "
                    + was.get(i)
                    + "\n  now "
                    + now.get(i));
          }
        }
      }
    }

    /** Each query's rows as a sorted list of texts, or its error as one text. */
    private List<Object> ask(List<String> queries) throws SQLException {
      List<Object> answers = new ArrayList<>();
      for (String query : queries) {
        Savepoint savepoint = connection.setSavepoint();
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery(query)) {
          List<String> texts = new ArrayList<>();
          while (row.next()) {
            List<String> cells = new ArrayList<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
              cells.add(String.valueOf(row.getString(i)));
            }
            texts.add(cells.toString());
          }
          texts.sort(null);
          answers.add(texts);
        } catch (SQLException e) {
          answers.add("failed: " + e.getMessage());
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
