package dev.anabranch.promote.sync;

import dev.anabranch.base.BranchName;
import dev.anabranch.base.Lsn;
import dev.anabranch.predicate.CheckReport.Counts;
import dev.anabranch.promote.Promotion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a sync ended.
 *
 * @param branch the branch
 * @param outcome the ending
 * @param dryRun whether it was only looked at
 * @param before where the branch forked from main before
 * @param now where it does now; empty when nothing was changed
 * @param asOf the position of main that its answers were checked as of
 * @param verdicts what they were before
 * @param carried how many answers came along
 * @param left the ids of those that did not, as they were before, by the reason
 * @param accepted the answers that stayed behind although work rests on them, as was accepted
 * @param units what became of its work
 * @param renumbered the rows that have another number now
 * @param promotion what there is to decide first, as a dry run of a promotion tells it
 */
public record Synced(
    BranchName branch,
    Outcome outcome,
    boolean dryRun,
    Fork before,
    Optional<Fork> now,
    Lsn asOf,
    Counts verdicts,
    int carried,
    Map<LeftBehind, List<Long>> left,
    List<Long> accepted,
    Units units,
    List<Renumbered> renumbered,
    Promotion promotion) {

  /** The ending of a sync. */
  public enum Outcome {
    /** The branch is on main as it is now, or would be. */
    SYNCED,
    /** Nothing was changed: there is something to decide first. */
    HELD
  }

  /** A place on main that a branch starts from. */
  public record Fork(Lsn lsn, Instant time) {}

  /**
   * What became of a branch's units.
   *
   * @param carried came along
   * @param dropped stayed behind for good, as was decided
   * @param landed are main's
   */
  public record Units(int carried, int dropped, int landed) {}

  /**
   * A row that has another key now.
   *
   * @param table {@code schema.table}
   */
  public record Renumbered(String table, Map<String, String> from, Map<String, String> to) {}

  /** Whether the branch has another life now. */
  boolean isDone() {
    return outcome == Outcome.SYNCED && !dryRun;
  }
}
