package dev.anabranch.server.watch;

import dev.anabranch.check.Caller;
import dev.anabranch.predicate.CheckReport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One who is told of a branch's verdicts. What it has not taken yet waits in a bounded queue; one
 * who is too slow for that misses what came between and is told everything anew.
 */
public final class Listener implements AutoCloseable {

  /** As many tellings wait at most. */
  static final int CAPACITY = 64;

  private final Caller caller;
  private final boolean patient;
  private final Consumer<Listener> leaving;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition told = lock.newCondition();
  // All below are guarded by the lock.
  private final ArrayDeque<News> queue = new ArrayDeque<>();
  private boolean knowsNothing = true;
  private String failing = "";
  private boolean closed;

  /**
   * @param caller whether it is still there
   * @param patient whether it listens for good, and is told later for that
   * @param leaving called when it is closed
   */
  Listener(Caller caller, boolean patient, Consumer<Listener> leaving) {
    this.caller = caller;
    this.patient = patient;
    this.leaving = leaving;
  }

  /** Waits for news, but not for longer than that. */
  public Optional<News> next(Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && !closed && left > 0) {
        left = told.awaitNanos(left);
      }
      return closed ? Optional.of(new News.Silence()) : Optional.ofNullable(queue.poll());
    } finally {
      lock.unlock();
    }
  }

  boolean isThere() {
    return caller.waits();
  }

  boolean isPatient() {
    return patient;
  }

  /** Whether it has been told nothing yet. */
  boolean knowsNothing() {
    lock.lock();
    try {
      return knowsNothing;
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param report what they are the news of
   */
  void tell(News.Flips flips, CheckReport report) {
    lock.lock();
    try {
      failing = "";
      if (knowsNothing || queue.size() >= CAPACITY) {
        tellAll(report);
      } else {
        queue.add(flips);
      }
      told.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void tell(News.Whole whole) {
    lock.lock();
    try {
      tellAll(whole.report());
      told.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void tellAll(CheckReport report) {
    queue.clear();
    queue.add(new News.Whole(report));
    knowsNothing = false;
    failing = "";
  }

  /** Told once for as long as it stays the same. */
  void tell(News.Failed failed) {
    String why = String.valueOf(failed.why().getMessage());
    lock.lock();
    try {
      if (queue.size() < CAPACITY && !failing.equals(why)) {
        failing = why;
        queue.add(failed);
        told.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  void tell(News.Ended ended) {
    lock.lock();
    try {
      queue.add(ended);
      told.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** It is told nothing more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      told.signalAll();
    } finally {
      lock.unlock();
    }
    leaving.accept(this);
  }
}
