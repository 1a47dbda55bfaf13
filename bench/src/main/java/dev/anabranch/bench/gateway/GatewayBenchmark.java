package dev.anabranch.bench.gateway;

import dev.anabranch.bench.measure.Benchmark;
import dev.anabranch.bench.measure.Findings;
import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.measure.ProcessorTime;
import dev.anabranch.bench.measure.ThinClient;
import dev.anabranch.bench.report.Goal;
import dev.anabranch.bench.report.Summary;
import dev.anabranch.cluster.Poll;
import dev.anabranch.cluster.Program;
import dev.anabranch.gateway.settings.GatewayLimits;
import dev.anabranch.trials.drive.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the gateway costs a client, answers kept: pgbench's two mixes through it, through PgBouncer,
 * and with nothing in between, in turns; a large result; the way from connecting to the first
 * answer; and the heap that connections take which do nothing.
 *
 * <p>A run through the gateway lasts until all of its answers are durable in the ledger.
 *
 * <p>All but the direct connection over TCP reach the same Postgres over the same unix socket. That
 * one reaches a copy of it, since a branch has no network.
 */
public final class GatewayBenchmark implements Benchmark {

  private static final String LARGE = "SELECT aid, bid, abalance, filler FROM pgbench_accounts";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int ACCOUNTS_PER_SCALE = 100_000;
  private static final int LARGE_ROUNDS = 3;
  private static final int CONNECTS = 60;
  private static final int FIRST_CONNECTS = 40;
  private static final int WARM_CLIENTS = 8;

  /** How much longer than a measurement: the compilers take some twelve seconds. */
  private static final int WARMING = 6;

  private static final double GOAL_LARGE = 0.8;
  private static final double GOAL_CONNECT = 1.5;
  private static final double GOAL_HEAP_KILOBYTES = 20;
  private static final double BYTES_PER_KILOBYTE = 1000;
  private static final double BYTES_PER_MEGABYTE = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * @param seconds of each run of pgbench
   * @param rounds how often each is run
   * @param clients how many at once, one number for each load
   * @param modes how statements are sent
   * @param mixes what they are
   * @param scale of pgbench's tables; at 10 the large result has a million rows
   * @param idle connections that do nothing
   * @param profile where the server's flight recording of pgbench's runs goes, if it is wanted
   */
  public record Size(
      int seconds,
      int rounds,
      List<Integer> clients,
      List<Load.Mode> modes,
      List<Load.Mix> mixes,
      int scale,
      int idle,
      Optional<Path> profile) {

    public Size {
      clients = List.copyOf(clients);
      modes = List.copyOf(modes);
      mixes = List.copyOf(mixes);
    }

    List<Load> loads() {
      List<Load> loads = new ArrayList<>();
      for (Load.Mix mix : mixes) {
        for (Load.Mode mode : modes) {
          clients.forEach(count -> loads.add(new Load(mix, mode, count)));
        }
      }
      return loads;
    }
  }

  private final Size size;

  public GatewayBenchmark(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "gateway";
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("seconds", Integer.toString(size.seconds()));
    options.put("rounds", Integer.toString(size.rounds()));
    options.put("clients", joined(size.clients()));
    options.put("modes", joined(size.modes()));
    options.put("mixes", joined(size.mixes()));
    options.put("scale", Integer.toString(size.scale()));
    options.put("idle", Integer.toString(size.idle()));
    return options;
  }

  private static String joined(List<?> values) {
    return values.stream()
        .map(value -> value.toString().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(","));
  }

