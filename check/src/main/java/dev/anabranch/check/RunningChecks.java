package dev.anabranch.check;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
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
 * The checks under way, one at a time for each branch. A thread of its own looks after them: one
 * whose caller has gone, or all when the server ends, are stopped at their next step, and what they
 * have Postgres execute meanwhile is cancelled.
 */
final class RunningChecks implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RunningChecks.class);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);

  private final Map<BranchId, Run> runs = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
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
    private final Caller caller = Caller.CURRENT.orElse(() -> true);
    private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
    private volatile Optional<String> stopped = Optional.empty();

    private Run(BranchId branch) {
      this.branch = branch;
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

    /** What this connection executes is cancelled when the check is stopped. */
    Connection watched(Connection connection) {
      connections.add(connection);
      return connection;
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
      runs.remove(branch);
      lock.lock();
      try {
        ended.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Begins a check.
   *
   * @throws AnabranchException BRANCH_BUSY when one of this branch is under way
   */
  Run begin(BranchId branch, BranchName name) {
    Run run = new Run(branch);
    if (runs.putIfAbsent(branch, run) != null) {
      throw new AnabranchException(ErrorCode.BRANCH_BUSY, name, "checked");
    }
    if (closed) {
      run.stop(ENDING);
    }
    return run;
  }

  private static final String ENDING = "the server is ending";

  private void look() {
    for (Run run : runs.values()) {
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
  }

  /** Stops all checks, and waits until they have ended, but not for long. */
  @Override
  public void close() {
    closed = true;
    look();
    long patience = STOP_PATIENCE.toNanos();
    lock.lock();
    try {
      while (!runs.isEmpty() && patience > 0) {
        patience = ended.awaitNanos(patience);
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
