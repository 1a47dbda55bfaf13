package dev.anabranch.check;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.mainfeed.MainFeed;
import java.time.Duration;
import java.util.Locale;

/**
 * A check's wait for main's changes.
 *
 * @param patience for how long it waits
 */
public record FeedWait(MainFeed feed, Duration patience) {

  /** For how long a check waits before it looks whether anybody still waits for it. */
  private static final Duration STEP = Duration.ofSeconds(1);

  /**
   * Returns when every change up to a position is known.
   *
   * @param step done again and again meanwhile; throws when the check is to end
   * @throws AnabranchException FEED_BEHIND, which says how far
   */
  public void until(Lsn position, Runnable step) {
    long began = System.nanoTime();
    Lsn first = feed.applied();
    while (feed.applied().isBefore(position)) {
      step.run();
      Duration waited = Duration.ofNanos(System.nanoTime() - began);
      Duration left = patience.minus(waited);
      if (!left.isPositive()) {
        throw behind(first, position, waited);
      }
      try {
        feed.await(position, left.compareTo(STEP) < 0 ? left : STEP);
      } catch (AnabranchException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
  }

  private AnabranchException behind(Lsn first, Lsn position, Duration waited) {
    Lsn applied = feed.applied();
    long left = position.value() - applied.value();
    long read = applied.value() - first.value();
    String bytes = String.format(Locale.ROOT, "%,d bytes", left);
    return new AnabranchException(
        ErrorCode.FEED_BEHIND,
        patience.toSeconds() + " s",
        read <= 0 ? bytes : bytes + " (about " + seconds(left, read, waited) + " s)");
  }

  /** At the pace of the wait, which is all that is known of the future. */
  private static long seconds(long left, long read, Duration waited) {
    return Math.max(1, Math.round((double) left / read * waited.toMillis() / 1_000));
  }
}
