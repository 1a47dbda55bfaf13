package dev.anabranch.branch;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** How long a branch lives. Always chosen, never assumed. */
public sealed interface Lifetime {

  /**
   * Deleted at this moment. A time to live is turned into one when the branch is created.
   *
   * @param time cut to microseconds, which is what Postgres keeps
   */
  record Until(Instant time) implements Lifetime {
    public Until {
      time = time.truncatedTo(ChronoUnit.MICROS);
    }
  }

  /** Until someone deletes it. */
  record NoExpiry() implements Lifetime {}

  default Optional<Instant> end() {
    return switch (this) {
      case Until(Instant time) -> Optional.of(time);
      case NoExpiry ignored -> Optional.empty();
    };
  }
}
