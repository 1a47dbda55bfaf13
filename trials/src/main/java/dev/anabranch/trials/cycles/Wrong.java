package dev.anabranch.trials.cycles;

/**
 * Something that the product did wrong.
 *
 * @param nature what kind of mistake it is
 * @param program the kind of the program that it concerns, or empty
 * @param report what happened, for a person
 */
record Wrong(Nature nature, String program, String report) {

  /** Kinds of mistakes, worst first. */
  enum Nature {
    /** A verdict of holds that executing again does not confirm. */
    FALSE_HOLD,
    /** Work that landed on a premise that is gone. */
    PREMISE_GONE,
    /** Rows on main that executing the landed work again does not give. */
    OTHER_ROWS,
    /** An ordinary write of production's that fails after a promotion. */
    PRODUCTION_FAILS,
    /** A check or a promotion that fails, loses count, or contradicts itself. */
    FAILURE
  }

  boolean like(Wrong other) {
    return nature == other.nature && program.equals(other.program);
  }
}
