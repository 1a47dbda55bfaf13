package dev.anabranch.server.webhook;

import dev.anabranch.base.BranchId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a webhook is to be told of a branch, until it has arrived or is given up.
 *
 * @param id the same in each attempt, by which a receiver knows what it has had
 * @param becomes the answers that do not hold, as is known once it has arrived
 * @param attempts that have failed
 */
public record Delivery(
    String id, String webhook, BranchId branch, String body, Set<Long> becomes, int attempts) {

  /** Before each further attempt. A receiver that is away for the night misses nothing. */
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10),
          Duration.ofHours(1),
          Duration.ofHours(4),
          Duration.ofHours(12));

  public Delivery {
    becomes = Set.copyOf(becomes);
  }

  /** When to try again after an attempt that failed; empty when it is given up. */
  Optional<Instant> next(Instant failedAt) {
    return attempts < PAUSES.size()
        ? Optional.of(failedAt.plus(PAUSES.get(attempts)))
        : Optional.empty();
  }

  /** How an attempt ended. */
  public enum Outcome {
    DELIVERED,
    FAILED,
    GIVEN_UP
  }

  /** What is told of an attempt. */
  public record Ended(Outcome outcome, Instant at, String why) {}
}
