package dev.anabranch.branch.pool;

import dev.anabranch.branch.golden.GoldenImage;
import java.util.Optional;

/** A caller who waits for a spare. Guarded by the pool's lock. */
final class Ticket {

  private final GoldenImage image;
  private final boolean ephemeral;
  private boolean inHand;
  private Optional<WarmBranch> served = Optional.empty();
  private Optional<RuntimeException> failed = Optional.empty();

  Ticket(GoldenImage image, boolean ephemeral) {
    this.image = image;
    this.ephemeral = ephemeral;
  }

  GoldenImage image() {
    return image;
  }

  boolean ephemeral() {
    return ephemeral;
  }

  /** Whether a worker makes one for it. */
  boolean isInHand() {
    return inHand;
  }

  void takeInHand() {
    inHand = true;
  }

  boolean takes(WarmBranch spare) {
    return spare.suits(image, ephemeral);
  }

  void serve(WarmBranch spare) {
    served = Optional.of(spare);
  }

  void fail(RuntimeException failure) {
    failed = Optional.of(failure);
  }

  boolean isOver() {
    return served.isPresent() || failed.isPresent();
  }

  /** Its spare, or the failure thrown; to be asked when it {@link #isOver}. */
  WarmBranch outcome() {
    if (failed.isPresent()) {
      throw failed.get();
    }
    return served.orElseThrow();
  }
}
