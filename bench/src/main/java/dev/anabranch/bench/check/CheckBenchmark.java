package dev.anabranch.bench.check;

import dev.anabranch.bench.measure.Benchmark;
import dev.anabranch.bench.measure.Findings;
import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.measure.ProcessorTime;
import dev.anabranch.bench.measure.Timed;
import dev.anabranch.bench.report.Goal;
import dev.anabranch.bench.report.Summary;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Rows;
import dev.anabranch.trials.drive.Step;
import dev.anabranch.trials.drive.Verdicts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * What a check costs, and whether it is right. The baselines ask everything again: on a new branch
 * of main, which is what one would do who has branches and no verdicts, and on main itself, in a
 * transaction that is rolled back. The latter also decides which verdicts are false.
 *
 * <p>Database time is the processor time of all Postgres processes together, because a check works
 * in several databases and much of it (recovery of an image, say) is no statement at all.
 */
public final class CheckBenchmark implements Benchmark {

  private static final double GOAL_RATIO = 50;
  private static final String BRANCH = "bench-check";
  private static final String RERUN = "bench-check-rerun";

  /**
   * @param orders rows of the table that is asked about
   * @param answers questions asked on the branch
   * @param changes rows that main changes afterwards
   * @param checks how often it is checked
   * @param rest seconds between main's changes and the first check, in which the server may
   *     prepare; one more row changes after them
   * @param seed decides what is asked
   */
  public record Size(int orders, int answers, int changes, int checks, int rest, long seed) {}

  private final Size size;

  public CheckBenchmark(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "check";
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("orders", Integer.toString(size.orders()));
    options.put("answers", Integer.toString(size.answers()));
    options.put("changes", Integer.toString(size.changes()));
    options.put("checks", Integer.toString(size.checks()));
    options.put("rest", Integer.toString(size.rest()));
    options.put("seed", Long.toString(size.seed()));
    return options;
  }

  /** Something done, with what it cost. */
  private record Cost<T>(Timed<T> timed, ProcessorTime.Spent spent) {}

  private static <T> Cost<T> costOf(Ground ground, Timed.Work<T> work) throws Exception {
    try (ProcessorTime time = ProcessorTime.start(ground.server())) {
      Timed<T> timed = Timed.of(work);
      return new Cost<>(timed, time.soFar());
    }
  }

  @Override
  public void run(Ground ground, Findings findings) throws Exception {
    Trade trade = new Trade(size.orders(), size.answers(), size.changes(), size.seed());
    findings.doing("filling main");
    trade.fill(ground.main());
    List<Step> script = trade.script();
    Product product = ground.product();
    findings.doing("asking and acting on a branch");
    Asked given = through(product.create(BRANCH, Product.Wish.now()), script);
    findings.doing("main moves");
    trade.move(ground.main());
    if (size.rest() > 0) {
      findings.doing("nobody asks for " + size.rest() + " s");
      ProcessorTime.Spent prepared =
          costOf(
                  ground,
                  () -> {
                    long end = System.nanoTime() + Duration.ofSeconds(size.rest()).toNanos();
                    for (long left = 1; left > 0; left = end - System.nanoTime()) {
                      LockSupport.parkNanos(left);
                    }
                    return true;
                  })
              .spent();
      findings.figure("before the check: processor time of the server", prepared.server(), "s");
      findings.figure("before the check: database time", prepared.databases(), "s");
      trade.moveOn(ground.main());
    }
    List<Cost<Verdicts>> checks = new ArrayList<>();
    for (int i = 0; i < size.checks(); i++) {
      findings.doing("check " + (i + 1));
      checks.add(costOf(ground, () -> Verdicts.of(product.check(BRANCH))));
    }
    findings.doing("asking everything again on a branch of main now");
    Cost<Asked> onBranch =
        costOf(
            ground, () -> through(product.create(RERUN, Product.Wish.now().thrownAway()), script));
    findings.doing("asking everything again on main");
    Cost<Asked> onMain = costOf(ground, () -> rolledBack(ground.main(), script));
    times(checks, onBranch, onMain, findings);
    verdicts(checks, given, onMain.timed().result(), findings);
    if (!onBranch.timed().result().rows().equals(onMain.timed().result().rows())) {
      findings.failed("the new branch of main and main itself gave different answers");
    }
    product.delete(RERUN);
    product.delete(BRANCH);
  }

