package dev.anabranch.server;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a piece of housekeeping again and again, on one named thread; a failure is logged and the
 * next turn comes.
 */
final class Sweeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

  private final ScheduledExecutorService executor;
  private final ScheduledFuture<?> turns;

  Sweeper(String name, Duration period, Runnable work) {
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(name).daemon().factory());
    this.turns =
        executor.scheduleWithFixedDelay(
            () -> attempt(work), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.warn("Housekeeping failed, and will be tried again", e);
    }
  }

  /** Lets a turn under way end. */
  @Override
  public void close() {
    turns.cancel(false);
    executor.close();
  }
}
