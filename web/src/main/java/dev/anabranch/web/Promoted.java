package dev.anabranch.web;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a promotion would do, or did, as the API tells it: a look at the facts, a dry run, a
 * landing, an undoing.
 *
 * @param branch its name
 * @param outcome how it ended; empty of a look
 * @param asOf what its verdicts are true as of
 * @param committed where on main it is, if it is
 * @param units how many, and what becomes of them
 * @param facts what there is to decide, and what was decided
 * @param notRelied answers that changed and that nothing was taken to rest on
 * @param doubted answers that main may have changed before the commit
 * @param unfired main's own triggers that were not fired
 * @param receipt its id; empty of a look
 * @param plan the digest by which exactly this is approved
 * @param difference how it is another than the plan that was approved
 * @param checks what came of checks of the users' own
 * @param tasks its units by what they were made for
 * @param moved what is only somewhere else
 * @param answers the answers that facts are about, of a look
 */
public record Promoted(
    String branch,
    String outcome,
    String asOf,
    @Nullable String committed,
    Units units,
    List<FactSeen> facts,
    List<NotReliedOn> notRelied,
    List<Long> doubted,
    List<String> unfired,
    String receipt,
    String plan,
    @Nullable Difference difference,
    List<CheckOutcome> checks,
    List<TaskSeen> tasks,
    List<FactSeen> moved,
    List<AnswerSeen> answers) {

  public Promoted {
    outcome = Objects.requireNonNullElse(outcome, "");
    receipt = Objects.requireNonNullElse(receipt, "");
    plan = Objects.requireNonNullElse(plan, "");
    facts = all(facts);
    notRelied = all(notRelied);
    doubted = all(doubted);
    unfired = all(unfired);
    checks = all(checks);
    tasks = all(tasks);
    moved = all(moved);
    answers = all(answers);
  }

  /** What a look leaves out is none. */
  public static <T> List<T> all(@Nullable List<T> given) {
    return given == null ? List.of() : List.copyOf(given);
  }

  /** The same, with the answers that its facts are about. */
  Promoted with(List<AnswerSeen> others) {
    return new Promoted(
        branch,
        outcome,
        asOf,
        committed,
        units,
        facts,
        notRelied,
        doubted,
        unfired,
        receipt,
        plan,
        difference,
        checks,
        tasks,
        moved,
        others);
  }

  /** Facts that nobody has decided. */
  public long open() {
    return facts.stream().filter(FactSeen::isOpen).count();
  }

  /** How many units. */
  public record Units(int total, int landed, int held, int dropped) {}

  /** An answer that nothing was taken to rest on. */
  public record NotReliedOn(long answer, String verdict, String sentence, String task) {}

  /** How a plan is another. */
  public record Difference(Parts facts, Parts rows, Parts units) {}

  /** What of one sort is as it was, is another, is there no more, is new. */
  public record Parts(
      int retained, List<String> replaced, List<String> cleared, List<String> added) {}

  /** What came of one check of the users' own. */
  public record CheckOutcome(
      String name,
      String outcome,
      long millis,
      List<String> columns,
      List<List<@Nullable String>> rows,
      boolean more,
      String sentence) {

    /** Whether nothing lands because of it. */
    public boolean stops() {
      return outcome.equals("failed") || outcome.equals("error");
    }
  }

  /** A task's work. */
  public record TaskSeen(
      String id,
      String name,
      String state,
      int answers,
      List<Long> landed,
      List<Long> held,
      List<Long> dropped) {

    public int units() {
      return landed.size() + held.size() + dropped.size();
    }

    /** What people call it. */
    public String title() {
      return name.isEmpty() ? "Work that nobody knows the task of" : name;
    }
  }

  /** What was decided of a fact. */
  public record DecisionSeen(
      String choice,
      String who,
      @Nullable String why,
      String at,
      Map<String, @Nullable String> value,
      Map<String, String> columns) {}

  /** A transaction, executed again. */
  public record Rerun(
      boolean offered, String why, String state, List<RerunRow> rows, int more, List<Told> tells) {}

  /** One row that it wrote, and would write. */
  public record RerunRow(
      String table, Map<String, String> key, @Nullable RowCells wrote, @Nullable RowCells writes) {}

  /** What is done to a row. */
  public record RowCells(String kind, Map<String, @Nullable String> cells) {}

  /** What a statement told then, and would tell. */
  public record Told(long answer, String was, String now) {}
}