  private static Asked through(Address where, List<Step> script) throws SQLException {
    try (Connection connection = where.connect()) {
      return Asked.through(connection, script);
    }
  }

  private static Asked rolledBack(Address main, List<Step> script) throws SQLException {
    try (Connection connection = main.connect()) {
      connection.setAutoCommit(false);
      Asked asked = Asked.through(connection, script);
      connection.rollback();
      return asked;
    }
  }

  private static void times(
      List<Cost<Verdicts>> checks, Cost<Asked> onBranch, Cost<Asked> onMain, Findings findings) {
    Summary wall = Summary.ofNanos(checks.stream().mapToLong(check -> check.timed().nanos()));
    findings.latencies("check", wall);
    double all =
        checks.stream().mapToDouble(check -> check.spent().databases()).average().orElseThrow();
    double main =
        checks.stream().mapToDouble(check -> check.spent().main()).average().orElseThrow();
    double server =
        checks.stream().mapToDouble(check -> check.spent().server()).average().orElseThrow();
    double again = onBranch.spent().databases();
    findings.figure("check: database time, mean", all, "s");
    findings.figure("check: of that on main", main, "s");
    findings.figure("check: processor time of the server beside that", server, "s");
    findings.figure("baseline, on a new branch: wall", onBranch.timed().seconds(), "s");
    findings.figure("baseline, on a new branch: database time", again, "s");
    findings.figure("baseline, on a new branch: of that on main", onBranch.spent().main(), "s");
    findings.figure(
        "baseline, on a new branch: statements", onBranch.timed().result().statementSeconds(), "s");
    findings.figure("baseline, on main: wall", onMain.timed().seconds(), "s");
    findings.figure("baseline, on main: database time", onMain.spent().databases(), "s");
    findings.figure(
        "new branch ÷ check, database time",
        again / all,
        "×",
        Goal.atLeast("", GOAL_RATIO, "×", again / all));
    findings.figure("new branch ÷ check, wall", onBranch.timed().seconds() * 1e3 / wall.p50(), "×");
    findings.figure("on main ÷ check, time of main", onMain.spent().main() / main, "×");
  }

  private void verdicts(List<Cost<Verdicts>> checks, Asked given, Asked brute, Findings findings) {
    Map<String, Integer> byProof = new TreeMap<>();
    int falseHolds = 0;
    Map<String, Integer> needless = new TreeMap<>();
    for (Cost<Verdicts> check : checks) {
      Map<String, Integer> proofs = new TreeMap<>();
      for (Map.Entry<String, Rows> answer : given.rows().entrySet()) {
        String label = answer.getKey();
        List<Verdicts.Entry> entries = check.timed().result().labelled(label);
        if (entries.size() != 1) {
          findings.failed("question " + label + " has " + entries.size() + " verdicts");
          continue;
        }
        Verdicts.Entry entry = entries.getFirst();
        boolean same = answer.getValue().equals(brute.rows().get(label));
        proofs.merge((entry.verdict() + " " + entry.proof()).strip(), 1, Integer::sum);
        if (entry.verdict().equals("holds") && !same) {
          falseHolds++;
          findings.failed("false hold of " + label + ": " + entry.sql());
        } else if (!entry.verdict().equals("holds") && same) {
          needless.merge(entry.verdict() + ", " + entry.reason(), 1, Integer::sum);
        }
      }
      byProof = proofs;
    }
    byProof.forEach((proof, count) -> findings.figure("verdicts: " + proof, count, ""));
    findings.figure(
        "verdicts that doubt an unchanged answer, all checks",
        needless.values().stream().mapToInt(Integer::intValue).sum(),
        "");
    needless.forEach((why, count) -> findings.figure("doubted: " + why, count, ""));
    findings.figure("false holds, all checks", falseHolds, "", Goal.atMost("", 0, "", falseHolds));
  }
}
