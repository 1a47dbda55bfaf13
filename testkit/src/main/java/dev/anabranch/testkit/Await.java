package dev.anabranch.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waiting for a condition, so that no test sleeps for luck. */
public final class Await {

  private static final long GAP_NANOS = 10_000_000;

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
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        last = e;
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while waiting for " + what, last);
      }
      LockSupport.parkNanos(GAP_NANOS);
    } while (System.nanoTime() - deadline < 0);
    throw new AssertionError(what + " did not come true within " + patience, last);
  }
}
