package dev.anabranch.bench.promote;

import dev.anabranch.bench.measure.Benchmark;
import dev.anabranch.bench.measure.Findings;
import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.measure.Timed;
import dev.anabranch.bench.report.Goal;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * How long it takes to move a branch onto main as it is now, beyond what a new branch takes. The
 * baseline is doing without: a new branch, and the same work once more on it.
 */
public final class SyncBenchmark implements Benchmark {

  private static final double GOAL_SECONDS = 2;
  private static final double GOAL_ROWS_PER_SECOND = 5_000;

  /**
   * @param rows of the work on each branch
   * @param units that they come in, one transaction each
   * @param rounds branches that are synced one after another
   */
  public record Size(int rows, int units, int rounds) {}

  private final Size size;

  public SyncBenchmark(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "sync";
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("rows", Integer.toString(size.rows()));
    options.put("units", Integer.toString(size.units()));
    options.put("rounds", Integer.toString(size.rounds()));
    return options;
  }

  private record Round(Timed<Address> forked, Timed<String> byHand, Timed<JsonNode> synced) {
    double beyond() {
      return synced.seconds() - forked.seconds();
    }
  }

  @Override
  public void run(Ground ground, Findings findings) throws Exception {
    Stock stock = new Stock(size.rows(), size.units(), 3 * size.rounds());
    findings.doing("filling main");
    stock.fill(ground.main());
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < size.rounds(); i++) {
      rounds.add(round(ground, stock, i, findings));
    }
    double fork = median(rounds.stream().map(round -> round.forked().seconds()).toList());
    double hand = median(rounds.stream().map(round -> round.byHand().seconds()).toList());
    double sync = median(rounds.stream().map(round -> round.synced().seconds()).toList());
    double beyond = median(rounds.stream().map(Round::beyond).toList());
    double goal = Math.max(GOAL_SECONDS, size.rows() / GOAL_ROWS_PER_SECOND);
    findings.figure("a new branch of main as it is now, median", fork, "s");
    findings.figure("sync in all, median", sync, "s");
    findings.figure(
        "sync beyond the new branch, median", beyond, "s", Goal.atMost("", goal, "s", beyond));
    findings.figure("baseline: the same work by hand on a new branch, median", hand, "s");
    findings.figure("by hand ÷ sync beyond the new branch", hand / beyond, "×");
  }

  private Round round(Ground ground, Stock stock, int number, Findings findings) throws Exception {
    Product product = ground.product();
    String name = "bench-sync-" + number;
    String other = "bench-again-" + number;
    int piece = 3 * number;
    findings.doing("round " + (number + 1) + ": working on a branch");
    stock.work(product.create(name, Product.Wish.now()), piece);
    findings.doing("round " + (number + 1) + ": main moves");
    stock.work(ground.main(), piece + 1);
    findings.doing("round " + (number + 1) + ": a new branch, and the same work on it");
    Timed<Address> forked = Timed.of(() -> product.create(other, Product.Wish.now()));
    Timed<String> byHand = Timed.of(() -> stock.work(forked.result(), piece));
    product.delete(other);
    stock.work(ground.main(), piece + 2);
    findings.doing("round " + (number + 1) + ": syncing");
    Timed<JsonNode> synced = Timed.of(() -> product.sync(name));
    Address branch = product.branch(name);
    long carried = stock.landed(branch, piece);
    long found = stock.landed(branch, piece + 1) + stock.landed(branch, piece + 2);
    if (!synced.result().path("outcome").asString().equals("synced")
        || carried != size.rows()
        || found != 2L * size.rows()) {
      findings.failed(
          "round "
              + (number + 1)
              + " has "
              + carried
              + " rows of its own and "
              + found
              + " of main's: "
              + synced.result());
    }
    product.delete(name);
    return new Round(forked, byHand, synced);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
