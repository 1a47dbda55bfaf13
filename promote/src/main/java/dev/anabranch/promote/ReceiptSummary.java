package dev.anabranch.promote;

import dev.anabranch.promote.Promotion.UnitCounts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A receipt in a list.
 *
 * @param id its id
 * @param branch the branch's name at the time
 * @param startedAt when the promotion began
 * @param endedAt when it ended
 * @param outcome as in {@link Promotion.Outcome}, lower case
 * @param dryRun whether it only looked
 * @param committed where on main it committed, empty when it wrote nothing
 * @param units what became of them
 * @param undoes the id of the promotion that it undid, if it is an undoing
 * @param undone how many of the units that it landed are undone now
 * @param undoneBy the ids of the undoings that did that, the last one last
 * @param undoUntil until when it can be undone; empty when it can't, or always can
 * @param earlier whether it is of another life than the branch that has its name now
 */
public record ReceiptSummary(
    String id,
    String branch,
    Instant startedAt,
    Instant endedAt,
    String outcome,
    boolean dryRun,
    Optional<String> committed,
    UnitCounts units,
    Optional<String> undoes,
    int undone,
    List<String> undoneBy,
    Optional<Instant> undoUntil,
    boolean earlier) {

  /** How many of a branch's receipts are listed, the newest ones. */
  public static final int LIMIT = 1_000;

  public ReceiptSummary {
    undoneBy = List.copyOf(undoneBy);
  }

  ReceiptSummary undone(int units, List<String> by) {
    return new ReceiptSummary(
        id,
        branch,
        startedAt,
        endedAt,
        outcome,
        dryRun,
        committed,
        this.units,
        undoes,
        units,
        by,
        undoUntil,
        earlier);
  }
}
