package dev.anabranch.branch.history;

import java.time.Duration;

/**
 * How much of main's past is kept.
 *
 * @param keep how far back; zero keeps nothing
 * @param every how far two bases lie apart
 * @param mostLogBytes the most of main's WAL that is kept for it, and what main writes between two
 *     of its checkpoints; when main writes more, less of the past is kept
 */
public record HistorySettings(Duration keep, Duration every, long mostLogBytes) {

  /** Nothing of the past. */
  public static HistorySettings off() {
    return new HistorySettings(Duration.ZERO, Duration.ofHours(1), 0);
  }

  boolean isOff() {
    return keep.isZero();
  }
}
