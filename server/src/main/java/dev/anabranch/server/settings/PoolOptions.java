package dev.anabranch.server.settings;

import dev.anabranch.branch.pool.PoolSettings;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What was said about pools; what was not is decided by the disk.
 *
 * @param hot see {@link Setting#POOL_HOT}
 * @param hotEphemeral see {@link Setting#POOL_HOT_EPHEMERAL}
 * @param cold see {@link Setting#POOL_COLD}
 * @param lowWater see {@link Setting#POOL_LOW_WATER}
 * @param deadline see {@link Setting#POOL_DEADLINE}
 * @param freshness see {@link Setting#FRESHNESS}
 */
public record PoolOptions(
    OptionalInt hot,
    int hotEphemeral,
    OptionalInt cold,
    OptionalInt lowWater,
    Duration deadline,
    Duration freshness) {

  private static final int HOT_WHERE_SHARED = 4;
  private static final int COLD_WHERE_SHARED = 8;
  private static final int WORKERS = 2;

  /** Nothing was said. */
  public static PoolOptions none() {
    return new PoolOptions(
        OptionalInt.empty(),
        0,
        OptionalInt.empty(),
        OptionalInt.empty(),
        Duration.ofMinutes(2),
        Duration.ofMinutes(5));
  }

  /**
   * Where a branch is a full copy of main, none is made ahead of time unless that was asked for.
   *
   * @param shared whether branches share blocks
   */
  public PoolSettings on(boolean shared) {
    int running = hot.orElse(shared ? HOT_WHERE_SHARED : 0);
    return new PoolSettings(
        running,
        hotEphemeral,
        cold.orElse(shared ? COLD_WHERE_SHARED : 0),
        lowWater.orElse((running + 3) / 4),
        WORKERS,
        deadline,
        freshness.dividedBy(2));
  }
}
