package dev.anabranch.ledger;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import java.util.List;
import java.util.function.Consumer;

/**
 * The append-only record of what was asked and written on branches. Nothing here edits or removes
 * an entry; a branch's entries end with its life.
 */
public interface Ledger {

  /**
   * Writes entries in order, durably, all or nothing. Answers and units get their ids here; those
   * given are ignored.
   *
   * @throws dev.anabranch.base.AnabranchException LEDGER_UNAVAILABLE when the control database
   *     can't be written
   */
  void append(List<? extends Entry> entries);

  /** In the order of their ids. */
  List<Answer> answers(BranchId branch);

  /** Those with ids above this one: below it, none comes any more that was not there. */
  default List<Answer> answers(BranchId branch, long after) {
    return answers(branch).stream().filter(answer -> answer.id() > after).toList();
  }

  /** In commit order. */
  List<Unit> units(BranchId branch);

  /** Those that were committed after a position of the branch's log. */
  default List<Unit> units(BranchId branch, Lsn after) {
    return units(branch).stream().filter(unit -> unit.commitLsn().isAfter(after)).toList();
  }

  /** The ids of a branch's units in commit order, without what they wrote. */
  default List<Long> unitIds(BranchId branch) {
    return units(branch).stream().map(Unit::id).toList();
  }

  /**
   * The same units in the same order, in pieces: each is its unit with a part of its writes, so
   * that no unit has to be held whole.
   */
  default void eachPiece(BranchId branch, Consumer<Unit> told) {
    units(branch).forEach(told);
  }

  List<Ending> endings(BranchId branch);

  /** About how many bytes a branch's answers and writes take, read at once. */
  long length(BranchId branch);

  /**
   * The commit position of the newest unit, or {@link Lsn#ZERO}; where reading the branch's log
   * goes on.
   */
  Lsn lastUnitLsn(BranchId branch);

  /**
   * The largest tick in any entry of the branch, 0 when there is none; a restarted gateway counts
   * on from there.
   */
  long lastTick(BranchId branch);

  /** Something the ledger keeps. */
  sealed interface Entry {
    /** What a session was heard to do: only the gateway knows of it, and only once. */
    sealed interface Heard extends Entry {}

    record AnswerGiven(Answer answer) implements Heard {}

    record TransactionEnded(Ending ending) implements Heard {}

    record UnitCommitted(Unit unit) implements Entry {}
  }
}
