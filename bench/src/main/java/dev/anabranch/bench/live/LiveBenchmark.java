package dev.anabranch.bench.live;

import dev.anabranch.bench.measure.Benchmark;
import dev.anabranch.bench.measure.Findings;
import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.measure.ProcessorTime;
import dev.anabranch.bench.measure.SteadyLoad;
import dev.anabranch.bench.measure.Timed;
import dev.anabranch.bench.report.Goal;
import dev.anabranch.bench.report.Summary;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.EventStream;
import dev.anabranch.trials.drive.Product;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * From a commit on main to the flip at a client who watches a branch of many answers, while main is
 * written to all the time; and what standing by costs while nobody watches. The baseline is asking
 * all the answers again on main, which is how one would find out without verdicts.
 */
public final class LiveBenchmark implements Benchmark {

  private static final String BRANCH = "bench-live";
  private static final double GOAL_FLIP_MILLIS = 1_000;
  private static final double GOAL_IDLE = 0.1;

  /** Rows between two that are asked about: the load is for the others. */
  private static final int STRIDE = 10;

  private static final int LOAD_CLIENTS = 4;
  private static final Duration BETWEEN_FLIPS = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Pattern ROW = Pattern.compile("id = (\\d+)");

  /**
   * @param answers each of one row of main
   * @param perSecond transactions on main, of one row each that nobody asked about
   * @param flips rows with an answer that change, one after another
   * @param idle seconds of load while nobody watches, after as many in which all comes to rest
   */
  public record Size(int answers, int perSecond, int flips, int idle) {}

  private final Size size;

  public LiveBenchmark(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "live";
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("answers", Integer.toString(size.answers()));
    options.put("tps", Integer.toString(size.perSecond()));
    options.put("flips", Integer.toString(size.flips()));
    options.put("idle", Integer.toString(size.idle()));
    return options;
  }

  @Override
  public void run(Ground ground, Findings findings) throws Exception {
    findings.doing("filling main");
    ground
        .main()
        .run(
            "CREATE TABLE live_orders (id int PRIMARY KEY, status text NOT NULL, total int NOT"
                + " NULL)",
            "INSERT INTO live_orders SELECT i, 'open', i % 1000 FROM generate_series(0, "
                + size.answers() * STRIDE
                + ") i");
    findings.doing("asking on a branch");
    Address branch = ground.product().create(BRANCH, Product.Wish.now());
    Timed<Integer> asked = Timed.of(() -> ask(branch));
    findings.figure("answers given per second", size.answers() / asked.seconds(), "/s");
    try (SteadyLoad load =
        SteadyLoad.start(ground.main(), LOAD_CLIENTS, size.perSecond(), this::write)) {
      idle(ground, load, findings);
      watched(ground, load, findings);
      load.failures().forEach(findings::failed);
    }
    findings.doing("asking everything again on main");
    Timed<Integer> again = Timed.of(() -> ask(ground.main()));
    findings.figure("baseline, asking all again on main", again.seconds() * 1e3, "ms");
    ground.product().delete(BRANCH);
  }

  private static String question(int row) {
    return "SELECT status, total FROM live_orders WHERE id = " + row;
  }

  private int ask(Address where) throws SQLException {
    try (Connection connection = where.connect();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < size.answers(); i++) {
        statement.executeQuery(question(i * STRIDE)).close();
      }
    }
    return size.answers();
  }

  private void write(Connection connection, long number) throws SQLException {
    long row = number * 7 % size.answers() * STRIDE + 1 + number % (STRIDE - 1);
    try (Statement statement = connection.createStatement()) {
      statement.execute("UPDATE live_orders SET total = total + 1 WHERE id = " + row);
    }
  }

  private void idle(Ground ground, SteadyLoad load, Findings findings) throws Exception {
    findings.doing("nobody watches for " + 2 * size.idle() + " s");
    load.alone(size.idle()); // what was asked is prepared, and the server's code compiled
    try (ProcessorTime time = ProcessorTime.start(ground.server())) {
      load.alone(size.idle());
      double share = time.soFar().server() / size.idle();
      findings.figure(
          "standing by: processor time of the server per second",
          share,
          "s",
          Goal.atMost("", GOAL_IDLE, "s", share));
    }
  }

  private void watched(Ground ground, SteadyLoad load, Findings findings) throws Exception {
    findings.doing("watching the branch");
    try (EventStream stream = new EventStream(ground.product(), BRANCH)) {
      Timed<EventStream.State> first = Timed.of(stream::nextState);
      findings.figure("verdicts told at first", first.result().answers().size(), "");
      findings.figure("until they were told", first.seconds() * 1e3, "ms");
      Map<Integer, Long> flipped = new ConcurrentHashMap<>();
      Thread reader = Thread.ofPlatform().daemon().start(() -> read(stream, flipped));
      findings.doing("main changes " + size.flips() + " rows that were asked about");
      Map<Integer, Long> committed = new LinkedHashMap<>();
      try (ProcessorTime time = ProcessorTime.start(ground.server());
          Connection main = ground.main().connect()) {
        Timed<String> changing =
            Timed.of(() -> {
              for (int i = 0; i < size.flips(); i++) {
                change(main, i * (size.answers() / size.flips()) * STRIDE, committed);
                LockSupport.parkNanos(BETWEEN_FLIPS.toNanos());
              }
              return "changed";
            });
        findings.figure(
            "watching: processor time of the server per second",
            time.soFar().server() / changing.seconds(),
            "s");
        findings.latencies("main's writers meanwhile", load.during(List.of(changing)));
      }
      await(flipped, committed.size());
      told(committed, flipped, findings);
      reader.interrupt();
    }
  }

  private static void change(Connection main, int row, Map<Integer, Long> committed)
      throws SQLException {
    try (Statement statement = main.createStatement()) {
      statement.execute("UPDATE live_orders SET status = 'shipped' WHERE id = " + row);
      committed.put(row, System.nanoTime());
    }
  }

  private static void await(Map<Integer, Long> flipped, int all) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (flipped.size() < all && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  /** Until the stream ends. */
  private static void read(EventStream stream, Map<Integer, Long> flipped) {
    try {
      while (!stream.isOver()) {
        EventStream.Event event = stream.next();
        rowOf(event.data()).ifPresent(row -> flipped.putIfAbsent(row, System.nanoTime()));
      }
    } catch (RuntimeException e) {
      // it was closed
    }
  }

  private static OptionalInt rowOf(JsonNode data) {
    Matcher row = ROW.matcher(data.path("sql").asString(""));
    return data.path("verdict").asString("").equals("changed") && row.find()
        ? OptionalInt.of(Integer.parseInt(row.group(1)))
        : OptionalInt.empty();
  }

  private static void told(
      Map<Integer, Long> committed, Map<Integer, Long> flipped, Findings findings) {
    committed.keySet().stream()
        .filter(row -> !flipped.containsKey(row))
        .forEach(
            row -> findings.failed("nobody told that the answer about row " + row + " flipped"));
    Summary flips =
        Summary.ofNanos(
            committed.entrySet().stream()
                .filter(change -> flipped.containsKey(change.getKey()))
                .mapToLong(
                    change -> flipped.getOrDefault(change.getKey(), 0L) - change.getValue()));
    findings.latencies(
        "from the commit on main to the flip at the client",
        flips,
        Goal.atMost("p95", GOAL_FLIP_MILLIS, "ms", flips.p95()));
  }
}
