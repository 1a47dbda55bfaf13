package dev.anabranch.check;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.branch.Branch;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Unit;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.predicate.BranchHistory;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.Unfollowed;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.predicate.footprint.Footprint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A branch after a check, with what the verdicts rest on.
 *
 * @param changes main's since the fork point, as of the report's position
 * @param history what the verdicts were given on
 * @param units those of its units whose answers, all of them, are in the report
 * @param actsAs the role of main that its client acts as, when it is not the owners'
 * @param footprints of each answer, by its id
 * @param reads the tables whose rows an answer's statement reads, where it was executed again, by
 *     the answer's id
 * @param redefined the answers whose question means something else on main now, by their ids
 * @param asked the tables that main read for an answer when it was asked again, by its id, where
 *     its footprint does not tell them
 * @param unfollowed the tables that answers read and whose changes nobody follows
 * @param owners whose transaction each unit was, by the unit's id, where that is known
 * @param inherited the units that are about rows which are not main's, by id, each with a sentence
 * @param combining the columns of main that combine
 */
public record CheckedBranch(
    Branch branch,
    CheckReport report,
    Delta changes,
    BranchHistory history,
    List<Unit> units,
    Optional<String> actsAs,
    Map<Long, Footprint> footprints,
    Map<Long, Set<TableId>> reads,
    Set<Long> redefined,
    Map<Long, Set<TableId>> asked,
    Map<TableId, Unfollowed> unfollowed,
    Map<Long, Ending> owners,
    Map<Long, String> inherited,
    Combining combining) {
  public CheckedBranch {
    units = List.copyOf(units);
    footprints = Map.copyOf(footprints);
    reads = Map.copyOf(reads);
    redefined = Set.copyOf(redefined);
    asked = Map.copyOf(asked);
    unfollowed = Map.copyOf(unfollowed);
    owners = Map.copyOf(owners);
    inherited = Map.copyOf(inherited);
  }

  /** The same, at a position of main where nothing that it rests on is another. */
  CheckedBranch at(Branch now, Lsn position) {
    return new CheckedBranch(
        now,
        new CheckReport(report.forkLsn(), position, report.verdicts(), report.lookUps()),
        new Delta(changes.since(), position, changes.tables()),
        history,
        units,
        actsAs,
        footprints,
        reads,
        redefined,
        asked,
        unfollowed,
        owners,
        inherited,
        combining);
  }
}
