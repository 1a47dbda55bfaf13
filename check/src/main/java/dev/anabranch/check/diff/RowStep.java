package dev.anabranch.check.diff;

import dev.anabranch.base.Cell;
import java.util.List;
import java.util.Optional;

/**
 * One write, as a step in the life of one row. A write that gives a row another key is two: the end
 * of one row and the beginning of another.
 *
 * @param table its place among the diff's tables
 * @param place where it stands among all writes
 * @param unit what wrote it
 * @param counts whether the diff is about this unit
 */
record RowStep(
    int table, long place, long unit, boolean counts, Optional<Side> before, Optional<Side> after) {

  /** Which row. */
  Row row() {
    return new Row(table, before.or(() -> after).orElseThrow().name());
  }

  /** A row of a table. */
  record Row(int table, List<Cell> name) {}

  boolean isKeyed() {
    return before.or(() -> after).orElseThrow().shape().hasKey();
  }

  /** Whether the row before was logged by its key alone, or a value was left out. */
  boolean lacksSomething() {
    return before.filter(side -> !side.image().isWhole()).isPresent();
  }

  /** The same step, with what was not logged taken from the row as it was. */
  RowStep filledFrom(Side earlier) {
    Optional<Side> filled = before.map(side -> side.filledFrom(earlier));
    return new RowStep(
        table,
        place,
        unit,
        counts,
        filled,
        after.map(side -> filled.isPresent() ? side.filledFrom(filled.get()) : side));
  }
}
