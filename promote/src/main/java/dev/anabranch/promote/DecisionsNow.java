package dev.anabranch.promote;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.promote.fact.Choice;
import dev.anabranch.promote.fact.Decision;
import dev.anabranch.promote.plan.Plan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What was decided of a branch, as far as it is known that it is about what is there now. */
final class DecisionsNow {

  private final DecisionStore decisions;
  private final Recheck recheck;
  private final Traps traps;

  DecisionsNow(DecisionStore decisions, Recheck recheck, Traps traps) {
    this.decisions = decisions;
    this.recheck = recheck;
    this.traps = traps;
  }

  /** By fact. */
  Map<String, Decision> of(Inspection inspection) {
    Set<Long> untold = untold(inspection);
    Map<String, Decision> now = new HashMap<>(decisions.newest(inspection.branch().id()));
    now.replaceAll((fact, decision) ->
        decision.choice() instanceof Choice.Accept
                && decision
                    .fact()
                    .answer()
                    .filter(answer ->
                        untold.contains(answer) && isAnother(inspection, answer, decision.asOf()))
                    .isPresent()
            ? decision.ofAnother()
            : decision);
    return now;
  }

  /** The answers that were accepted with a plan, as far as they are what was accepted. */
  Set<Long> accepted(Inspection inspection, PlanStore.Kept plan) {
    Set<Long> untold = untold(inspection);
    return plan.accepted().stream()
        .filter(answer -> !untold.contains(answer) || !isAnother(inspection, answer, plan.asOf()))
        .collect(Collectors.toSet());
  }

  /** Those of the accepted answers that can't be told, and that what would land rests on. */
  static Set<Long> untold(Inspection inspection, Plan plan, Set<Long> accepted) {
    Set<Long> answers = untold(inspection);
    answers.retainAll(accepted);
    answers.retainAll(plan.restsOn());
    return answers;
  }

  /**
   * Where main stood when answers that can't be told were shown, if what they read is as it was.
   *
   * @param before where they were shown last
   */
  Lsn shownAsOf(Inspection inspection, Set<Long> untold, Optional<Lsn> before) {
    return before
        .filter(since -> untold.stream().noneMatch(answer -> isAnother(inspection, answer, since)))
        .orElse(inspection.report().asOf());
  }

  /** The answers that have no value now by which it could be seen that it is another. */
  private static Set<Long> untold(Inspection inspection) {
    return inspection.report().verdicts().stream()
        .filter(judged -> judged.verdict() instanceof Verdict.Undecided)
        .map(judged -> judged.answer().id())
        .collect(Collectors.toCollection(HashSet::new));
  }

  private boolean isAnother(Inspection inspection, long answer, Lsn since) {
    return !since.equals(inspection.report().asOf())
        && !traps.has(Trap.DECIDED_FOR_GOOD)
        && recheck.hasMoved(inspection, answer, since);
  }
}
