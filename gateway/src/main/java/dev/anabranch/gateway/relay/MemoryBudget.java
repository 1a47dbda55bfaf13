package dev.anabranch.gateway.relay;

import java.util.function.LongSupplier;

/**
 * Bounds what a session makes the gateway remember: texts and parameters of messages without a
 * reply, of prepared statements and of portals. What there is no room for passes all the same, and
 * its answers are undecided.
 *
 * <p>What is given back is not counted at once, but when the room seems used up, and not each time
 * then: else a client could make every message cost a count of all.
 */
final class MemoryBudget {

  /** In characters; twice the longest message that is read along. */
  static final long MOST = 32 << 20;

  /** What the least of messages takes beside its text. */
  static final int LEAST = 256;

  private final LongSupplier count;
  private long held;
  private long since;

  /**
   * @param count adds up what is remembered now
   */
  MemoryBudget(LongSupplier count) {
    this.count = count;
  }

  /** Whether there is room for so much more, which is taken then. */
  boolean take(long chars) {
    long weight = chars + LEAST;
    if (held + weight > MOST && since > MOST / 8) {
      held = count.getAsLong();
      since = 0;
    }
    since += weight;
    if (held + weight > MOST) {
      return false;
    }
    held += weight;
    return true;
  }
}
