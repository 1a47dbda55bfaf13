package dev.anabranch.promote;

import dev.anabranch.promote.assertion.AssertionResult;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.fact.NotRelied;
import dev.anabranch.promote.merge.MergedCell;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a promotion did, as it is kept and read back. Positions are LSNs as text.
 *
 * @param id its id, also left in main's WAL
 * @param branch the branch's name
 * @param outcome as in {@link Promotion.Outcome}, lower case
 * @param dryRun whether it only looked
 * @param strict whether main's tables were fenced
 * @param mainSystem main's system identifier
 * @param forkLsn the branch's fork point
 * @param asOf the position its answers were checked as of
 * @param committed where on main it committed
 * @param verifiedThrough the position up to which the answers that the landed units rest on are
 *     known to have held; empty when nothing landed
 * @param doubtedAfterwards answers whose tables main wrote between {@code asOf} and the commit
 * @param startedAt when it began
 * @param endedAt when it ended
 * @param landed ids of the landed units
 * @param held ids of the held units
 * @param tables what was written
 * @param answers the answers that were checked
 * @param renumbered rows whose keys are others on main than on the branch
 * @param facts why units are held
 * @param notRelied answers that don't hold and that no landed unit was taken to rest on
 * @param dropped ids of the units that never land, as was decided
 * @param plan the digest of what it was to write, of its facts and of what was decided
 * @param undoes the id of the promotion whose work it took back, if it is an undoing
 * @param checks what came of the users' own checks
 * @param tasks its units by the tasks that they were made for
 * @param moved what landed elsewhere, or was on main already: facts that nobody is asked about
 * @param merged cells that rules had a part in
 */
public record Receipt(
    String id,
    String branch,
    String outcome,
    boolean dryRun,
    boolean strict,
    String mainSystem,
    String forkLsn,
    String asOf,
    Optional<String> committed,
    Optional<String> verifiedThrough,
    List<Long> doubtedAfterwards,
    Instant startedAt,
    Instant endedAt,
    List<Long> landed,
    List<Long> held,
    List<TableWritten> tables,
    List<AnswerChecked> answers,
    List<KeyChanged> renumbered,
    List<Fact> facts,
    List<NotRelied> notRelied,
    List<Long> dropped,
    String plan,
    Optional<String> undoes,
    List<AssertionResult> checks,
    List<TaskWork> tasks,
    List<Fact> moved,
    List<MergedCell> merged) {

  public Receipt {
    // Receipts of earlier versions have none.
    undoes = Objects.requireNonNullElse(undoes, Optional.empty());
    checks = List.copyOf(Objects.requireNonNullElse(checks, List.of()));
    notRelied = List.copyOf(Objects.requireNonNullElse(notRelied, List.of()));
    dropped = List.copyOf(Objects.requireNonNullElse(dropped, List.of()));
    plan = Objects.requireNonNullElse(plan, "");
    tasks = List.copyOf(Objects.requireNonNullElse(tasks, List.of()));
    moved = List.copyOf(Objects.requireNonNullElse(moved, List.of()));
    merged = List.copyOf(Objects.requireNonNullElse(merged, List.of()));
  }

  /** The most keys that a receipt names of one table and one kind of change. */
  public static final int KEYS_LIMIT = 10_000;

  /**
   * @param table {@code schema.table}
   * @param keyColumns names
   * @param inserted how many rows
   * @param updated how many rows
   * @param deleted how many rows
   * @param insertedKeys their keys on main, at most {@value #KEYS_LIMIT}
   * @param updatedKeys likewise, as they were before
   * @param deletedKeys likewise
   * @param unfired the user's triggers of main that such changes fire and that landing did not:
   *     what they did on the branch has landed with it
   */
  public record TableWritten(
      String table,
      List<String> keyColumns,
      int inserted,
      int updated,
      int deleted,
      List<List<String>> insertedKeys,
      List<List<String>> updatedKeys,
      List<List<String>> deletedKeys,
      List<String> unfired) {

    public TableWritten {
      // Receipts of earlier versions have none.
      unfired = List.copyOf(Objects.requireNonNullElse(unfired, List.of()));
    }
  }

  /**
   * @param id the answer
   * @param verdict holds, changed or undecided
   * @param proof how that was told
   * @param reason in words
   * @param accepted whether a person accepted it for this promotion
   * @param restedOn whether a landed unit rests on it
   */
  public record AnswerChecked(
      long id, String verdict, String proof, String reason, boolean accepted, boolean restedOn) {}

  /**
   * @param table {@code schema.table}
   * @param branch the key on the branch, column name to text
   * @param main the key on main
   */
  public record KeyChanged(String table, Map<String, String> branch, Map<String, String> main) {}
}
