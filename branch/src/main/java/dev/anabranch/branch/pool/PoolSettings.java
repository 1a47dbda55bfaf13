package dev.anabranch.branch.pool;

import java.time.Duration;

/**
 * How much is made ahead of time.
 *
 * @param hot running durable spares to have waiting
 * @param hotEphemeral running ephemeral spares to have waiting
 * @param cold clones to have waiting that are not started
 * @param lowWater below this many hot spares of a kind, refilling goes on while leases come in;
 *     above, it waits for a quiet moment
 * @param workers how many spares are made at a time
 * @param deadline how long a caller waits for a branch at most
 * @param refresh how old the newest image may get before a newer one is cut in the background
 */
public record PoolSettings(
    int hot,
    int hotEphemeral,
    int cold,
    int lowWater,
    int workers,
    Duration deadline,
    Duration refresh) {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration REFRESH = Duration.ofMinutes(2);
  private static final int WORKERS = 2;

  /** Nothing is made ahead of time. */
  public static PoolSettings none() {
    return new PoolSettings(0, 0, 0, 0, WORKERS, PATIENCE, REFRESH);
  }

  /** So many hot and cold durable spares. */
  public static PoolSettings of(int hot, int cold) {
    return new PoolSettings(hot, 0, cold, Math.max(1, hot / 4), WORKERS, PATIENCE, REFRESH);
  }

  /** The same with callers that wait so long. */
  public PoolSettings withDeadline(Duration patience) {
    return new PoolSettings(hot, hotEphemeral, cold, lowWater, workers, patience, refresh);
  }

  /** The same with images that get so old. */
  public PoolSettings withRefresh(Duration age) {
    return new PoolSettings(hot, hotEphemeral, cold, lowWater, workers, deadline, age);
  }

  int hot(boolean ephemeral) {
    return ephemeral ? hotEphemeral : hot;
  }

  /** Whether anything is made ahead of time. */
  boolean stocks() {
    return hot + hotEphemeral + cold > 0;
  }
}
