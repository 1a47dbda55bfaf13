package dev.anabranch.trials.kill;

import dev.anabranch.trials.drive.Address;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Production: small transactions on main, some fifty a second, until closed. None of them may ever
 * fail.
 */
final class MainTraffic implements AutoCloseable {

  private static final long GAP_NANOS = 20_000_000;

  private final AtomicBoolean over = new AtomicBoolean();
  private final Thread thread;
  private volatile @Nullable SQLException failure;

  MainTraffic(Address main, long seed) {
    thread =
        Thread.ofPlatform().daemon().name("production").start(() -> run(main, new Random(seed)));
  }

  private void run(Address main, Random random) {
    try (Connection connection = main.connect()) {
      while (!over.get()) {
        Bank.change(connection, random);
        LockSupport.parkNanos(GAP_NANOS);
      }
    } catch (SQLException e) {
      failure = e;
    }
  }

  /** Ends it and tells of main's failure, if there was one. */
  @Override
  public void close() throws SQLException {
    over.set(true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    SQLException failed = failure;
    if (failed != null) {
      throw new SQLException("production was disturbed", failed);
    }
  }
}
