package dev.anabranch.branch;

import java.time.Instant;
import java.util.Optional;

/** How long a branch lives. Always chosen, never assumed. */
public sealed interface Lifetime {

  /** Deleted at this moment. A time to live is turned into one when the branch is created. */
  record Until(Instant time) implements Lifetime {}

  /** Until someone deletes it. */
  record NoExpiry() implements Lifetime {}

  default Optional<Instant> end() {
    return switch (this) {
      case Until(Instant time) -> Optional.of(time);
      case NoExpiry ignored -> Optional.empty();
    };
  }
}
