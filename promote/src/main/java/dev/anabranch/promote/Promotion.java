package dev.anabranch.promote;

import dev.anabranch.base.BranchName;
import dev.anabranch.base.Lsn;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.promote.assertion.AssertionResult;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.fact.NotRelied;
import dev.anabranch.promote.merge.MergedCell;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How folding a branch's units back into main ended.
 *
 * @param branch the branch
 * @param outcome the ending
 * @param asOf the position its answers were checked as of
 * @param committed where on main it committed, empty when nothing was written
 * @param units how many there were and what became of them
 * @param facts what a person has to decide, roots only
 * @param notRelied answers that don't hold and hold nothing, because no unit was taken to rest on
 *     them
 * @param doubted answers that landed units rest on and that main may have changed before the commit
 * @param unfired triggers of main on what was written, as {@code schema.table.trigger}, that
 *     landing rows does not fire: what they did on the branch lands with it
 * @param receipt the id of the receipt, by which it can be read back
 * @param plan the digest of the plan, by which exactly this can be approved
 * @param difference how the plan that was approved differs from this one, when it does
 * @param checks what came of the users' own checks
 * @param tasks its units by the tasks that they were made for
 * @param moved what lands elsewhere, or is on main already: facts that nobody is asked about
 * @param merged cells that rules have a part in
 * @param premises the answers that facts are about, as they were checked
 */
public record Promotion(
    BranchName branch,
    Outcome outcome,
    Lsn asOf,
    Optional<Lsn> committed,
    UnitCounts units,
    List<Fact> facts,
    List<NotRelied> notRelied,
    List<Long> doubted,
    List<String> unfired,
    String receipt,
    String plan,
    Optional<PlanDifference> difference,
    List<AssertionResult> checks,
    List<TaskWork> tasks,
    List<Fact> moved,
    List<MergedCell> merged,
    List<Judged> premises) {

  public Promotion {
    facts = List.copyOf(facts);
    notRelied = List.copyOf(notRelied);
    doubted = List.copyOf(doubted);
    unfired = List.copyOf(unfired);
    checks = List.copyOf(checks);
    tasks = List.copyOf(tasks);
    moved = List.copyOf(moved);
    merged = List.copyOf(merged);
    premises = List.copyOf(premises);
  }

  /** One of units that nobody looked up the tasks of. */
  public Promotion(
      BranchName branch,
      Outcome outcome,
      Lsn asOf,
      Optional<Lsn> committed,
      UnitCounts units,
      List<Fact> facts,
      List<NotRelied> notRelied,
      List<Long> doubted,
      List<String> unfired,
      String receipt,
      String plan,
      Optional<PlanDifference> difference,
      List<AssertionResult> checks) {
    this(
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
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** The same, which is not what was approved. */
  Promotion with(PlanDifference found) {
    return new Promotion(
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
        Optional.of(found),
        checks,
        tasks,
        moved,
        merged,
        premises);
  }

  /** The same, with those of a check's answers that its facts are about. */
  Promotion about(List<Judged> checked) {
    Set<Long> asked =
        facts.stream().flatMap(fact -> fact.answer().stream()).collect(Collectors.toSet());
    return new Promotion(
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
        merged,
        checked.stream().filter(judged -> asked.contains(judged.answer().id())).toList());
  }

  /** The ending of a promotion. */
  public enum Outcome {
    /** Every unit is on main. */
    LANDED,
    /** Some units are on main, the others are held. */
    PARTIAL,
    /** Nothing was written: every unit is held. Decide the facts and promote again. */
    HELD,
    /** There was nothing to fold back. */
    NOTHING,
    /**
     * Nothing was written: main refused, or moved faster than could be planned, or the plan is
     * another than the one that was approved, or a check of the users' own stands against it. Safe
     * to promote again.
     */
    REFUSED
  }

  /**
   * Units not yet on main when the promotion began, and what became of them.
   *
   * @param held those that stay behind until something is decided
   * @param dropped those that never land, as was decided
   */
  public record UnitCounts(int total, int landed, int held, int dropped) {}
}
