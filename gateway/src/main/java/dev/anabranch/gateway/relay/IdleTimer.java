package dev.anabranch.gateway.relay;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Notices that a session has been idle for too long. Looks when it could be, not at each message;
 * all of it on the session's event loop.
 */
final class IdleTimer {

  private final EventLoop loop;
  private final Optional<Duration> limit;
  private final BooleanSupplier idle;
  private final Runnable tooLong;
  private long lastHeardNanos;
  private Optional<Future<?>> next = Optional.empty();

  /**
   * @param limit empty: nobody is idle for too long
   * @param idle whether the session has nothing to do now
   * @param tooLong run once
   */
  IdleTimer(EventLoop loop, Optional<Duration> limit, BooleanSupplier idle, Runnable tooLong) {
    this.loop = loop;
    this.limit = limit;
    this.idle = idle;
    this.tooLong = tooLong;
  }

  void begin() {
    heard();
    limit.ifPresent(most -> lookIn(most.toNanos()));
  }

  /** Either side has said something. */
  void heard() {
    if (limit.isPresent()) {
      lastHeardNanos = System.nanoTime();
    }
  }

  private void lookIn(long nanos) {
    next = Optional.of(loop.schedule(this::look, nanos, TimeUnit.NANOSECONDS));
  }

  private void look() {
    long most = limit.map(Duration::toNanos).orElse(Long.MAX_VALUE);
    long since = System.nanoTime() - lastHeardNanos;
    if (!idle.getAsBoolean()) {
      lookIn(most);
    } else if (since < most) {
      lookIn(most - since);
    } else {
      tooLong.run();
    }
  }

  void end() {
    next.ifPresent(turn -> turn.cancel(false));
  }
}
