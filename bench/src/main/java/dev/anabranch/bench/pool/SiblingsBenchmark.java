package dev.anabranch.bench.pool;

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
import java.util.stream.LongStream;

/**
 * Whether a branch takes longer to make when many others of the same image have come and gone: the
 * last ones against the first ones. Nothing is made ahead; each one is asked something and writes
 * something, so that its blocks part from the image's.
 */
public final class SiblingsBenchmark implements Benchmark {

  private static final double GOAL_RATIO = 1.3;
  private static final int FEW = 2;

  /**
   * @param siblings that come and go in between
   * @param measured at each end
   */
  public record Size(int siblings, int measured) {}

  private final Size size;

  public SiblingsBenchmark(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "siblings";
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("siblings", Integer.toString(size.siblings()));
    options.put("measured", Integer.toString(size.measured()));
    return options;
  }

  @Override
  public void run(Ground ground, Findings findings) throws Exception {
    new Tellers(1_000).fill(ground.main());
    Pooled.restartWithout(ground);
    findings.doing("the image, and getting warm");
    some(ground.product(), "warm");
    findings.doing("the first ones");
    Summary first = some(ground.product(), "first");
    findings.doing(size.siblings() + " come and go");
    Crowd.fewAtATime(
        size.siblings(),
        FEW,
        i -> () -> comeAndGo(ground.product(), "bench-siblings-" + i),
        findings);
    findings.doing("the last ones");
    Summary last = some(ground.product(), "last");
    findings.latencies("baseline: the first ones, wish → first answer", first);
    findings.latencies("after " + size.siblings() + " siblings", last);
    double ratio = last.p50() / first.p50();
    findings.figure("last ÷ first, p50", ratio, "×", Goal.atMost("", GOAL_RATIO, "×", ratio));
    ground.server().restart(List.of());
  }

  private Summary some(Product product, String word) throws Exception {
    long[] nanos = new long[size.measured()];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = comeAndGo(product, "bench-siblings-" + word + "-" + i);
    }
    return Summary.ofNanos(LongStream.of(nanos));
  }

  /** Nanoseconds to the first answer. */
  private static long comeAndGo(Product product, String name) throws Exception {
    Timed<?> answered =
        Timed.of(() -> {
          var branch = product.create(name, Product.Wish.latest().thrownAway());
          branch.texts(Tellers.QUESTION);
          return branch;
        });
    product.branch(name).run("UPDATE bank_tellers SET balance = balance + 1 WHERE id % 10 = 0");
    product.delete(name);
    return answered.nanos();
  }
}
