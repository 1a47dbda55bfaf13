package dev.anabranch.bench.measure;

import dev.anabranch.bench.report.Summary;
import dev.anabranch.trials.drive.Address;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Transactions on main at a fixed rate, whatever happens to them. Each has a moment at which it is
 * due, and its latency counts from there: when main stalls, those that had to queue behind the
 * stall count too.
 */
public final class SteadyLoad implements AutoCloseable {

  /** Marks these sessions among main's. */
  public static final String APPLICATION = "anabranch-bench";

  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /** One transaction; the connection commits by itself. */
  public interface Transaction {
    void run(Connection connection, long number) throws SQLException;
  }

  private record Sample(long due, long done) {}

  private final List<Sample> samples = new ArrayList<>(); // guarded by itself
  private final List<String> failures = new ArrayList<>(); // guarded by itself
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("load-", 0).factory());
  private volatile boolean over;

  private SteadyLoad() {}

  /** Starts it; connections are open when this returns. */
  public static SteadyLoad start(Address main, int clients, int perSecond, Transaction transaction)
      throws SQLException {
    SteadyLoad load = new SteadyLoad();
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      connections.add(main.connect(Map.of("ApplicationName", APPLICATION)));
    }
    long start = System.nanoTime();
    for (int i = 0; i < clients; i++) {
      int first = i;
      Connection connection = connections.get(i);
      load.threads.execute(
          () -> load.work(connection, transaction, start, perSecond, first, clients));
    }
    return load;
  }

  private void work(
      Connection connection,
      Transaction transaction,
      long start,
      int perSecond,
      int first,
      int step) {
    try (connection) {
      for (long number = first; !over; number += step) {
        long due = start + number * NANOS_PER_SECOND / perSecond;
        while (!over && System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        if (!over) {
          runOne(connection, transaction, number, due);
        }
      }
    } catch (SQLException e) {
      failed(e);
    }
  }

  private void runOne(Connection connection, Transaction transaction, long number, long due) {
    try {
      transaction.run(connection, number);
      long done = System.nanoTime();
      synchronized (samples) {
        samples.add(new Sample(due, done));
      }
    } catch (SQLException e) {
      failed(e);
    }
  }

  private void failed(SQLException e) {
    synchronized (failures) {
      failures.add("a writer on main failed: " + e.getMessage());
    }
  }

  /** The latencies of transactions that were under way at some time in one of these windows. */
  public Summary during(List<? extends Timed<?>> windows) {
    synchronized (samples) {
      return Summary.ofNanos(
          samples.stream()
              .filter(sample ->
                  windows.stream()
                      .anyMatch(
                          window -> sample.due() <= window.to() && sample.done() >= window.from()))
              .mapToLong(sample -> sample.done() - sample.due()));
    }
  }

  /** Lets the time pass in which nothing else happens. */
  public Timed<String> alone(double seconds) throws Exception {
    return Timed.of(() -> {
      long end = System.nanoTime() + (long) (seconds * NANOS_PER_SECOND);
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
      return "alone";
    });
  }

  /** What went wrong so far. */
  public List<String> failures() {
    synchronized (failures) {
      return List.copyOf(failures);
    }
  }

  @Override
  public void close() {
    over = true;
    threads.close();
  }
}
