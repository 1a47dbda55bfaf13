package dev.anabranch.check.diff;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One row that is another than it was, or came, or went.
 *
 * @param table its place among the diff's tables
 * @param before empty for one that came
 * @param after empty for one that went
 * @param units the units of the branch that wrote it, in commit order; empty for main's changes
 * @param place where it stands among the others: rows that came and rows that changed stand where
 *     they were first written, rows that went where they were last
 */
public record ChangedRow(
    int table, Optional<Side> before, Optional<Side> after, List<Long> units, long place) {
  public ChangedRow {
    units = List.copyOf(units);
    if (before.isEmpty() && after.isEmpty()) {
      throw new IllegalArgumentException("a row that never was");
    }
  }

  /** What became of it. */
  public enum Kind {
    INSERT,
    UPDATE,
    DELETE;

    /** As it is written: {@code insert}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Kind kind() {
    return before.isEmpty() ? Kind.INSERT : after.isEmpty() ? Kind.DELETE : Kind.UPDATE;
  }

  /** The row as it is, or was last. */
  public Side last() {
    return after.or(() -> before).orElseThrow();
  }
}
