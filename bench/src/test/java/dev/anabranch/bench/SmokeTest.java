package dev.anabranch.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anabranch.bench.check.CheckBenchmark;
import dev.anabranch.bench.create.CreateBenchmark;
import dev.anabranch.bench.feed.FeedBenchmark;
import dev.anabranch.bench.gateway.GatewayBenchmark;
import dev.anabranch.bench.gateway.Load;
import dev.anabranch.bench.live.LiveBenchmark;
import dev.anabranch.bench.measure.Benchmark;
import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.pool.IdleBenchmark;
import dev.anabranch.bench.pool.LeaseBenchmark;
import dev.anabranch.bench.pool.RefillBenchmark;
import dev.anabranch.bench.pool.SiblingsBenchmark;
import dev.anabranch.bench.pool.StormBenchmark;
import dev.anabranch.bench.promote.PromoteBenchmark;
import dev.anabranch.bench.promote.SyncBenchmark;
import dev.anabranch.bench.report.Line;
import dev.anabranch.bench.report.Report;
import dev.anabranch.trials.soak.Pgbench;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every benchmark once, tiny: it runs to its end, finds nothing wrong, and measures what it says.
 * How fast is nobody's business here.
 */
@Tag("postgres")
class SmokeTest {

  private static Ground ground;

  @BeforeAll
  static void start() throws Exception {
    ground = Ground.below(Path.of(System.getProperty("java.io.tmpdir")));
  }

  @AfterAll
  static void stop() throws Exception {
    ground.close();
  }

  private static Report run(Benchmark benchmark) throws Exception {
    Report report = Bench.run(benchmark, ground, progress -> {});
    assertThat(report.failures()).isEmpty();
    assertThat(ground.product().branches()).as("branches left behind").isEmpty();
    return report;
  }

  private static double figure(Report report, String what) {
    List<Double> found =
        report.lines().stream()
            .filter(line -> line.what().equals(what))
            .map(SmokeTest::number)
            .toList();
    assertThat(found).as(what).hasSize(1);
    return found.getFirst();
  }

  private static double number(Line line) {
    return switch (line) {
      case Line.Figure one -> one.value();
      case Line.Latencies many -> many.milliseconds().count();
    };
  }

  @Test
  void create() throws Exception {
    Report report = run(new CreateBenchmark(new CreateBenchmark.Size(1_000, 2, 1, 1, 50, 2, 1)));

    assertThat(figure(report, "existing image, ephemeral: first answer")).isEqualTo(2);
    assertThat(figure(report, "existing image, durable: first answer")).isEqualTo(2);
    assertThat(figure(report, "main's transactions alone")).isPositive();
    assertThat(figure(report, "plain copy ÷ durable branch, p50")).isPositive();
  }

  @Test
  void lease() throws Exception {
    Report report = run(new LeaseBenchmark(new LeaseBenchmark.Size(3, 1, 2, true)));

    assertThat(figure(report, "3 at once: claim")).isEqualTo(3);
    assertThat(figure(report, "3 at once: claim → first answer")).isEqualTo(3);
    assertThat(figure(report, "alone: claim → first answer")).isEqualTo(2);
  }

  @Test
  void refill() throws Exception {
    Report report = run(new RefillBenchmark(new RefillBenchmark.Size(2, 1, 1, true)));

    assertThat(figure(report, "running ones of nothing")).isPositive();
    assertThat(figure(report, "clones of an image")).isPositive();
  }

  @Test
  void storm() throws Exception {
    Report report = run(new StormBenchmark(new StormBenchmark.Size(4, 0, 2, 1, true)));

    assertThat(figure(report, "4 callers: ready wait")).isEqualTo(4);
    assertThat(figure(report, "changes on main")).isZero();
  }

  @Test
  void idle() throws Exception {
    Report report = run(new IdleBenchmark(new IdleBenchmark.Size(2, true)));

    assertThat(figure(report, "running")).isEqualTo(3);
    assertThat(figure(report, "memory each (PSS)")).isPositive();
  }

  @Test
  void siblings() throws Exception {
    Report report = run(new SiblingsBenchmark(new SiblingsBenchmark.Size(2, 1)));

    assertThat(figure(report, "after 2 siblings")).isEqualTo(1);
    assertThat(figure(report, "last ÷ first, p50")).isPositive();
  }

  @Test
  void check() throws Exception {
    Report report = run(new CheckBenchmark(new CheckBenchmark.Size(2_000, 20, 100, 1, 0, 1)));

    assertThat(figure(report, "false holds, all checks")).isZero();
    assertThat(figure(report, "new branch ÷ check, database time")).isPositive();
    assertThat(
            report.lines().stream()
                .filter(line -> line.what().startsWith("verdicts: "))
                .mapToDouble(line -> figure(report, line.what()))
                .sum())
        .isEqualTo(20);
  }

  @Test
  void live() throws Exception {
    Report report = run(new LiveBenchmark(new LiveBenchmark.Size(20, 50, 3, 1)));

    assertThat(figure(report, "verdicts told at first")).isEqualTo(20);
    assertThat(figure(report, "from the commit on main to the flip at the client")).isEqualTo(3);
    assertThat(figure(report, "baseline, asking all again on main")).isPositive();
  }

  @Test
  void promote() throws Exception {
    ground.main().run("DROP TABLE IF EXISTS price_changes, sales, stock");
    Report report = run(new PromoteBenchmark(new PromoteBenchmark.Size(100, 5, 1, 2, 50, 1)));

    assertThat(figure(report, "main's writers during a promotion")).isPositive();
    assertThat(figure(report, "apply (the transaction on main), median")).isNotNegative();
    assertThat(figure(report, "by hand ÷ promotion in all")).isPositive();
  }

  @Test
  void gateway() throws Exception {
    assumeTrue(Pgbench.find().isPresent(), "NOT RUN: there is no pgbench on the PATH");
    Report report =
        run(
            new GatewayBenchmark(
                new GatewayBenchmark.Size(
                    1,
                    1,
                    List.of(1),
                    List.of(Load.Mode.PREPARED),
                    List.of(Load.Mix.TPCB),
                    1,
                    3,
                    Optional.empty())));

    assertThat(figure(report, "tpcb, prepared, 1 client: gateway ÷ direct, TCP")).isPositive();
    assertThat(figure(report, "tpcb, prepared, 1 client: processor time each, gateway"))
        .isPositive();
    assertThat(figure(report, "100,000 rows: gateway ÷ direct, TCP")).isPositive();
    assertThat(figure(report, "connect → first answer: gateway")).isPositive();
  }

  @Test
  void sync() throws Exception {
    ground.main().run("DROP TABLE IF EXISTS price_changes, sales, stock");
    Report report = run(new SyncBenchmark(new SyncBenchmark.Size(20, 2, 1)));

    assertThat(figure(report, "sync in all, median")).isPositive();
    assertThat(figure(report, "baseline: the same work by hand on a new branch, median"))
        .isPositive();
  }

  @Test
  void feed() throws Exception {
    Report report = run(new FeedBenchmark(new FeedBenchmark.Size(1_000, 100)));

    assertThat(figure(report, "live, inserts in one transaction: stored")).isPositive();
    assertThat(figure(report, "behind a pause, updates in one transaction: stored ÷ baseline"))
        .isPositive();
  }
}
