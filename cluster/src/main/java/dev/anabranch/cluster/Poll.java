package dev.anabranch.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for a condition outside this process that announces itself to nobody, such as a line in
 * {@code postmaster.pid}. The gaps between looks grow from one millisecond to twenty, by about a
 * sixteenth of the time waited so far, so that a quick event is seen quickly and a slow one is
 * cheap.
 */
public final class Poll {

  private static final long FIRST_GAP_NANOS = 1_000_000;
  private static final long LONGEST_GAP_NANOS = 20_000_000;
  private static final long GROWTH = 16;

  private Poll() {}

  /**
   * Returns true as soon as the condition holds, false when patience ran out or the thread was
   * interrupted.
   */
  public static boolean until(Duration patience, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    long gap = FIRST_GAP_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(gap);
      gap = Math.min(gap + gap / GROWTH, LONGEST_GAP_NANOS);
    }
    return true;
  }
}
