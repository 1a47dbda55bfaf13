package dev.anabranch.check;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.postgresql.core.BaseConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks under way, one at a time for each branch; others of the same branch wait for their
 * turn in the order in which they came. A thread of its own looks after them: one whose caller has
 * gone, or all when the server ends, are stopped at their next step, and what they have Postgres
 * execute meanwhile is cancelled. One that waits gives up its turn then.
 */
final class RunningChecks implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RunningChecks.class);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);

  private final ReentrantLock lock = new ReentrantLock();

  /** A check has ended, or one that waits has been stopped. */
  private final Condition moved = lock.newCondition();

  /** Of each branch the check under way, then those that wait; guarded by the lock. */
  private final Map<BranchId, Deque<Run>> lines = new HashMap<>();

  private final ScheduledExecutorService watcher =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("check-watch").factory());
  private final ScheduledFuture<?> looking;
  private volatile boolean closed;

  RunningChecks() {
    this.looking =
        watcher.scheduleWithFixedDelay(
            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** One check under way, on the thread that began it. */
  final class Run implements AutoCloseable {

    private final BranchId branch;
    private final Duration feedPatience;
    private final Caller caller = Caller.CURRENT.orElse(() -> true);
    private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
    private volatile Optional<String> stopped = Optional.empty();

    private Run(BranchId branch, Duration feedPatience) {
      this.branch = branch;
      this.feedPatience = feedPatience;
    }

    /**
     * @throws AnabranchException CHECK_FAILED when it has been stopped
     */
    void step() {
      Optional<String> why = stopped;
      if (why.isPresent()) {
        throw new AnabranchException(ErrorCode.CHECK_FAILED, why.get());
      }
    }

    /** For how long it waits for main's changes to be known. */
    Duration feedPatience() {
      return feedPatience;
    }

    /** What this connection executes is cancelled when the check is stopped. */
    Connection watched(Connection connection) {
      connections.add(connection);
      return connection;
    }

    /** Waits until those before it have ended. */
    private void await() {
      lock.lock();
      try {
        line().add(this);
        while (line().peekFirst() != this) {
          step();
          moved.awaitUninterruptibly();
        }
      } catch (RuntimeException e) {
        leave();
        throw e;
      } finally {
        lock.unlock();
      }
    }

    private Deque<Run> line() {
      return lines.computeIfAbsent(branch, ignored -> new ArrayDeque<>());
    }

    private void leave() {
      Deque<Run> line = line();
      line.remove(this);
      if (line.isEmpty()) {
        lines.remove(branch);
      }
      moved.signalAll();
    }

    private void stop(String why) {
      stopped = Optional.of(why);
      for (Connection connection : connections) {
        try {
          if (!connection.isClosed()) {
            connection.unwrap(BaseConnection.class).cancelQuery();
          }
        } catch (SQLException e) {
          LOG.debug("A statement of a stopped check could not be cancelled", e);
        }
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        leave();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Begins a check; returns when it is its turn.
   *
   * @param feedPatience for how long it waits for main's changes to be known, from then on
   * @throws AnabranchException CHECK_FAILED when its caller does not wait for that, or the server
   *     ends
   */
  Run begin(BranchId branch, Duration feedPatience) {
    Run run = new Run(branch, feedPatience);
    if (closed) {
      run.stop(ENDING);
    }
    run.await();
    return run;
  }

  /** The same when nobody checks the branch; else empty, and others go first. */
  Optional<Run> beginIfFree(BranchId branch, Duration feedPatience) {
    lock.lock();
    try {
      if (closed || lines.containsKey(branch)) {
        return Optional.empty();
      }
      Run run = new Run(branch, feedPatience);
      run.line().add(run);
      return Optional.of(run);
    } finally {
      lock.unlock();
    }
  }

  private static final String ENDING = "the server is ending";

  private void look() {
    for (Run run : all()) {
      try {
        if (closed) {
          run.stop(ENDING);
        } else if (!run.caller.waits()) {
          run.stop("nobody waits for it any more");
        }
      } catch (RuntimeException e) {
        LOG.warn("It could not be told whether anybody waits for a check", e);
      }
    }
    lock.lock();
    try {
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private List<Run> all() {
    lock.lock();
    try {
      return lines.values().stream().flatMap(Deque::stream).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Stops all checks, and waits until they have ended, but not for long. */
  @Override
  public void close() {
    closed = true;
    look();
    long patience = STOP_PATIENCE.toNanos();
    lock.lock();
    try {
      while (!lines.isEmpty() && patience > 0) {
        patience = moved.awaitNanos(patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    looking.cancel(false);
    watcher.shutdown();
  }
}
