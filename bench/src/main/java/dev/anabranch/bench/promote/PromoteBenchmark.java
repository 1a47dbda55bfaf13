package dev.anabranch.bench.promote;

import dev.anabranch.bench.measure.Benchmark;
import dev.anabranch.bench.measure.Findings;
import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.measure.SteadyLoad;
import dev.anabranch.bench.measure.Timed;
import dev.anabranch.bench.report.Goal;
import dev.anabranch.bench.report.Summary;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * How long a branch's work takes to land, and what main's writers feel of it. The baseline is the
 * same work by hand: the same statements straight on main, under the same writers.
 */
public final class PromoteBenchmark implements Benchmark {

  /** Of 10,000 rows and fewer; of a million it is ten. */
  private static final double GOAL_SECONDS = 1;

  private static final double GOAL_ROWS_PER_SECOND = 100_000;
  private static final double GOAL_STALL_MILLIS = 50;

  /**
   * @param rows that land in each round
   * @param units that they come in, one transaction each
   * @param rounds branches that are promoted one after another
   * @param writers on main
   * @param perSecond their transactions
   * @param seconds for which they are looked at with nothing else going on
   */
  public record Size(int rows, int units, int rounds, int writers, int perSecond, int seconds) {}

  private final Size size;

  public PromoteBenchmark(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "promote";
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("rows", Integer.toString(size.rows()));
    options.put("units", Integer.toString(size.units()));
    options.put("rounds", Integer.toString(size.rounds()));
    options.put("writers", Integer.toString(size.writers()));
    options.put("tps", Integer.toString(size.perSecond()));
    options.put("seconds", Integer.toString(size.seconds()));
    return options;
  }

  /** One round's windows. */
  private record Round(
      Timed<JsonNode> planned,
      Timed<JsonNode> promoted,
      double applySeconds,
      Timed<JsonNode> undone,
      Timed<?> byHand) {}

  @Override
  public void run(Ground ground, Findings findings) throws Exception {
    Stock stock = new Stock(size.rows(), size.units(), size.rounds() * 2);
    findings.doing("filling main");
    stock.fill(ground.main());
    try (SteadyLoad load =
        SteadyLoad.start(ground.main(), size.writers(), size.perSecond(), stock::sell)) {
      findings.doing("main's writers alone");
      Timed<?> alone = load.alone(size.seconds());
      List<Round> rounds = new ArrayList<>();
      for (int i = 0; i < size.rounds(); i++) {
        rounds.add(round(ground, stock, i, findings));
      }
      report(load, alone, rounds, findings);
      load.failures().forEach(findings::failed);
    }
  }

  private Round round(Ground ground, Stock stock, int number, Findings findings) throws Exception {
    Product product = ground.product();
    String name = "bench-promote-" + number;
    findings.doing("round " + (number + 1) + ": the same work by hand");
    Timed<?> byHand = Timed.of(() -> stock.work(ground.main(), 2 * number));
    findings.doing("round " + (number + 1) + ": working on a branch");
    Address branch = product.create(name, Product.Wish.now());
    stock.work(branch, 2 * number + 1);
    findings.doing("round " + (number + 1) + ": promoting");
    Timed<JsonNode> planned = Timed.of(() -> product.promote(name, true, List.of()));
    Timed<JsonNode> promoted;
    double applySeconds;
    try (TransactionWatch watch = TransactionWatch.start(ground.main())) {
      promoted = Timed.of(() -> product.promote(name, false, List.of()));
      applySeconds = watch.longestSeconds();
    }
    String outcome = promoted.result().path("outcome").asString();
    long landed = stock.landed(ground.main(), 2 * number + 1);
    if (!outcome.equals("landed") || landed != size.rows()) {
      throw new IllegalStateException(
          "round "
              + (number + 1)
              + " ended as "
              + outcome
              + " with "
              + landed
              + " rows on main: "
              + promoted.result().path("facts"));
    }
    findings.doing("round " + (number + 1) + ": undoing");
    String receipt = promoted.result().path("receipt").asString();
    Timed<JsonNode> undone = Timed.of(() -> product.undo(receipt, false));
    long left = stock.landed(ground.main(), 2 * number + 1);
    if (!undone.result().path("outcome").asString().equals("landed") || left != 0) {
      findings.failed(
          "round " + (number + 1) + " was not undone, " + left + " rows are left on main");
    }
    product.delete(name);
    return new Round(planned, promoted, applySeconds, undone, byHand);
  }

  private void report(SteadyLoad load, Timed<?> alone, List<Round> rounds, Findings findings) {
    List<Timed<?>> promoting = new ArrayList<>();
    List<Timed<?>> planning = new ArrayList<>();
    List<Timed<?>> undoing = new ArrayList<>();
    List<Timed<?>> byHand = new ArrayList<>();
    for (Round round : rounds) {
      promoting.add(round.promoted());
      planning.add(round.planned());
      undoing.add(round.undone());
      byHand.add(round.byHand());
    }
    Summary quiet = load.during(List.of(alone));
    Summary busy = load.during(promoting);
    findings.latencies("main's writers alone", quiet);
    findings.latencies("main's writers during a dry run", load.during(planning));
    findings.latencies("main's writers during a promotion", busy);
    findings.latencies("main's writers during an undoing", load.during(undoing));
    findings.latencies("main's writers during the same work by hand", load.during(byHand));
    double total = median(rounds.stream().map(round -> round.promoted().seconds()).toList());
    double plan = median(rounds.stream().map(round -> round.planned().seconds()).toList());
    double apply = median(rounds.stream().map(Round::applySeconds).toList());
    double hand = median(rounds.stream().map(round -> round.byHand().seconds()).toList());
    findings.figure("check and plan (a dry run), median", plan, "s");
    findings.figure("apply (the transaction on main), median", apply, "s");
    double goal = Math.max(GOAL_SECONDS, size.rows() / GOAL_ROWS_PER_SECOND);
    findings.figure("promotion in all, median", total, "s", Goal.atMost("", goal, "s", total));
    double undo = median(rounds.stream().map(round -> round.undone().seconds()).toList());
    findings.figure("undoing it, median", undo, "s", Goal.atMost("", total, "s", undo));
    findings.figure("promotion in all, of each row", total / size.rows() * 1e6, "µs");
    findings.figure("baseline: the same work by hand, median", hand, "s");
    findings.figure("by hand ÷ promotion in all", hand / total, "×");
    findings.figure("by hand ÷ apply", hand / apply, "×");
    double stall = busy.p99() - quiet.p99();
    findings.figure(
        "stall: writers' p99 during − alone",
        stall,
        "ms",
        Goal.atMost("", GOAL_STALL_MILLIS, "ms", stall));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
