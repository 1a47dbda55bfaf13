package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.TableId;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.Provenance;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The answers that a plan's landing units rest on and that nobody accepts whatever they are. One
 * that was accepted as it was is looked at where it is known what it read.
 *
 * @param answers their ids
 * @param unknown the ids of those of which it is not known what they read
 * @param tables what the others read
 * @param timed those that the clock must not have made others: nobody has accepted them
 */
record Vouched(Set<Long> answers, Set<Long> unknown, Set<TableId> tables, Set<Long> timed) {

  /**
   * @param accepted the ids of answers that are accepted whatever they are
   */
  static Vouched by(Plan plan, Set<Long> accepted, Provenance provenance) {
    Set<Long> answers = new HashSet<>(plan.restsOn());
    answers.removeAll(accepted);
    answers.removeIf(
        answer -> plan.accepted().contains(answer) && provenance.reads(answer).isEmpty());
    Set<Long> unknown = new TreeSet<>();
    Set<TableId> tables = new HashSet<>();
    for (long answer : answers) {
      provenance.reads(answer).ifPresentOrElse(tables::addAll, () -> unknown.add(answer));
    }
    Set<Long> timed = new HashSet<>(answers);
    timed.removeAll(plan.accepted());
    return new Vouched(answers, unknown, tables, timed);
  }

  /** Those of the answers that the clock alone may have made others by a moment. */
  Set<Long> movedBy(Inspection inspection, Instant moment) {
    Set<Long> moved = new HashSet<>(inspection.movedBy(moment));
    moved.retainAll(timed);
    return moved;
  }

  /**
   * @throws AnabranchException PROMOTE_REFUSED when not all that was read can be locked
   */
  void requireKnown() {
    if (!unknown.isEmpty()) {
      throw new AnabranchException(
          ErrorCode.PROMOTE_REFUSED,
          "it is not known which tables answer "
              + unknown.iterator().next()
              + " read, so they can't be fenced; promote without --strict");
    }
  }
}
