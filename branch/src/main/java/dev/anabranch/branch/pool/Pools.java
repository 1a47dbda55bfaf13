package dev.anabranch.branch.pool;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.golden.GoldenImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spares, and the few workers that make them. A caller takes one that runs, which starts no process
 * and touches no file, or waits in line for a worker to make one.
 *
 * <p>Cloning and starting clusters is work for processors and disk: a hundred callers who did it
 * themselves would be served no sooner, and all at the end.
 */
public final class Pools implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Pools.class);

  private static final Duration IDLE = Duration.ofMillis(200);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

  private final WarmBranchSource source;
  private final PoolSettings settings;
  private final List<Thread> workers = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition served = lock.newCondition();
  // All below are guarded by the lock.
  private final PoolState poolState;
  private boolean closed;
  private long leasedHot;
  private long leasedMade;
  private long timedOut;
  private long failures;

  public Pools(WarmBranchSource source, PoolSettings settings) {
    this.source = source;
    this.settings = settings;
    this.poolState = new PoolState(settings);
  }

  /**
   * Adopts the spares of an earlier process, and sets the workers to work.
   *
   * @param listener told of each spare before a caller can have it
   */
  public Pools start(WarmBranchListener listener) {
    List<WarmBranch> hot = source.hot();
    List<WarmBranch> cold = source.cold();
    hot.forEach(spare -> listener.expect(spare.id(), spare.password()));
    cold.forEach(spare -> listener.expect(spare.id(), spare.password()));
    locked(() -> {
      hot.forEach(poolState::putHot);
      cold.forEach(poolState::putCold);
    });
    for (int i = 0; i < settings.workers(); i++) {
      workers.add(
          Thread.ofPlatform().daemon().name("pool-worker-" + i).start(() -> work(listener)));
    }
    return this;
  }

  /**
   * A running spare of an image that suits, if one waits.
   *
   * @param suits asked under the pool's lock: must be quick
   */
  public Optional<WarmBranch> take(Predicate<GoldenImage> suits, boolean ephemeral) {
    lock.lock();
    try {
      Optional<WarmBranch> spare = poolState.take(suits, ephemeral, System.nanoTime());
      if (spare.isPresent()) {
        leasedHot++;
        work.signal();
      }
      return spare;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A running spare of exactly this image, which the caller keeps meanwhile; made for the caller
   * when none waits.
   *
   * @throws AnabranchException BRANCHES_EXHAUSTED when the caller's turn did not come in time, or
   *     what went wrong when the spare was made
   */
  public WarmBranch lease(GoldenImage image, boolean ephemeral) {
    Optional<WarmBranch> ready = take(candidate -> candidate.id() == image.id(), ephemeral);
    return ready.isPresent() ? ready.get() : await(new Ticket(image, ephemeral));
  }

  private WarmBranch await(Ticket ticket) {
    lock.lock();
    try {
      refuseIfClosed();
      poolState.queue(ticket);
      work.signal();
      long left = settings.deadline().toNanos();
      while (!ticket.isOver()) {
        if (left <= 0) {
          throw exhausted(ticket);
        }
        left = served.awaitNanos(left);
      }
      leasedMade++;
      return ticket.outcome();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AnabranchException(ErrorCode.INTERNAL, e, "waiting for a branch was interrupted");
    } finally {
      poolState.leave(ticket);
      lock.unlock();
    }
  }

  private AnabranchException exhausted(Ticket ticket) {
    timedOut++;
    return new AnabranchException(
        ErrorCode.BRANCHES_EXHAUSTED,
        settings.deadline().toSeconds(),
        poolState.place(ticket),
        poolState.callers());
  }

  private void refuseIfClosed() {
    if (closed) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED, "making a branch", "the server is stopping.");
    }
  }

  /** Takes back a spare that its caller could not use after all. */
  public void giveBack(WarmBranch spare) {
    lock.lock();
    try {
      deliver(spare);
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  public PoolStatus status() {
    lock.lock();
    try {
      return new PoolStatus(
          poolState.hot(false),
          poolState.hot(true),
          poolState.cold(),
          poolState.callers(),
          leasedHot,
          leasedMade,
          timedOut,
          failures);
    } finally {
      lock.unlock();
    }
  }

  /** Lets the workers finish what they have in hand, and sends callers away. Spares stay. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    for (Thread worker : workers) {
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    sendAway();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void sendAway() {
    lock.lock();
    try {
      poolState
          .everybody()
          .forEach(ticket ->
              ticket.fail(
                  new AnabranchException(
                      ErrorCode.POSTGRES_FAILED, "making a branch", "the server is stopping.")));
      served.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void work(WarmBranchListener listener) {
    for (Optional<Job> job = nextJob(); job.isPresent(); job = nextJob()) {
      try {
        run(job.get(), listener);
      } catch (RuntimeException e) {
        failed(job.get(), e);
      } finally {
        done(job.get());
      }
    }
  }

  /** Waits for something to do; empty when the pool is closed. */
  private Optional<Job> nextJob() {
    lock.lock();
    try {
      while (!closed) {
        Optional<Job> job = poolState.next(source::isFresh, System.nanoTime());
        if (job.isPresent()) {
          return job;
        }
        work.await(IDLE.toMillis(), TimeUnit.MILLISECONDS);
      }
      return Optional.empty();
    } catch (InterruptedException e) {
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void run(Job job, WarmBranchListener listener) {
    switch (job) {
      case Job.Serve(Ticket ticket, Optional<WarmBranch> cold) -> {
        WarmBranch copied =
            cold.isPresent() ? cold.get() : copy(ticket.image(), ticket.ephemeral(), listener);
        serve(ticket, source.start(copied, ticket.ephemeral()));
      }
      case Job.Heat(WarmBranch cold, boolean ephemeral) -> {
        WarmBranch started = source.start(cold, ephemeral);
        source.shelveHot(started);
        locked(() -> deliver(started));
      }
      case Job.Copy(GoldenImage image) -> {
        WarmBranch copied = copy(image, false, listener);
        source.shelveCold(copied);
        locked(() -> poolState.putCold(copied));
      }
      case Job.Refresh _ -> {
        GoldenImage image = source.refresh();
        locked(() -> poolState.refreshed(image, System.nanoTime()));
      }
      case Job.Drop(WarmBranch spare) -> {
        source.discard(spare);
        listener.forget(spare.id());
      }
    }
  }

  private WarmBranch copy(GoldenImage image, boolean ephemeral, WarmBranchListener listener) {
    WarmBranch copied = source.copy(image, ephemeral);
    listener.expect(copied.id(), copied.password());
    return copied;
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** To the caller it was made for, unless that one has gone. */
  private void serve(Ticket ticket, WarmBranch spare) {
    lock.lock();
    try {
      if (!ticket.isOver() && poolState.everybody().contains(ticket)) {
        handOver(ticket, spare);
      } else {
        deliver(spare);
      }
    } finally {
      lock.unlock();
    }
  }

  /** To the first in line whom it serves, else to the shelf. */
  private void deliver(WarmBranch spare) {
    Optional<Ticket> taker = poolState.takerOf(spare);
    if (taker.isPresent()) {
      handOver(taker.get(), spare);
    } else {
      poolState.putHot(spare);
    }
  }

  private void handOver(Ticket ticket, WarmBranch spare) {
    ticket.serve(spare);
    poolState.leave(ticket);
    served.signalAll();
  }

  private void failed(Job job, RuntimeException failure) {
    lock.lock();
    try {
      failures++;
      if (job instanceof Job.Serve(Ticket ticket, Optional<WarmBranch> _)) {
        ticket.fail(failure);
        poolState.leave(ticket);
        served.signalAll();
      } else {
        log.warn("A spare branch could not be made or removed; trying again in a while", failure);
        poolState.pauseUntil(System.nanoTime() + PAUSE_AFTER_FAILURE.toNanos());
      }
    } finally {
      lock.unlock();
    }
  }

  private void done(Job job) {
    lock.lock();
    try {
      poolState.done(job);
      work.signal();
    } finally {
      lock.unlock();
    }
  }
}
