package dev.anabranch.bench.measure;

import dev.anabranch.trials.drive.PostgresProcess;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Processor time of every Postgres below a data directory, main and short-lived copies included:
 * the whole price of an operation in databases, whoever sent the statements; and beside it that of
 * the server's own process. From the system's process table, looked at a few times a second, so
 * that of a cluster that ends in between only its last moments are missed. Its resolution is the
 * system's clock tick, usually 10 ms for each process.
 */
public final class ProcessorTime implements AutoCloseable {

  private static final long LOOK_EVERY_MILLIS = 100;
  private static final double TICKS_PER_SECOND = 100;
  private static final int PARENT = 1;
  private static final int OWN_USER = 11;
  private static final int OWN_SYSTEM = 12;
  private static final int CHILDREN_USER = 13;
  private static final int CHILDREN_SYSTEM = 14;

  private final Path data;
  private final Path mainData;
  private final Path server;
  private final long serverAtStart;
  private final Map<PostgresProcess, Long> atStart;
  private final Map<PostgresProcess, Long> newest; // guarded by itself
  private final ExecutorService watcher =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("processor-time").factory());
  private volatile boolean over;

  /**
   * Seconds of processor time.
   *
   * @param main used by main's Postgres
   * @param others used by all others: control database, mirror, images, branches, scratch copies
   * @param server used by the server's own process
   */
  public record Spent(double main, double others, double server) {
    /** In all databases. */
    public double databases() {
      return main + others;
    }
  }

  private ProcessorTime(Path data, long server) {
    this.data = data;
    this.server = Path.of("/proc", Long.toString(server));
    this.serverAtStart = serverTicks();
    this.mainData = real(data.resolve("main"));
    this.atStart = look();
    this.newest = new HashMap<>(atStart);
  }

  /** Measures from here on. */
  public static ProcessorTime start(ServerProcess server) {
    ProcessorTime time = new ProcessorTime(server.data(), server.pid());
    time.watcher.execute(time::watch);
    return time;
  }

  /**
   * The same where no cluster comes or goes meanwhile: nobody looks in between, which with hundreds
   * of sessions would cost as much as some of what is measured.
   */
  public static ProcessorTime startUnwatched(ServerProcess server) {
    return new ProcessorTime(server.data(), server.pid());
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("looking for main's data directory", e);
    }
  }

  private void watch() {
    while (!over) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MILLIS));
      remember(look());
    }
  }

  private void remember(Map<PostgresProcess, Long> seen) {
    synchronized (newest) {
      seen.forEach((cluster, ticks) -> newest.merge(cluster, ticks, Math::max));
    }
  }

  /** What was spent since the start. */
  public Spent soFar() {
    remember(look());
    long main = 0;
    long others = 0;
    synchronized (newest) {
      for (Map.Entry<PostgresProcess, Long> cluster : newest.entrySet()) {
        long ticks = cluster.getValue() - atStart.getOrDefault(cluster.getKey(), 0L);
        if (cluster.getKey().data().equals(mainData)) {
          main += ticks;
        } else {
          others += ticks;
        }
      }
    }
    return new Spent(
        main / TICKS_PER_SECOND,
        others / TICKS_PER_SECOND,
        (serverTicks() - serverAtStart) / TICKS_PER_SECOND);
  }

  private long serverTicks() {
    try {
      return own(fields(server));
    } catch (IOException e) {
      throw new UncheckedIOException("looking at the server's process", e);
    }
  }

  /** Those of {@code /proc/…/stat} behind the name. */
  private static String[] fields(Path process) throws IOException {
    String stat = Files.readString(process.resolve("stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
  }

  /** Clusters that run, each with the ticks of its processes, those that have ended included. */
  private Map<PostgresProcess, Long> look() {
    Map<PostgresProcess, Long> clusters = new HashMap<>();
    Map<Long, PostgresProcess> byPid = new HashMap<>();
    for (PostgresProcess postmaster : PostgresProcess.below(data)) {
      byPid.put(postmaster.pid(), postmaster);
      clusters.put(postmaster, 0L);
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        add(process, byPid, clusters);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading the process table", e);
    }
    return clusters;
  }

  private static void add(
      Path process, Map<Long, PostgresProcess> byPid, Map<PostgresProcess, Long> clusters) {
    try {
      String[] fields = fields(process);
      PostgresProcess itself = byPid.get(Long.parseLong(process.getFileName().toString()));
      PostgresProcess parent = byPid.get(Long.parseLong(fields[PARENT]));
      if (itself != null) {
        long ended =
            Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM]);
        clusters.merge(itself, own(fields) + ended, Long::sum);
      } else if (parent != null) {
        clusters.merge(parent, own(fields), Long::sum);
      }
    } catch (IOException e) {
      // It ended while we looked; its postmaster counts it from now on.
    }
  }

  private static long own(String[] fields) {
    return Long.parseLong(fields[OWN_USER]) + Long.parseLong(fields[OWN_SYSTEM]);
  }

  @Override
  public void close() {
    over = true;
    watcher.close();
  }
}
