package dev.anabranch.promote.plan;

/**
 * The sequence behind a column of main, where it stood when main was read.
 *
 * @param sequence its name, quoted and qualified
 * @param position every value at or below it has been given out (in the direction of a positive
 *     increment)
 * @param increment its step
 */
public record Generator(String sequence, long position, long increment) {

  /** Whether main may have given a value out already. */
  public boolean hasPassed(long value) {
    return increment < 0 || value <= position;
  }
}
