package dev.anabranch.promote;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A unit of a branch, what it is made of, and what becomes of it.
 *
 * @param id its id
 * @param committedAt when it was committed on the branch
 * @param state what becomes of it
 * @param taskId what its task is known by; empty where nobody knows whose it is
 * @param task what people call the task
 * @param statements the ids of what its transaction asked and said
 * @param restsOn the ids of the answers that it rests on, its own among them
 * @param facts the ids of the facts that hold it, roots only
 * @param rows what it wrote
 * @param undoneBy the receipt of the undoing that took it back, of one that was
 */
public record UnitSeen(
    long id,
    Instant committedAt,
    State state,
    String taskId,
    String task,
    List<Long> statements,
    List<Long> restsOn,
    List<String> facts,
    List<RowCount> rows,
    Optional<String> undoneBy) {

  /** What became of a unit, or would at a promotion now. */
  public enum State {
    /** It is on main. */
    LANDED,
    /** It would land. */
    LANDING,
    /** It stays behind until something is decided. */
    HELD,
    /** It never lands, as was decided. */
    DROPPED,
    /** It landed, and was taken back: only undoing that brings it to main again. */
    UNDONE
  }

  /**
   * How many rows of a table.
   *
   * @param table {@code schema.table}
   * @param truncated whether the table was emptied as a whole
   */
  public record RowCount(String table, int inserted, int updated, int deleted, boolean truncated) {}
}
