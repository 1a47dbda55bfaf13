package dev.anabranch.trials.oracle;

import dev.anabranch.base.Identifiers;
import dev.anabranch.trials.drive.Profile;
import dev.anabranch.trials.drive.Rows;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.oracle.Snapshot.ColumnAt;
import dev.anabranch.trials.oracle.Snapshot.Contents;
import dev.anabranch.trials.oracle.Snapshot.Shape;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks questions again on main now with a branch's earlier writes laid over it, inside a
 * transaction on main that is rolled back: main's own tables, views and settings, and nothing of
 * the product.
 */
final class BruteForce {

  /** What asking again gave. */
  sealed interface Outcome {
    /** The rows, for first rows those without the limit. */
    record Gave(Rows rows) implements Outcome {}

    /** The statement fails now. */
    record Failed(String error) implements Outcome {}

    /**
     * The statement gives rows, and fails without its limit: which rows it looks at before it has
     * enough decides whether it fails, and any may come first.
     */
    record Untold(String error) implements Outcome {}
  }

  /**
   * The outcomes of one question.
   *
   * @param outcomes one for each right state: two when the sides conflict
   * @param ambiguous whether the branch's history and its outcome say different things
   */
  record Answered(List<Outcome> outcomes, boolean ambiguous) {}

  private final Connection main;
  private final String schema;

  BruteForce(Connection main, String schema) {
    this.main = main;
    this.schema = schema;
  }

  /**
   * Asks all questions that were asked on one state of the branch by one session.
   *
   * @param fork the tables at the fork, as texts under the session's settings
   * @param branch the tables as the session saw them
   * @param history what the branch had changed by then
   */
  List<Answered> ask(
      Profile profile,
      Snapshot fork,
      Snapshot branch,
      Rebase.History history,
      List<Asked> questions)
      throws SQLException {
    main.setAutoCommit(false);
    try {
      profile.apply(main, true);
      Snapshot now = Snapshot.read(main, Snapshot.shapes(main, schema));
      Map<String, Rebase.Rebased> rebased = rebased(fork, now, branch, history);
      boolean conflict = rebased.values().stream().anyMatch(Rebase.Rebased::conflict);
      boolean ambiguous = rebased.values().stream().anyMatch(Rebase.Rebased::ambiguous);
      List<List<Outcome>> states = new ArrayList<>();
      states.add(onState(now, rebased, true, questions));
      if (conflict) {
        main.rollback();
        profile.apply(main, true);
        states.add(onState(now, rebased, false, questions));
      }
      List<Answered> answered = new ArrayList<>();
      for (int i = 0; i < questions.size(); i++) {
        int place = i;
        answered.add(
            new Answered(states.stream().map(state -> state.get(place)).toList(), ambiguous));
      }
      return answered;
    } finally {
      main.rollback();
      main.setAutoCommit(true);
    }
  }

  private static Map<String, Rebase.Rebased> rebased(
      Snapshot fork, Snapshot now, Snapshot branch, Rebase.History history) {
    Map<String, Rebase.Rebased> rebased = new LinkedHashMap<>();
    branch
        .tables()
        .forEach((name, onBranch) -> {
          Contents atFork = fork.tables().get(name);
          Contents onMain = now.tables().get(name);
          boolean came = history.isAbout(name);
          if (atFork != null && onMain != null && (came || !sameRows(atFork, onBranch))) {
            rebased.put(name, Rebase.of(atFork, onMain, onBranch, history));
          }
        });
    return rebased;
  }

  private static boolean sameRows(Contents one, Contents other) {
    List<List<@Nullable String>> left = new ArrayList<>(one.rows());
    for (List<@Nullable String> row : other.rows()) {
      if (!left.remove(row)) {
        return false;
      }
    }
    return left.isEmpty();
  }

  private List<Outcome> onState(
      Snapshot now, Map<String, Rebase.Rebased> rebased, boolean branchWins, List<Asked> questions)
      throws SQLException {
    Sql.run(main, "SET LOCAL session_replication_role = replica");
    for (Map.Entry<String, Rebase.Rebased> table : rebased.entrySet()) {
      Contents contents = now.tables().get(table.getKey());
      if (contents != null) {
        fill(
            contents.shape(),
            branchWins ? table.getValue().branchWins() : table.getValue().mainWins());
      }
    }
    Sql.run(main, "SET LOCAL session_replication_role = origin");
    List<Outcome> outcomes = new ArrayList<>();
    for (Asked question : questions) {
      outcomes.add(again(question));
    }
    return outcomes;
  }

  private Outcome again(Asked question) throws SQLException {
    Sql.run(main, "SAVEPOINT question");
    String sql =
        question.legal() instanceof Query.Legal.FirstRows(int ignored, int limit, String all)
            ? all
            : question.ask().sql();
    try {
      return new Outcome.Gave(Sql.ask(main, sql, question.ask().parameters()));
    } catch (SQLException e) {
      String error = String.valueOf(e.getMessage());
      return sql.equals(question.ask().sql()) || failsItself(question)
          ? new Outcome.Failed(error)
          : new Outcome.Untold(error);
    } finally {
      Sql.run(main, "ROLLBACK TO question");
    }
  }

  private boolean failsItself(Asked question) throws SQLException {
    Sql.run(main, "ROLLBACK TO question");
    try {
      Sql.ask(main, question.ask().sql(), question.ask().parameters());
      return false;
    } catch (SQLException e) {
      return true;
    }
  }

  private void fill(Shape shape, List<List<@Nullable String>> rows) throws SQLException {
    Sql.run(main, "DELETE FROM " + shape.name());
    if (rows.isEmpty()) {
      return;
    }
    List<ColumnAt> stored = shape.columns().stream().filter(column -> !column.generated()).toList();
    List<String> names = stored.stream().map(column -> Identifiers.quote(column.name())).toList();
    List<String> tuples = new ArrayList<>();
    for (List<@Nullable String> row : rows) {
      List<String> cells = new ArrayList<>();
      for (ColumnAt column : stored) {
        String text = row.get(shape.place(column.number()));
        cells.add(cell(text, column));
      }
      tuples.add("(" + String.join(", ", cells) + ")");
    }
    Sql.run(
        main,
        "INSERT INTO "
            + shape.name()
            + " ("
            + String.join(", ", names)
            + ") OVERRIDING SYSTEM VALUE VALUES "
            + String.join(", ", tuples));
  }

  @SuppressWarnings("ReferenceEquality") // Whatever the data's own texts are.
  private static String cell(@Nullable String text, ColumnAt column) {
    return text == null
        ? "NULL"
        : text == Rebase.DEFAULT
            ? "DEFAULT"
            : Identifiers.literal(text).strip() + "::" + column.type();
  }
}
