package dev.anabranch.gateway.relay;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Gives out the ticks of one branch, to all its sessions alike. Safe for any thread. */
public final class BranchClock {

  private final AtomicLong ticks;
  private final InstantSource time;

  /**
   * @param lastTick the last one given out before
   */
  public BranchClock(long lastTick, InstantSource time) {
    this.ticks = new AtomicLong(lastTick);
    this.time = time;
  }

  long tick() {
    return ticks.incrementAndGet();
  }

  Instant now() {
    return time.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Microseconds, rounded down, as Postgres keeps them. */
  Mark mark() {
    return new Mark(tick(), now());
  }

  /** Like {@link #mark}, rounded up. */
  Mark markAfter() {
    return new Mark(tick(), now().plus(1, ChronoUnit.MICROS));
  }
}
