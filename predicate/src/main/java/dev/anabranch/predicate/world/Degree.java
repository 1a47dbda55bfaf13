package dev.anabranch.predicate.world;

/** How alike two executions came out; the later, the less. */
public enum Degree {
  /** To the letter. */
  SAME,
  /** But for numbers that were drawn, one for one, and readings of the clock. */
  DRAWN,
  /** But for values that come out otherwise each time, for a reason that is not known. */
  CHANCE,
  /** In what comes out the same each time. */
  OTHER;

  /** The worse of two. */
  public Degree or(Degree worse) {
    return worse.compareTo(this) > 0 ? worse : this;
  }
}
