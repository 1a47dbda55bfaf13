package dev.anabranch.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waiting for a condition, so that no test sleeps for luck. */
public final class Await {

  private static final long GAP_MILLIS = 10;

  private Await() {}

  /**
   * Returns as soon as the condition holds.
   *
   * @throws AssertionError when it still does not after this long; the last exception it threw is
   *     the cause
   */
  public static void until(Callable<Boolean> condition, Duration patience) {
    until("the condition", condition, patience);
  }

  /**
   * @param what names the condition in the failure
   */
  public static void until(String what, Callable<Boolean> condition, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    Exception last = null;
    do {
      try {
        if (condition.call()) {
          return;
        }
        Thread.sleep(GAP_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for " + what, e);
      } catch (Exception e) {
        last = e;
        pause();
      }
    } while (System.nanoTime() - deadline < 0);
    throw new AssertionError(what + " did not come true within " + patience, last);
  }

  private static void pause() {
    try {
      Thread.sleep(GAP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
