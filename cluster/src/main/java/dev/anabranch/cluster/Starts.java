package dev.anabranch.cluster;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * The starts of Postgres servers by one process. Who ends them all for good closes this first: a
 * keeper that finds its server gone would start it again, and nobody would be left to end it.
 */
final class Starts {

  /** Those of the process that this runs in. */
  static final Starts HERE = new Starts();

  private final ReadWriteLock underWay = new ReentrantReadWriteLock();
  private volatile boolean closed;

  /**
   * Launches a server and returns when the process table tells what it is.
   *
   * @throws AnabranchException when no more are to be started
   */
  Process launch(Supplier<Process> launching) {
    underWay.readLock().lock();
    try {
      if (closed) {
        throw new AnabranchException(ErrorCode.GATEWAY_STOPPING);
      }
      return launching.get();
    } finally {
      underWay.readLock().unlock();
    }
  }

  /** From now on none is launched. Waits for those under way, but not for longer than this. */
  void close(Duration patience) {
    closed = true;
    try {
      if (underWay.writeLock().tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        underWay.writeLock().unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
