package dev.anabranch.branch.pool;

import dev.anabranch.branch.golden.GoldenImage;
import java.util.Optional;

/** What a worker does next. */
sealed interface Job {

  /** Makes a spare for a caller who waits, from a clone if there is one. */
  record Serve(Ticket ticket, Optional<WarmBranch> cold) implements Job {}

  /** Starts a clone. */
  record Heat(WarmBranch cold, boolean ephemeral) implements Job {}

  /** Clones an image. */
  record Copy(GoldenImage image) implements Job {}

  /** Cuts a newer image if main has moved. */
  record Refresh() implements Job {}

  /** Removes a spare that nobody will want. */
  record Drop(WarmBranch spare) implements Job {}
}
