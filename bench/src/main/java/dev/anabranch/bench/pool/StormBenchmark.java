package dev.anabranch.bench.pool;

import dev.anabranch.bench.measure.Benchmark;
import dev.anabranch.bench.measure.Findings;
import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.measure.ThinClient;
import dev.anabranch.bench.measure.Timed;
import dev.anabranch.bench.report.Goal;
import dev.anabranch.bench.report.Summary;
import dev.anabranch.trials.drive.Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * Far more callers than the pool has branches, each of whom changes the schema and writes, then
 * gives its branch back. A caller is ready when it has its first answer; its wait counts from the
 * moment at which it came. Main is looked at before and after. The baseline in the same run is a
 * storm that is no larger than the pool.
 */
public final class StormBenchmark implements Benchmark {

  private static final double GOAL_MILLIS = 2_000;
  private static final int TELLERS = 1_000;

  /** A server that has just started is slow for its first callers: these are not counted. */
  private static final int WARMING = 30;

  private static final List<String> WORK =
      List.of(
          "CREATE TABLE findings (id int PRIMARY KEY, note text NOT NULL)",
          "INSERT INTO findings SELECT i, 'finding ' || i FROM generate_series(1, 100) i",
          "ALTER TABLE bank_tellers ADD COLUMN note text",
          "UPDATE bank_tellers SET balance = balance + 1, note = 'seen' WHERE id <= 100",
          "DELETE FROM bank_tellers WHERE id > 900",
          "SELECT count(*), sum(balance) FROM bank_tellers");

  /**
   * @param leases in all
   * @param spread seconds over which they come; 0: all at once
   * @param hot running spares
   * @param cold clones
   * @param ephemeral whether branches may be lost with the machine's power
   */
  public record Size(int leases, int spread, int hot, int cold, boolean ephemeral) {}

  private final Size size;

  public StormBenchmark(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "storm";
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("leases", Integer.toString(size.leases()));
    options.put("spread", Integer.toString(size.spread()));
    options.put("hot", Integer.toString(size.hot()));
    options.put("cold", Integer.toString(size.cold()));
    options.put("ephemeral", Boolean.toString(size.ephemeral()));
    return options;
  }

  @Override
  public void run(Ground ground, Findings findings) throws Exception {
    new Tellers(TELLERS).fill(ground.main());
    List<String> before = main(ground);
    Pooled.restart(ground, size.hot(), size.cold(), size.ephemeral());
    int small = Math.min(size.hot(), size.leases());
    storm(ground, Math.min(small, WARMING), findings);
    Summary within = storm(ground, small, findings).waits();
    Storm storm = storm(ground, size.leases(), findings);
    List<String> after = main(ground);
    Summary waits = storm.waits();
    findings.latencies(
        size.leases() + " callers: ready wait",
        waits,
        Goal.atMost("p95", GOAL_MILLIS, "ms", waits.p95())
            .published("p95 10,800-12,900 ms, 8 cores"));
    findings.latencies("baseline: " + small + " callers, no more than wait hot", within);
    findings.figure("all of them served and done in", storm.seconds(), "s");
    findings.figure("leases served", storm.waits().count() / storm.seconds(), "/s");
    findings.figure("ready wait ÷ that of the baseline, p95", waits.p95() / within.p95(), "×");
    findings.figure("changes on main", before.equals(after) ? 0 : 1, "");
    if (!before.equals(after)) {
      findings.failed("main has changed: " + before + " became " + after);
    }
    ground.server().restart(List.of());
  }

  /** A storm that is over. */
  private record Storm(Summary waits, double seconds) {}

  private Storm storm(Ground ground, int leases, Findings findings) throws Exception {
    findings.doing("filling the pool");
    Pooled.await(ground.product(), size.ephemeral(), size.hot(), size.cold());
    List<KeptAlive> http = new ArrayList<>();
    for (int i = 0; i < leases; i++) {
      http.add(KeptAlive.open(ground.product()));
    }
    findings.doing(leases + " callers");
    long[] ready = new long[leases];
    try {
      Timed<?> whole =
          Timed.of(() ->
              Crowd.atOnce(
                  leases,
                  i ->
                      () -> {
                        ready[i] = Crowd.FAILED;
                        ready[i] = lease(http.get(i), i, leases);
                      },
                  findings));
      return new Storm(Pooled.summary(LongStream.of(ready)), whole.seconds());
    } finally {
      for (KeptAlive connection : http) {
        connection.close();
      }
    }
  }

  /** Comes when it is due, and returns how long it waited to be ready; its work is done then. */
  private long lease(KeptAlive http, int number, int leases) throws Exception {
    long due = System.nanoTime() + TimeUnit.SECONDS.toNanos(size.spread()) * number / leases;
    while (System.nanoTime() < due) {
      LockSupport.parkNanos(due - System.nanoTime());
    }
    String name = "bench-storm-" + leases + "-" + number;
    Address branch = http.claim(name, size.ephemeral());
    long ready;
    try (ThinClient client = ThinClient.connect(branch)) {
      client.logIn();
      client.ask(Tellers.QUESTION);
      ready = System.nanoTime() - due;
      for (String statement : WORK) {
        client.ask(statement);
      }
    }
    http.delete(name);
    return ready;
  }

  /** All that a branch's work could have changed there. */
  private static List<String> main(Ground ground) throws Exception {
    return ground
        .main()
        .texts(
            "SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM bank_tellers t UNION ALL SELECT"
                + " string_agg(attrelid::regclass || '.' || attname, ',' ORDER BY attrelid,"
                + " attnum) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE"
                + " c.relnamespace = 'public'::regnamespace AND attnum > 0");
  }
}
