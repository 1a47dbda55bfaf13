package dev.anabranch.server.settings;

import dev.anabranch.promote.assertion.AssertionRules;
import java.time.Duration;
import java.util.Optional;

/**
 * What was said about promotions.
 *
 * @param checks how checks of the users' own are run
 * @param undoKeep how long the rows are kept by which a promotion can be undone; empty: forever
 */
public record PromotionOptions(AssertionRules checks, Optional<Duration> undoKeep) {

  private static final Duration MONTH = Duration.ofDays(30);

  /** What holds when nothing is said. */
  public static PromotionOptions usual() {
    return new PromotionOptions(AssertionRules.USUAL, Optional.of(MONTH));
  }
}
