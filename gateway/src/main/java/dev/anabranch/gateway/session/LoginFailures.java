package dev.anabranch.gateway.session;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes guessing passwords slow: the longer somebody has failed in a row, the later the next
 * failure is told. A login that succeeds never waits. Safe for any thread.
 */
public final class LoginFailures {

  private static final Duration FIRST_DELAY = Duration.ofMillis(100);
  private static final int MOST_DOUBLINGS = 6;

  /** Addresses that are remembered; of more, those that failed first are forgotten. */
  static final int REMEMBERED = 10_000;

  // Guarded by this.
  private final Map<String, Integer> inARow = new LinkedHashMap<>();

  /**
   * A login from this address has failed.
   *
   * @return how long to wait before saying so
   */
  synchronized Duration failed(String address) {
    int before = inARow.getOrDefault(address, 0);
    inARow.put(address, before + 1);
    if (inARow.size() > REMEMBERED) {
      inARow.remove(inARow.keySet().iterator().next());
    }
    return FIRST_DELAY.multipliedBy(1L << Math.min(before, MOST_DOUBLINGS));
  }

  /** A login from this address was right. */
  synchronized void succeeded(String address) {
    inARow.remove(address);
  }
}
