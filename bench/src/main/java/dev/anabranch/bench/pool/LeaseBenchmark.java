package dev.anabranch.bench.pool;

import dev.anabranch.base.BranchName;
import dev.anabranch.bench.measure.Benchmark;
import dev.anabranch.bench.measure.BranchPostgres;
import dev.anabranch.bench.measure.Findings;
import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.measure.ThinClient;
import dev.anabranch.bench.report.Goal;
import dev.anabranch.bench.report.Machine;
import dev.anabranch.bench.report.Summary;
import dev.anabranch.trials.drive.Address;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Many callers who want a branch at the same moment, and a pool that has one for each: claiming it
 * over HTTP, and from there to the first answer through the gateway. The baseline is the same
 * client on the same sort of clusters, straight on Postgres's sockets: no claim, no gateway, no
 * password.
 *
 * <p>A login costs the client 4,096 rounds of hashing. Real clients do that on processors of their
 * own, so here the clock stands still while the keys are derived: all callers claim at once, then
 * connect at once up to the challenge, then prove and ask at once. A caller's time is the sum of
 * its three.
 */
public final class LeaseBenchmark implements Benchmark {

  private static final int FEW = 4;

  /**
   * @param callers at once, and the size of the pool
   * @param rounds of them; in the first, the server is warming up
   * @param single leases by one caller with nobody else around
   * @param ephemeral whether the branches may be lost with the machine's power
   */
  public record Size(int callers, int rounds, int single, boolean ephemeral) {}

  private final Size size;
  private int named;

  public LeaseBenchmark(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "lease";
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("callers", Integer.toString(size.callers()));
    options.put("rounds", Integer.toString(size.rounds()));
    options.put("single", Integer.toString(size.single()));
    options.put("ephemeral", Boolean.toString(size.ephemeral()));
    return options;
  }

  /** The parts of one caller's lease, in nanoseconds; it has failed when one of them has. */
  private record Lease(long claim, long challenge, long derive, long prove) {
    long firstAnswer() {
      return sum(claim, challenge, prove);
    }

    long fromConnecting() {
      return sum(challenge, prove);
    }

    private static long sum(long... parts) {
      return LongStream.of(parts).anyMatch(part -> part == Crowd.FAILED)
          ? Crowd.FAILED
          : LongStream.of(parts).sum();
    }
  }

  @Override
  public void run(Ground ground, Findings findings) throws Exception {
    new Tellers(1_000).fill(ground.main());
    Pooled.restart(ground, size.callers(), 0, size.ephemeral());
    awaitPool(ground, findings);
    List<List<Lease>> crowds = new ArrayList<>();
    for (int i = 0; i < size.rounds(); i++) {
      findings.doing(
          "round " + (i + 1) + " of " + size.callers() + " callers, load " + Machine.load());
      crowds.add(atOnce(ground, findings));
      awaitPool(ground, findings);
    }
    findings.doing("one caller alone");
    List<Lease> alone = oneByOne(ground);
    awaitPool(ground, findings);
    findings.doing("straight on Postgres, for the baseline");
    Summary straight = straight(ground, findings);
    report(crowds, alone, straight, findings);
    ground.server().restart(List.of());
  }

  private void awaitPool(Ground ground, Findings findings) {
    findings.doing("filling the pool");
    Pooled.await(ground.product(), size.ephemeral(), size.callers(), 0);
  }

  private String freshName() {
    named++;
    return "bench-lease-" + named;
  }

