package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;

/**
 * A sequence of main, where it stood when main was read.
 *
 * @param id its identity, the same on the branch
 * @param sequence its name, quoted and qualified
 * @param position every value at or below it has been given out (in the direction of a positive
 *     increment)
 * @param increment its step
 */
public record Generator(TableId id, String sequence, long position, long increment) {

  /**
   * How far beyond main's position a number may be kept, or the sequence moved on; farther, the gap
   * would cost more than a new number.
   */
  private static final long REACH = 10_000;

  /** Whether main may have given a value out already. */
  public boolean hasPassed(long value) {
    return increment < 0 || value <= position;
  }

  /** Whether the sequence can be moved on to a value by drawing from it. */
  public boolean reaches(long value) {
    return increment > 0 && (value - position) / increment <= REACH;
  }
}
