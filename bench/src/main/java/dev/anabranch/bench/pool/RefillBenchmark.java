package dev.anabranch.bench.pool;

import dev.anabranch.bench.create.PlainCopy;
import dev.anabranch.bench.measure.Benchmark;
import dev.anabranch.bench.measure.Findings;
import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.measure.Timed;
import dev.anabranch.bench.report.Goal;
import dev.anabranch.bench.report.Summary;
import dev.anabranch.trials.drive.Product;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * How fast spares are made: clones, running ones of clones, and running ones of nothing after all
 * were taken. The baseline is a script that copies an image with shared blocks, starts it and asks,
 * one after the other.
 */
public final class RefillBenchmark implements Benchmark {

  private static final double GOAL_PER_SECOND = 15;
  private static final int FEW = 4;

  /**
   * @param spares made of each sort
   * @param rounds of making them of nothing; in the first, the server is warming up
   * @param copies by the script
   * @param ephemeral whether the running ones may be lost with the machine's power
   */
  public record Size(int spares, int rounds, int copies, boolean ephemeral) {}

  private final Size size;

  public RefillBenchmark(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "refill";
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("spares", Integer.toString(size.spares()));
    options.put("rounds", Integer.toString(size.rounds()));
    options.put("copies", Integer.toString(size.copies()));
    options.put("ephemeral", Boolean.toString(size.ephemeral()));
    return options;
  }

  @Override
  public void run(Ground ground, Findings findings) throws Exception {
    Product product = ground.product();
    new Tellers(1_000).fill(ground.main());
    findings.doing("clones");
    Pooled.restart(ground, 0, size.spares(), size.ephemeral());
    Pooled.await(product, size.ephemeral(), 0, 1);
    double cold = perSecond(() -> Pooled.await(product, size.ephemeral(), 0, size.spares()), 1);
    findings.doing("starting the clones");
    Pooled.restart(ground, size.spares(), 0, size.ephemeral());
    int already = Pooled.now(product).running(size.ephemeral());
    double heated =
        perSecond(() -> Pooled.await(product, size.ephemeral(), size.spares(), 0), already);
    double[] refilled = new double[size.rounds()];
    for (int i = 0; i < refilled.length; i++) {
      refilled[i] = refilled(product, findings);
    }
    ground.server().restart(List.of());
    findings.doing("a script's copies, for the baseline");
    Summary script = script(ground);
    findings.figure("clones of an image", cold, "/s");
    findings.figure("running ones of clones", heated, "/s");
    double warm = DoubleStream.of(refilled).skip(1).average().orElse(refilled[0]);
    findings.figure(
        "running ones of nothing, by a server that has just started", refilled[0], "/s");
    findings.figure(
        "running ones of nothing", warm, "/s", Goal.atLeast("", GOAL_PER_SECOND, "/s", warm));
    findings.latencies("baseline: script, shared blocks, first answer", script);
    findings.figure("running ones of nothing ÷ script", warm * script.p50() / 1e3, "×");
  }

  /** All are taken, and made again. */
  private double refilled(Product product, Findings findings) throws Exception {
    findings.doing("taking all of them");
    takeAll(product, findings);
    findings.doing("making them again");
    int left = Pooled.now(product).running(size.ephemeral());
    double perSecond =
        perSecond(() -> Pooled.await(product, size.ephemeral(), size.spares(), 0), left);
    removeAll(product, findings);
    return perSecond;
  }

  /** What happens for each spare from here on, those not counted that were there at first. */
  private double perSecond(Runnable filling, int already) throws Exception {
    Timed<String> timed =
        Timed.of(() -> {
          filling.run();
          return "filled";
        });
    return Math.max(1, size.spares() - already) / timed.seconds();
  }

  private static String nameOf(int number) {
    return "bench-refill-" + number;
  }

  private void takeAll(Product product, Findings findings) {
    Product.Wish wish =
        size.ephemeral() ? Product.Wish.latest().thrownAway() : Product.Wish.latest();
    Crowd.fewAtATime(size.spares(), FEW, i -> () -> product.create(nameOf(i), wish), findings);
  }

  private void removeAll(Product product, Findings findings) {
    Crowd.fewAtATime(size.spares(), FEW, i -> () -> product.delete(nameOf(i)), findings);
  }

  private Summary script(Ground ground) throws Exception {
    PlainCopy copy = new PlainCopy(ground, Tellers.QUESTION, true);
    long[] nanos = new long[size.copies()];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = copy.firstAnswer(i);
    }
    return Summary.ofNanos(LongStream.of(nanos));
  }
}