  @Override
  public void run(Ground ground, Findings findings) throws Exception {
    Optional<Path> program = dev.anabranch.trials.soak.Pgbench.find();
    if (program.isEmpty()) {
      throw new IllegalStateException("there is no pgbench on the PATH: install postgresql");
    }
    Path logs = Files.createDirectories(ground.home().resolve("pgbench"));
    Pgbench pgbench = new Pgbench(program.get(), logs);
    ground
        .server()
        .restart(
            List.of(
                "--freshness=12h",
                "--suspend-after=never",
                "--keep-deleted=0",
                "--history=0",
                "--branch-connections=" + GatewayLimits.MOST_BRANCH_CONNECTIONS));
    try (Scene scene = Scene.set(ground, pgbench, size.scale(), findings)) {
      warmUp(scene, pgbench, findings);
      recorded(ground, () -> throughput(ground, scene, pgbench, findings));
      large(scene, findings);
      connects(scene, findings);
      idleHeap(ground, scene, findings);
    }
    ground.product().delete(Scene.NAME);
    ground
        .main()
        .run("DROP TABLE pgbench_accounts, pgbench_branches, pgbench_history, pgbench_tellers");
    ground.server().restart(List.of());
  }

  private void warmUp(Scene scene, Pgbench pgbench, Findings findings) throws IOException {
    findings.doing("warming up");
    for (Load.Mix mix : size.mixes()) {
      for (Load.Mode mode : size.modes()) {
        Load load = new Load(mix, mode, WARM_CLIENTS);
        for (Way way : scene.ways()) {
          if (way.carries(load)) {
            pgbench.run(
                way, load, way.equals(scene.gateway()) ? size.seconds() * WARMING : 1, false);
          }
        }
      }
    }
  }

  /** Something that may fail. */
  private interface Work {
    void run() throws IOException;
  }

  /** With the server's flight recorder running, where that is wanted. */
  private void recorded(Ground ground, Work work) throws IOException {
    if (size.profile().isEmpty()) {
      work.run();
      return;
    }
    jcmd(ground, "JFR.start", "name=gateway", "settings=profile");
    work.run();
    jcmd(ground, "JFR.dump", "name=gateway", "filename=" + size.profile().get().toAbsolutePath());
    jcmd(ground, "JFR.stop", "name=gateway");
  }

