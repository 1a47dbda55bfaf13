package dev.anabranch.predicate.verdict;

import java.time.Instant;

/**
 * When an answer can be another although nothing is written.
 *
 * @param at no later than that
 */
public record NextFlip(Instant at, How how) {

  /** How that is known. */
  public enum How {
    /** It was found: until then it stays as it is. */
    FOUND,
    /** Nobody can tell: it depends on the clock in a way that is not understood. */
    ANY_MOMENT,
    /** No more is known than that code of the user's may read the clock, or a text be a moment. */
    SUSPECTED
  }
}
