package dev.anabranch.bench.create;

import dev.anabranch.bench.measure.Benchmark;
import dev.anabranch.bench.measure.FeedPosition;
import dev.anabranch.bench.measure.Findings;
import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.measure.SteadyLoad;
import dev.anabranch.bench.measure.Timed;
import dev.anabranch.bench.report.Goal;
import dev.anabranch.bench.report.Summary;
import dev.anabranch.cluster.Program;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From wishing for a branch to its first answer through the gateway: of an image that is there
 * already, and at a new fork point while main is written to. The baseline is what a script would
 * do: copy the image's data directory byte for byte, start Postgres on it, ask.
 */
public final class CreateBenchmark implements Benchmark {

  /** The goal is for storage whose copies share blocks. */
  private static final double GOAL_MILLIS = 60;

  private static final double GOAL_FORK_MILLIS = 1_000;

  /**
   * @param rows accounts on main
   * @param branches created of an existing image, ephemeral and durable ones each
   * @param forks created at new fork points, each sort
   * @param copies made for the baseline
   * @param perSecond transactions on main during the forks
   * @param clients that write them
   * @param seconds for which they are looked at with nothing else going on
   */
  public record Size(
      int rows, int branches, int forks, int copies, int perSecond, int clients, int seconds) {}

  private final Size size;
  private int made;

  public CreateBenchmark(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "create";
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("rows", Integer.toString(size.rows()));
    options.put("branches", Integer.toString(size.branches()));
    options.put("forks", Integer.toString(size.forks()));
    options.put("copies", Integer.toString(size.copies()));
    options.put("tps", Integer.toString(size.perSecond()));
    options.put("clients", Integer.toString(size.clients()));
    options.put("seconds", Integer.toString(size.seconds()));
    return options;
  }

  /**
   * Fills a main that no server follows yet: sixty million rows would be as many changes to keep.
   */
  public void fillAhead(Address main) throws SQLException {
    new Accounts(size.rows()).fill(main);
  }

  /** The two halves of a creation, in nanoseconds from the wish on. */
  private record Creation(long replied, long answered) {}

  @Override
  public void run(Ground ground, Findings findings) throws Exception {
    Accounts accounts = new Accounts(size.rows());
    findings.doing("filling main");
    accounts.fill(ground.main());
    // Nothing is made ahead, and the disk does not fill with what was deleted.
    ground.server().restart(List.of("--pool-hot=0", "--pool-cold=0", "--keep-deleted=0"));
    findings.doing("cutting the first image");
    Timed<Creation> first =
        Timed.of(() -> create(ground.product(), Product.Wish.now().thrownAway()));
    settle(ground, findings);
    Summary ephemeral = existing(ground, findings, true);
    Summary durable = existing(ground, findings, false);
    Summary copied = copies(ground, findings);
    settle(ground, findings);
    underLoad(ground, accounts, findings);
    findings.figure("main's database", megabytes(ground.main()), "MB");
    findings.figure("first image and branch", first.seconds(), "s");
    findings.figure("plain copy ÷ ephemeral branch, p50", copied.p50() / ephemeral.p50(), "×");
    findings.figure("plain copy ÷ durable branch, p50", copied.p50() / durable.p50(), "×");
  }

  private static double megabytes(Address main) throws Exception {
    return Double.parseDouble(
        main.texts("SELECT pg_database_size(current_database()) / 1e6").getFirst());
  }

  private Creation create(Product product, Product.Wish wish) throws Exception {
    made++;
    String name = "bench-create-" + made;
    Timed<Address> created = Timed.of(() -> product.create(name, wish));
    Timed<?> asked = Timed.of(() -> created.result().texts(Accounts.FIRST_QUESTION));
    product.delete(name);
    return new Creation(created.nanos(), asked.to() - created.from());
  }

  /**
   * Lets the feed and the disk take what was written in preparation: a new fork point would wait
   * for the one to store the rows of all that came before it, and every commit for the other.
   */
  private static void settle(Ground ground, Findings findings) throws SQLException {
    findings.doing("letting the feed and the disk settle");
    FeedPosition.awaitNow(ground);
    Program.run(List.of("sync"));
  }

  private Summary existing(Ground ground, Findings findings, boolean ephemeral) throws Exception {
    String sort = ephemeral ? "ephemeral" : "durable";
    findings.doing(size.branches() + " " + sort + " branches of an existing image");
    Product.Wish wish = ephemeral ? Product.Wish.latest().thrownAway() : Product.Wish.latest();
    List<Creation> creations = new ArrayList<>();
    for (int i = 0; i < size.branches(); i++) {
      creations.add(create(ground.product(), wish));
    }
    Summary answered = answered(creations);
    findings.latencies("existing image, " + sort + ": created", replied(creations));
    findings.latencies(
        "existing image, " + sort + ": first answer",
        answered,
        Goal.atMost("p50 on shared blocks", GOAL_MILLIS, "ms", answered.p50())
            .published("700-1,100 ms"));
    return answered;
  }

  private Summary copies(Ground ground, Findings findings) throws Exception {
    findings.doing(size.copies() + " plain copies for the baseline");
    PlainCopy copy = new PlainCopy(ground, Accounts.FIRST_QUESTION, false);
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < size.copies(); i++) {
      nanos.add(copy.firstAnswer(i));
    }
    Summary copied = Summary.ofNanos(nanos.stream().mapToLong(Long::longValue));
    findings.latencies("baseline: plain copy of the image, start, first answer", copied);
    return copied;
  }

  private void underLoad(Ground ground, Accounts accounts, Findings findings) throws Exception {
    try (SteadyLoad load =
        SteadyLoad.start(ground.main(), size.clients(), size.perSecond(), accounts::transfer)) {
      findings.doing("load on main alone");
      Timed<String> alone = load.alone(size.seconds());
      Timed<String> forking =
          Timed.of(() -> {
            fork(ground, findings, true);
            fork(ground, findings, false);
            return "forked";
          });
      findings.latencies("main's transactions alone", load.during(List.of(alone)));
      findings.latencies("main's transactions while images are cut", load.during(List.of(forking)));
      load.failures().forEach(findings::failed);
    }
  }

  private void fork(Ground ground, Findings findings, boolean ephemeral) throws Exception {
    String sort = ephemeral ? "ephemeral" : "durable";
    findings.doing(size.forks() + " " + sort + " branches at new fork points, under load");
    Product.Wish wish = ephemeral ? Product.Wish.now().thrownAway() : Product.Wish.now();
    List<Creation> creations = new ArrayList<>();
    for (int i = 0; i < size.forks(); i++) {
      creations.add(create(ground.product(), wish));
    }
    Summary answered = answered(creations);
    findings.latencies(
        "new fork point under load, " + sort + ": first answer",
        answered,
        Goal.percentiles(GOAL_FORK_MILLIS, 2 * GOAL_FORK_MILLIS, answered));
  }

  private static Summary replied(List<Creation> creations) {
    return Summary.ofNanos(creations.stream().mapToLong(Creation::replied));
  }

  private static Summary answered(List<Creation> creations) {
    return Summary.ofNanos(creations.stream().mapToLong(Creation::answered));
  }
}
