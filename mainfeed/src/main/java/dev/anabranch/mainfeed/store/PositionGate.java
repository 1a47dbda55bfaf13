package dev.anabranch.mainfeed.store;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who may go how far: the one writer asks before it takes each transaction, readers wait for
 * positions and hold the store still.
 *
 * <p>A hold is a ceiling. Transactions that end above it are not admitted, so that the writer stops
 * with everything at or below it stored, and says so: a commit above the ceiling has arrived, or
 * the server has said that nothing at or below it is left, hence the applied position is the
 * ceiling itself. One hold at a time; a second one waits for the first.
 */
final class PositionGate {

  /** How long a hold may wait for an earlier one. */
  private static final Duration TURN_PATIENCE = Duration.ofMinutes(10);

  /** How soon the writer looks again while somebody waits. */
  private static final Duration SHORT_PAUSE = Duration.ofMillis(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Semaphore turn = new Semaphore(1, true);
  private Lsn admitted = Lsn.ZERO;
  private Lsn applied = Lsn.ZERO;
  private Optional<Lsn> ceiling = Optional.empty();
  private int waiting;
  private long moves;

  /** Starts again at a stored position; what was admitted and not stored will come again. */
  void startAt(Lsn position) {
    lock.lock();
    try {
      admitted = position;
      applied = position;
      signal();
    } finally {
      lock.unlock();
    }
  }

  /** True when everything up to this position may be stored now. */
  boolean admit(Lsn position) {
    lock.lock();
    try {
      if (ceiling.isPresent() && position.isAfter(ceiling.get())) {
        return false;
      }
      admitted = Lsn.max(admitted, position);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The highest position at or below this one that may be stored now. */
  Lsn admitUpTo(Lsn position) {
    lock.lock();
    try {
      Lsn allowed = ceiling.filter(position::isAfter).orElse(position);
      admitted = Lsn.max(admitted, allowed);
      return allowed;
    } finally {
      lock.unlock();
    }
  }

  void applied(Lsn position) {
    lock.lock();
    try {
      applied = Lsn.max(applied, position);
      signal();
    } finally {
      lock.unlock();
    }
  }

  Lsn applied() {
    lock.lock();
    try {
      return applied;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until something has moved, or for so long. The writer waits here when it has nothing to
   * do.
   */
  void pause(Duration most) throws InterruptedException {
    lock.lock();
    try {
      long left = waiting > 0 ? Math.min(most.toNanos(), SHORT_PAUSE.toNanos()) : most.toNanos();
      long seen = moves;
      while (moves == seen && left > 0) {
        left = moved.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    moves++;
    moved.signalAll();
  }

  /** Wakes the writer. */
  void nudge() {
    lock.lock();
    try {
      signal();
    } finally {
      lock.unlock();
    }
  }

  Lsn await(Lsn position, Duration patience) {
    lock.lock();
    waiting++;
    try {
      signal();
      long left = patience.toNanos();
      while (applied.isBefore(position)) {
        if (left <= 0) {
          throw new AnabranchException(
              ErrorCode.CHECK_FAILED,
              "the feed of main's changes is at "
                  + applied
                  + " and did not reach "
                  + position
                  + " within "
                  + patience.toSeconds()
                  + " s");
        }
        left = moved.awaitNanos(left);
      }
      return applied;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AnabranchException(
          ErrorCode.CHECK_FAILED, e, "it was interrupted while waiting for main's changes");
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  /** Stops the writer at what it has admitted, and waits until that is stored. */
  void hold(Duration patience) {
    try {
      if (!turn.tryAcquire(TURN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AnabranchException(
            ErrorCode.CHECK_FAILED, "another check has held the feed for too long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AnabranchException(
          ErrorCode.CHECK_FAILED, e, "it was interrupted while waiting for another check");
    }
    Lsn position;
    lock.lock();
    try {
      position = Lsn.max(admitted, applied);
      ceiling = Optional.of(position);
    } finally {
      lock.unlock();
    }
    try {
      await(position, patience);
    } catch (RuntimeException e) {
      release();
      throw e;
    }
  }

  void raise(Lsn position, Duration patience) {
    lock.lock();
    try {
      if (applied.isAfter(position)) {
        throw new AnabranchException(
            ErrorCode.CHECK_FAILED,
            "the feed is held at " + applied + " and can't go back to " + position);
      }
      ceiling = Optional.of(position);
      signal();
    } finally {
      lock.unlock();
    }
    await(position, patience);
  }

  void release() {
    lock.lock();
    try {
      ceiling = Optional.empty();
      signal();
    } finally {
      lock.unlock();
    }
    turn.release();
  }
}
