package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TableId;
import dev.anabranch.predicate.match.Condition;
import dev.anabranch.predicate.match.Condition.Comparison;

/**
 * A comparison in which rows of a table change sides as time passes.
 *
 * @param table whose rows they are
 * @param withDescendants whether those of its children and partitions are among them
 * @param condition what a row must satisfy to matter, whatever the time is; never narrower than the
 *     truth
 * @param value what is compared of a row; no clock is in it
 * @param comparison of the value with the bound
 * @param bound what it is compared with; no column is in it
 * @param type as what both are compared
 * @param pace how the bound moves
 */
public record Turn(
    TableId table,
    boolean withDescendants,
    Condition condition,
    Term value,
    Comparison comparison,
    Term bound,
    String type,
    Pace pace) {

  /** How the clock's side of a comparison moves. */
  public enum Pace {
    /**
     * As fast as the clock, but for jumps where a zone changes its clocks or a month is shorter.
     */
    STEADY,
    /** Not at all but for jumps. */
    IN_STEPS,
    /** Once a day at most, to anywhere. */
    BY_DAY,
    /** Once a day at most, and never back. */
    RISING_BY_DAY
  }
}
