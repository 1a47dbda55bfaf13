package dev.anabranch.promote;

import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.branch.Branch;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.promote.plan.Drawn;
import dev.anabranch.promote.plan.Ground;
import dev.anabranch.promote.plan.Provenance;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that is known of a branch when it is folded back: its verdicts, its writes, and what ties
 * them together.
 *
 * @param branch the branch
 * @param report the verdicts on all its answers, as of one position
 * @param units all its units in commit order, landed ones too; its log was drained before the check
 * @param provenance which answers each unit rests on
 * @param shapesAtFork main's tables as they were at the fork point, with their true keys
 * @param ground what else the branch found on main at the fork point
 * @param drawn the numbers that the branch drew, by sequence
 * @param alteredOnBranch tables of the fork point that the branch's own DDL touched
 */
public record Inspection(
    Branch branch,
    CheckReport report,
    List<Unit> units,
    Provenance provenance,
    Map<TableId, TableShape> shapesAtFork,
    Ground ground,
    Map<TableId, Drawn> drawn,
    Set<TableId> alteredOnBranch) {
  public Inspection {
    units = List.copyOf(units);
    shapesAtFork = Map.copyOf(shapesAtFork);
    drawn = Map.copyOf(drawn);
    alteredOnBranch = Set.copyOf(alteredOnBranch);
  }
}
