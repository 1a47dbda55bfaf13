package dev.anabranch.server.settings;

import dev.anabranch.branch.history.HistorySettings;
import java.time.Duration;
import java.util.Optional;

/**
 * What was said about main's past; what was not is decided by the disk.
 *
 * @param keep see {@link Setting#HISTORY}
 * @param every see {@link Setting#HISTORY_EVERY}
 * @param logGigabytes see {@link Setting#HISTORY_LOG}
 */
public record HistoryOptions(Optional<Duration> keep, Duration every, int logGigabytes) {

  private static final Duration WHERE_SHARED = Duration.ofDays(1);
  private static final int GIGABYTE_SHIFT = 30;

  /** Nothing was said. */
  public static HistoryOptions none() {
    return new HistoryOptions(Optional.empty(), Duration.ofHours(1), 16);
  }

  /**
   * Where a copy of the mirror takes as much room as main, none is made unless that was asked for.
   *
   * @param shared whether copies share blocks
   */
  public HistorySettings on(boolean shared) {
    return new HistorySettings(
        keep.orElse(shared ? WHERE_SHARED : Duration.ZERO),
        every,
        (long) logGigabytes << GIGABYTE_SHIFT);
  }
}
