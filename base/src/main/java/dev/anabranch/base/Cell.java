package dev.anabranch.base;

import org.jspecify.annotations.Nullable;

/**
 * One column of one row, as Postgres's text output under fixed settings (ISO dates, UTC, hex bytea,
 * shortest floats; see {@link TextForm}). Equal text means equal value; unequal text may still be
 * an equal value (1.0 and 1.00).
 */
public sealed interface Cell {

  /** A cell for a text, or for NULL. */
  static Cell of(@Nullable String text) {
    return text == null ? Absent.NULL : new Text(text);
  }

  /** A value that is there. */
  record Text(String value) implements Cell {}

  /** No text, for one of two reasons. */
  enum Absent implements Cell {
    /** SQL NULL. */
    NULL,
    /** A TOASTed value that logical decoding left out because the change did not touch it. */
    UNCHANGED
  }

  /**
   * The text, or null for NULL. Fails for a cell that was not sent: resolve those before reading.
   */
  default @Nullable String text() {
    return switch (this) {
      case Text(String value) -> value;
      case Absent.NULL -> null;
      case Absent.UNCHANGED ->
          throw new IllegalStateException("the value of this cell was not sent");
    };
  }
}