  private static String jcmd(Ground ground, String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(ground.server().pid()));
    command.addAll(List.of(words));
    return Program.mustRun("asking the server's JVM", command, Map.of());
  }

  private void throughput(Ground ground, Scene scene, Pgbench pgbench, Findings findings)
      throws IOException {
    Grid grid = new Grid(scene);
    for (int round = 1; round <= size.rounds(); round++) {
      for (Load load : size.loads()) {
        findings.doing("round " + round + " of " + size.rounds() + ": " + load.words());
        for (Way way : scene.ways()) {
          if (way.carries(load)) {
            grid.add(load, way, once(ground, way, load, pgbench));
          }
        }
      }
    }
    grid.report(findings);
  }

  private Grid.Round once(Ground ground, Way way, Load load, Pgbench pgbench) throws IOException {
    try (ProcessorTime time = ProcessorTime.startUnwatched(ground.server())) {
      double bouncerBefore = bouncerSeconds(way);
      Pgbench.Outcome outcome = pgbench.run(way, load, size.seconds(), load.clients() == 1);
      double behind = secondsUntilLedgered(ground);
      ProcessorTime.Spent spent = time.soFar();
      return new Grid.Round(
          outcome.stretched(size.seconds(), behind),
          spent.databases() + spent.server() + bouncerSeconds(way) - bouncerBefore);
    }
  }

  /** What is still to be written belongs to the run that left it. */
  private static double secondsUntilLedgered(Ground ground) {
    long from = System.nanoTime();
    Poll.until(PATIENCE, () -> ground.product().gauge("anabranch_ledger_depth") == 0);
    return (System.nanoTime() - from) / NANOS_PER_SECOND;
  }

  private static double bouncerSeconds(Way way) {
    return way.bouncer().map(Bouncer::processorSeconds).orElse(0.0);
  }

  private static Address address(Way way) {
    return new Address(way.host(), way.port(), way.database(), way.user(), way.password());
  }

  private static ThinClient logIn(Way way) throws IOException {
    ThinClient client = ThinClient.connect(address(way));
    client.logIn();
    return client;
  }

  private void large(Scene scene, Findings findings) throws IOException {
    findings.doing("a result of " + size.scale() * ACCOUNTS_PER_SCALE + " rows");
    List<Way> ways = List.of(scene.directOverTcp(), scene.gateway());
    Map<Way, Double> best = new LinkedHashMap<>();
    for (int round = 0; round < LARGE_ROUNDS; round++) {
      for (Way way : ways) {
        try (ThinClient client = logIn(way)) {
          long from = System.nanoTime();
          long bytes = client.drain(LARGE);
          double seconds = (System.nanoTime() - from) / NANOS_PER_SECOND;
          best.merge(way, bytes / BYTES_PER_MEGABYTE / seconds, Math::max);
        }
      }
    }
    String what = String.format(Locale.ROOT, "%,d rows: ", size.scale() * ACCOUNTS_PER_SCALE);
    best.forEach((way, speed) -> findings.figure(what + way.words(), speed, "MB/s"));
    double ratio =
        best.getOrDefault(scene.gateway(), 0.0) / best.getOrDefault(scene.directOverTcp(), 0.0);
    findings.figure(
        what + "gateway ÷ direct, TCP", ratio, "×", Goal.atLeast("", GOAL_LARGE, "×", ratio));
  }

  private void connects(Scene scene, Findings findings) throws IOException {
    findings.doing("connecting");
    Map<Way, List<Long>> nanos = new LinkedHashMap<>();
    List<Way> ways = List.of(scene.directOverTcp(), scene.gateway());
    for (int i = -FIRST_CONNECTS; i < CONNECTS; i++) {
      for (Way way : ways) {
        long from = System.nanoTime();
        try (ThinClient client = logIn(way)) {
          client.ask("SELECT abalance FROM pgbench_accounts WHERE aid = 1");
          long took = System.nanoTime() - from;
          if (i >= 0) { // the first ones find code that was never run
            nanos.computeIfAbsent(way, _ -> new ArrayList<>()).add(took);
          }
        }
      }
    }
    Summary direct = connected(scene.directOverTcp(), nanos, findings);
    double ratio = connected(scene.gateway(), nanos, findings).p50() / direct.p50();
    findings.figure(
        "connect → first answer, p50: gateway ÷ direct, TCP",
        ratio,
        "×",
        Goal.atMost("", GOAL_CONNECT, "×", ratio));
  }

  private static Summary connected(Way way, Map<Way, List<Long>> nanos, Findings findings) {
    Summary summary =
        Summary.ofNanos(nanos.getOrDefault(way, List.of()).stream().mapToLong(time -> time));
    findings.latencies("connect → first answer: " + way.words(), summary);
    return summary;
  }

  private void idleHeap(Ground ground, Scene scene, Findings findings) throws IOException {
    findings.doing(size.idle() + " connections that do nothing");
    List<ThinClient> clients = new ArrayList<>();
    try {
      long before = liveHeapBytes(ground);
      for (int i = 0; i < size.idle(); i++) {
        ThinClient client = logIn(scene.gateway());
        clients.add(client);
        client.ask("SELECT abalance FROM pgbench_accounts WHERE aid = " + (i + 1));
      }
      double each = (liveHeapBytes(ground) - before) / BYTES_PER_KILOBYTE / size.idle();
      findings.figure(
          "heap of an idle connection",
          each,
          "kB",
          Goal.atMost("", GOAL_HEAP_KILOBYTES, "kB", each));
    } finally {
      for (ThinClient client : clients) {
        client.close();
      }
    }
  }

  /** What is left after a full collection, as the JVM itself counts it. */
  private static long liveHeapBytes(Ground ground) {
    String histogram = jcmd(ground, "GC.class_histogram");
    String total =
        histogram.lines().filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
    return Long.parseLong(total.strip().split("\\s+")[2]);
  }
}
