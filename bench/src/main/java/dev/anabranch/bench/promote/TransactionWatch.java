package dev.anabranch.bench.promote;

import dev.anabranch.bench.measure.SteadyLoad;
import dev.anabranch.trials.drive.Address;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * How long transactions that write to main stay open, those of the steady load left out. Main is
 * asked every few milliseconds, so the figure is short by no more than that.
 */
final class TransactionWatch implements AutoCloseable {

  private static final long LOOK_EVERY_MILLIS = 5;
  private static final String OPEN =
      "SELECT pid || ' ' || xact_start, extract(epoch FROM clock_timestamp() - xact_start)::float8"
          + " FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND backend_type = 'client"
          + " backend' AND pid <> pg_backend_pid() AND application_name <> '"
          + SteadyLoad.APPLICATION
          + "'";

  private final Map<String, Double> seconds = new HashMap<>(); // guarded by itself
  private final AtomicReference<SQLException> failure = new AtomicReference<>();
  private final ExecutorService watcher =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("transaction-watch").factory());
  private volatile boolean over;

  private TransactionWatch() {}

  static TransactionWatch start(Address main) throws SQLException {
    TransactionWatch watch = new TransactionWatch();
    Connection connection = main.connect(Map.of("ApplicationName", SteadyLoad.APPLICATION));
    watch.watcher.execute(() -> watch.watch(connection));
    return watch;
  }

  private void watch(Connection connection) {
    try (connection;
        Statement statement = connection.createStatement()) {
      while (!over) {
        look(statement);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MILLIS));
      }
    } catch (SQLException e) {
      failure.set(e);
    }
  }

  private void look(Statement statement) throws SQLException {
    try (ResultSet open = statement.executeQuery(OPEN)) {
      while (open.next()) {
        synchronized (seconds) {
          seconds.merge(open.getString(1), open.getDouble(2), Math::max);
        }
      }
    }
  }

  /** Of the transaction that was open for longest. */
  double longestSeconds() throws SQLException {
    SQLException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    synchronized (seconds) {
      return seconds.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }
  }

  @Override
  public void close() {
    over = true;
    watcher.close();
  }
}