  private List<Lease> atOnce(Ground ground, Findings findings) throws Exception {
    int callers = size.callers();
    List<String> names = new ArrayList<>();
    List<KeptAlive> http = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      names.add(new BranchName(freshName()).value());
      http.add(KeptAlive.open(ground.product()));
    }
    Address[] branches = new Address[callers];
    ThinClient[] clients = new ThinClient[callers];
    try {
      long[] claim =
          Crowd.atOnce(
              callers,
              i -> () -> branches[i] = http.get(i).claim(names.get(i), size.ephemeral()),
              findings);
      long[] challenge =
          Crowd.atOnce(
              callers,
              i ->
                  () -> {
                    clients[i] = ThinClient.connect(branches[i]);
                    clients[i].challenge();
                  },
              findings);
      long[] derive = new long[callers];
      for (int i = 0; i < callers; i++) {
        long from = System.nanoTime();
        clients[i].deriveKeys();
        derive[i] = System.nanoTime() - from;
      }
      long[] prove =
          Crowd.atOnce(
              callers,
              i ->
                  () -> {
                    clients[i].prove();
                    clients[i].ask(Tellers.QUESTION);
                  },
              findings);
      List<Lease> leases = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        leases.add(new Lease(claim[i], challenge[i], derive[i], prove[i]));
      }
      return leases;
    } finally {
      close(http, clients);
      Crowd.fewAtATime(callers, FEW, i -> () -> ground.product().delete(names.get(i)), findings);
    }
  }

  private static void close(List<KeptAlive> http, ThinClient[] clients) throws IOException {
    for (KeptAlive connection : http) {
      connection.close();
    }
    for (ThinClient client : clients) {
      if (client != null) {
        client.close();
      }
    }
  }

  private List<Lease> oneByOne(Ground ground) throws Exception {
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < size.single(); i++) {
      String name = freshName();
      try (KeptAlive http = KeptAlive.open(ground.product())) {
        long from = System.nanoTime();
        Address branch = http.claim(name, size.ephemeral());
        long claimed = System.nanoTime();
        try (ThinClient client = ThinClient.connect(branch)) {
          client.challenge();
          long challenged = System.nanoTime();
          client.deriveKeys();
          long derived = System.nanoTime();
          client.prove();
          client.ask(Tellers.QUESTION);
          long answered = System.nanoTime();
          leases.add(
              new Lease(
                  claimed - from, challenged - claimed, derived - challenged, answered - derived));
        }
      }
      ground.product().delete(name);
      Pooled.await(ground.product(), size.ephemeral(), Math.min(size.callers(), 2), 0);
    }
    return leases;
  }

  private Summary straight(Ground ground, Findings findings) throws Exception {
    List<BranchPostgres> spares = BranchPostgres.running(ground);
    int clients = Math.min(size.callers(), spares.size());
    long[] nanos =
        Crowd.atOnce(
            clients,
            i ->
                () -> {
                  try (ThinClient client = spares.get(i).connect(ground.main().database())) {
                    client.awaitSession();
                    client.ask(Tellers.QUESTION);
                  }
                },
            findings);
    return Pooled.summary(LongStream.of(nanos));
  }

  private static Summary summary(List<Lease> leases, ToLongFunction<Lease> part) {
    return Pooled.summary(leases.stream().mapToLong(part));
  }

  private void report(
      List<List<Lease>> crowds, List<Lease> alone, Summary straight, Findings findings) {
    String all = size.callers() + " at once: ";
    List<Lease> crowd =
        crowds.stream().skip(crowds.size() > 1 ? 1 : 0).flatMap(List::stream).toList();
    Summary claims = summary(crowd, Lease::claim);
    Summary connects = summary(crowd, Lease::fromConnecting);
    Summary answers = summary(crowd, Lease::firstAnswer);
    Summary single = summary(alone, Lease::firstAnswer);
    findings.latencies(
        all + "claim", claims, Goal.percentiles(5, 15, claims).published("49 / 53 ms, 8 cores"));
    findings.latencies(all + "claimed → first answer", connects);
    findings.latencies(
        all + "claim → first answer",
        answers,
        Goal.percentiles(60, 150, answers).published("49 / 57 ms, 8 cores"));
    findings.latencies(
        all + "the same, of a server that has just started",
        summary(crowds.getFirst(), Lease::firstAnswer));
    findings.latencies("baseline: straight on Postgres, " + size.callers() + " at once", straight);
    findings.latencies("alone: claim", summary(alone, Lease::claim));
    findings.latencies(
        "alone: claim → first answer", single, Goal.atMost("p50", 10, "ms", single.p50()));
    findings.latencies(
        "not counted: deriving a client's keys",
        Pooled.summary(Stream.concat(crowd.stream(), alone.stream()).mapToLong(Lease::derive)));
    findings.figure(
        "claimed → first answer ÷ straight on Postgres, p50", connects.p50() / straight.p50(), "×");
  }
}
