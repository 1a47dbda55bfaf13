package dev.anabranch.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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
  private volatile String closing = "what was being started"; // read by who waits for the end

  private record Started(String name, AutoCloseable what) {}

  /**
   * Runs a step of the start and remembers how to stop what it started, even if the step fails
   * halfway.
   *
   * @throws IllegalStateException when the stop has begun
   */
  void start(String name, Runnable step, AutoCloseable stop) {
    lock.lock();
    try {
      requireOpen(name);
      started.push(new Started(name, stop));
      step.run();
    } finally {
      lock.unlock();
    }
  }

  /** The same for something that can be stopped only once it is there. */
  <T extends AutoCloseable> T start(String name, Supplier<T> step) {
    lock.lock();
    try {
      requireOpen(name);
      T what = step.get();
      started.push(new Started(name, what));
      return what;
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen(String name) {
    if (closed) {
      throw new IllegalStateException("stopped before " + name + " was started");
    }
  }

  /** What is being stopped, or was last. */
  String closing() {
    return closing;
  }

  /** Stops everything, last started first; what fails to stop is logged and the rest goes on. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      while (!started.isEmpty()) {
        Started next = started.pop();
        closing = next.name();
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
