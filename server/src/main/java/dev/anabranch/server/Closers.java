package dev.anabranch.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been started, to be stopped in reverse. A stop that comes in the middle of a start waits
 * for the step under way and lets no other begin.
 */
final class Closers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Closers.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Started> started = new ArrayDeque<>();
  private boolean closed;

  private record Started(String name, AutoCloseable what) {}

  /** Something that starts and must be stopped later. */
  @FunctionalInterface
  interface Step<T extends AutoCloseable> {
    T start();
  }

  /**
   * Runs a step of the start.
   *
   * @throws IllegalStateException when the stop has begun
   */
  <T extends AutoCloseable> T start(String name, Step<T> step) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("stopped before " + name + " was started");
      }
      T what = step.start();
      started.push(new Started(name, what));
      return what;
    } finally {
      lock.unlock();
    }
  }

  /** Stops everything, last started first; what fails to stop is logged and the rest goes on. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      while (!started.isEmpty()) {
        Started next = started.pop();
        try {
          next.what().close();
        } catch (Exception e) {
          LOG.warn("Stopping {} failed", next.name(), e);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
