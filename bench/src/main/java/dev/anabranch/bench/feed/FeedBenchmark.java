package dev.anabranch.bench.feed;

import dev.anabranch.bench.measure.Benchmark;
import dev.anabranch.bench.measure.FeedPosition;
import dev.anabranch.bench.measure.Findings;
import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.measure.Timed;
import dev.anabranch.bench.report.Goal;
import dev.anabranch.cluster.Program;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many of main's row changes are decoded and stored in a second: live, while main writes them
 * as fast as it can, and behind a pause, when they all wait in main's WAL. The baseline is
 * Postgres's own decoding of the same WAL into nothing, which no consumer can be faster than.
 */
public final class FeedBenchmark implements Benchmark {

  private static final double GOAL_PER_SECOND = 200_000;
  private static final String SLOT = "bench_ceiling";

  /**
   * @param rows changed in bulk
   * @param commits of one row each
   */
  public record Size(int rows, int commits) {}

  private final Size size;

  public FeedBenchmark(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "feed";
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("rows", Integer.toString(size.rows()));
    options.put("commits", Integer.toString(size.commits()));
    return options;
  }

  /** What main does, and how many row changes it is. */
  private record Work(String name, String sql, int changes) {}

  private List<Work> works() {
    return List.of(
        new Work(
            "inserts in one transaction",
            "INSERT INTO feed_events SELECT g, g % 1000, g * 1.5, 'open', now(), 'a note of thirty"
                + " characters ..' FROM generate_series((SELECT coalesce(max(id), 0) + 1 FROM"
                + " feed_events), (SELECT coalesce(max(id), 0) + "
                + size.rows()
                + " FROM feed_events)) g",
            size.rows()),
        new Work(
            "updates in one transaction",
            "UPDATE feed_events SET total = total + 1 WHERE id <= " + size.rows(),
            size.rows()),
        new Work(
            "updates in transactions of one row",
            "DO $$ BEGIN FOR i IN 1.."
                + size.commits()
                + " LOOP UPDATE feed_events SET total = total + 1 WHERE id = 1 + i * 37 % "
                + size.rows()
                + "; COMMIT; END LOOP; END $$",
            size.commits()));
  }

  @Override
  public void run(Ground ground, Findings findings) throws Exception {
    Address main = ground.main();
    main.run(
        "CREATE TABLE feed_events (id int PRIMARY KEY, customer bigint, total numeric, state text,"
            + " at timestamptz, note text)",
        "ALTER DATABASE " + main.database() + " SET synchronous_commit = off");
    // A branch, so that what is stored rests on a fork point; it also waits until the table is
    // watched.
    ground.product().create("bench-feed", Product.Wish.now().thrownAway());
    for (Work work : works()) {
      live(ground, work, findings);
    }
    for (Work work : works()) {
      behindAPause(ground, work, findings);
    }
    ground.product().delete("bench-feed");
    main.run("ALTER DATABASE " + main.database() + " RESET synchronous_commit");
  }

  private void live(Ground ground, Work work, Findings findings) throws Exception {
    findings.doing("live: " + work.name());
    Timed<String> written = write(ground.main(), work);
    long stored = FeedPosition.awaitNow(ground);
    double seconds = (stored - written.from()) / 1e9;
    findings.figure(
        "live, " + work.name() + ": main wrote", work.changes() / written.seconds(), "changes/s");
    findings.figure("live, " + work.name() + ": stored", work.changes() / seconds, "changes/s");
    findings.figure(
        "live, " + work.name() + ": done after main by", (stored - written.to()) / 1e6, "ms");
  }

  private void behindAPause(Ground ground, Work work, Findings findings) throws Exception {
    findings.doing("behind a pause: " + work.name());
    Address main = ground.main();
    main.run("SELECT pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput')");
    try {
      signal(ground, "STOP");
      try {
        write(main, work);
      } finally {
        signal(ground, "CONT");
      }
      long from = System.nanoTime();
      double drained = work.changes() * 1e9 / (FeedPosition.awaitNow(ground) - from);
      Timed<String> decoded = Timed.of(() -> decode(main));
      double ceiling = work.changes() / decoded.seconds();
      if (Long.parseLong(decoded.result()) < work.changes()) {
        findings.failed(work.name() + ": the baseline saw " + decoded.result() + " messages only");
      }
      findings.figure(
          "behind a pause, " + work.name() + ": stored",
          drained,
          "changes/s",
          Goal.atLeast("", GOAL_PER_SECOND, "changes/s", drained));
      findings.figure(
          "behind a pause, " + work.name() + ": baseline, decoded into nothing",
          ceiling,
          "changes/s");
      findings.figure(
          "behind a pause, " + work.name() + ": stored ÷ baseline", drained / ceiling, "×");
    } finally {
      main.run("SELECT pg_drop_replication_slot('" + SLOT + "')");
    }
  }

  private static Timed<String> write(Address main, Work work) throws Exception {
    return Timed.of(() -> {
      main.run(work.sql());
      return work.name();
    });
  }

  /** The server's process alone: main, mirror and control database go on. */
  private static void signal(Ground ground, String signal) {
    Program.mustRun(
        "pausing the server",
        List.of("kill", "-" + signal, Long.toString(ground.server().pid())),
        Map.of());
  }

  private static String decode(Address main) throws SQLException {
    String publication =
        main.texts("SELECT pubname FROM pg_publication WHERE pubname LIKE 'anabranch%'").getFirst();
    return main.texts(
            "SELECT count(*) FROM pg_logical_slot_peek_binary_changes('"
                + SLOT
                + "', NULL, NULL, 'proto_version', '1', 'publication_names', '"
                + publication
                + "')")
        .getFirst();
  }
}
