package dev.anabranch.promote;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.promote.fact.Choice;
import dev.anabranch.promote.fact.Decision;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
    Map<Long, Verdict> verdicts = new HashMap<>();
    inspection
        .report()
        .verdicts()
        .forEach(judged -> verdicts.put(judged.answer().id(), judged.verdict()));
    Map<String, Decision> now = new HashMap<>(decisions.newest(inspection.branch().id()));
    now.replaceAll((fact, decision) -> {
      Optional<Long> answer = decision.fact().answer();
      boolean hasNoValue =
          decision.choice() instanceof Choice.Accept
              && answer.filter(id -> verdicts.get(id) instanceof Verdict.Undecided).isPresent()
              && !decision.asOf().equals(inspection.report().asOf());
      return hasNoValue
              && !traps.has(Trap.DECIDED_FOR_GOOD)
              && recheck.hasMoved(inspection, answer.orElseThrow(), decision.asOf())
          ? decision.ofAnother()
          : decision;
    });
    return now;
  }
}
