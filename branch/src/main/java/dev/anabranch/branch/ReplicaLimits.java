package dev.anabranch.branch;

import java.time.Duration;

/**
 * How many views of branches as they were there may be, and for how long.
 *
 * @param most at once, of all branches
 * @param unused one that nobody has been connected to for so long is removed
 */
public record ReplicaLimits(int most, Duration unused) {

  private static final int MOST = 20;
  private static final Duration UNUSED = Duration.ofMinutes(5);

  /** Those of every server. */
  public static ReplicaLimits usual() {
    return new ReplicaLimits(MOST, UNUSED);
  }
}
