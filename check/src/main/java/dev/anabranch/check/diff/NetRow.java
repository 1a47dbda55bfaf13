package dev.anabranch.check.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the steps of one row come to. Of a row that was made and taken away again nothing is left,
 * and nothing of one that was changed and set back.
 *
 * <p>Rows of a table without a key are known by all that they hold. They are alike, then, and only
 * how many there are can differ.
 */
final class NetRow {

  private final boolean keyed;
  private Optional<Side> before = Optional.empty();
  private Optional<Side> now = Optional.empty();
  private Optional<Side> after = Optional.empty();
  private boolean written;
  private boolean counted;
  private long first;
  private long last;
  private int balance;
  private final List<Long> units = new ArrayList<>(1);

  NetRow(boolean keyed) {
    this.keyed = keyed;
  }

  /** In the order of their places. */
  void take(RowStep given) {
    RowStep step = keyed && written && now.isPresent() ? given.filledFrom(now.get()) : given;
    if (step.counts()) {
      if (!counted) {
        before = step.before();
        first = step.place();
        counted = true;
      }
      after = step.after();
      last = step.place();
      balance += (step.after().isPresent() ? 1 : 0) - (step.before().isPresent() ? 1 : 0);
      if (units.isEmpty() || units.getLast() != step.unit()) {
        units.add(step.unit());
      }
    }
    now = step.after();
    written = true;
  }

  /** Empty when nothing is left of it; several only where rows are alike. */
  List<ChangedRow> changes(int table) {
    if (!counted) {
      return List.of();
    }
    return keyed ? one(table) : alike(table);
  }

  private List<ChangedRow> one(int table) {
    boolean same =
        before.isPresent() == after.isPresent()
            && (before.isEmpty() || before.get().sameAs(after.orElseThrow()));
    return same ? List.of() : List.of(change(table, before, after));
  }

  private List<ChangedRow> alike(int table) {
    List<ChangedRow> changes = new ArrayList<>();
    Optional<Side> like = before.or(() -> after);
    for (int i = 0; i < Math.abs(balance); i++) {
      changes.add(
          balance > 0
              ? change(table, Optional.empty(), like)
              : change(table, like, Optional.empty()));
    }
    return changes;
  }

  /** A row that gave way to another of its key stands before that one. */
  private ChangedRow change(int table, Optional<Side> was, Optional<Side> is) {
    long place = is.isEmpty() ? 2 * last : was.isEmpty() ? 2 * first + 1 : 2 * first;
    return new ChangedRow(table, was, is, units, place);
  }
}
