package dev.anabranch.trials.cycles;

/** How what came out again compares with what came out at first. */
enum Sameness {
  /** The same. */
  SAME,
  /** Another, but so that main already has what it says: it may be taken either way. */
  EITHER,
  /** Another. */
  DIFFERENT;

  Sameness and(Sameness other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
