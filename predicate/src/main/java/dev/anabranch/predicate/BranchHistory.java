package dev.anabranch.predicate;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Unit;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.overlay.Drawn;
import dev.anabranch.predicate.rule.DdlEntry;
import dev.anabranch.predicate.timeline.Landed;
import java.util.List;
import java.util.Map;

/**
 * Everything that is kept of a branch, read in an order that loses nothing: first the answers, then
 * the branch's log was drained, then the units and the endings.
 *
 * @param forkLsn the branch's fork point
 * @param answers in the order of their ids
 * @param endings how its sessions' transactions ended
 * @param units in commit order
 * @param landed what of them is on main
 * @param atFork main's definitions at the fork point
 * @param branchAtFork the branch's definitions when it was prepared
 * @param branchNow the branch's definitions now
 * @param ddl what was made, altered and dropped on the branch from one to the other, in order
 */
public record BranchHistory(
    Lsn forkLsn,
    List<Answer> answers,
    List<Ending> endings,
    List<Unit> units,
    Landed landed,
    SchemaSnapshot atFork,
    SchemaSnapshot branchAtFork,
    SchemaSnapshot branchNow,
    List<DdlEntry> ddl) {
  public BranchHistory {
    answers = List.copyOf(answers);
    endings = List.copyOf(endings);
    units = List.copyOf(units);
    ddl = List.copyOf(ddl);
  }

  /** The numbers that the branch drew from its copies of main's sequences. */
  public Map<TableId, Drawn> drawn() {
    return Drawn.between(branchAtFork, branchNow);
  }
}
