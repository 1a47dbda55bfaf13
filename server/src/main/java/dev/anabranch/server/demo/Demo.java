package dev.anabranch.server.demo;

import dev.anabranch.base.BranchName;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.BranchRequest;
import dev.anabranch.branch.Lifetime;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.branch.mirror.MainAddress;
import dev.anabranch.ledger.Told;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.promote.PromoteRequest;
import dev.anabranch.promote.Promotion;
import dev.anabranch.promote.fact.DecisionAsked;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.server.http.ApiJson;
import dev.anabranch.server.http.ApiJson.CountsView;
import dev.anabranch.server.http.ApiJson.PromotionView;
import dev.anabranch.server.http.Operations;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The whole story on a running server: fork, ask, act, the day goes on, check, promote, and the
 * proof by brute force.
 */
public final class Demo {

  private static final BranchName ALICE = new BranchName("alice");
  private static final Duration FOUR_WEEKS = Duration.ofDays(28);
  private static final String WHY = "one order more makes no difference";

  private final Operations operations;
  private final MainAddress main;
  private final int gatewayPort;
  private final Narration tell;
  private final Shop shop = Shop.ofToday();
  private final Stopwatch watch = new Stopwatch();

  private Demo(Operations operations, MainAddress main, int gatewayPort, Narration tell) {
    this.operations = operations;
    this.main = main;
    this.gatewayPort = gatewayPort;
    this.tell = tell;
  }

  /**
   * How it ended.
   *
   * @param falseHolds verdicts that brute force found wrong
   * @param json all the numbers
   */
  public record Ending(int falseHolds, String json) {}

  /**
   * Plays it from start to end.
   *
   * @param operations of a running server
   * @param main how its main is reached
   * @param gatewayPort where clients of its branches connect
   * @param narration takes each line of the story
   */
  public static Ending play(
      Operations operations, MainAddress main, int gatewayPort, Consumer<String> narration)
      throws SQLException {
    DemoReport report = new Demo(operations, main, gatewayPort, new Narration(narration)).play();
    return new Ending(report.falseHolds(), ApiJson.json(report));
  }

  private DemoReport play() throws SQLException {
    try (Connection main = this.main.connect()) {
      openShop(main);
      Branch branch = fork();
      List<DemoStep> script = Script.ofAlice(shop);
      List<Rows> given = ask(branch, script);
      int changes = goOn(main);
      CheckReport report = check();
      BruteForce brute = prove(main, script, given, report);
      Promotion promotion = promote();
      Optional<Promotion> decided = decide(promotion);
      Optional<Promotion> undone = decided.map(this::undo);
      return new DemoReport(
          report.verdicts().size(),
          CountsView.of(report.counts()),
          brute.falseHolds(),
          brute,
          changes,
          PromotionView.of(promotion),
          decided.map(PromotionView::of),
          undone.map(PromotionView::of),
          watch.all());
    }
  }

  private void openShop(Connection main) throws SQLException {
    tell.title("Production is a shop");
    watch.time(
        "shop",
        () -> {
          shop.open(main);
          return "open";
        });
    tell.line(
        "%,d customers, %,d orders, %,d order lines, an inventory. Filled in %.1f s.",
        Shop.CUSTOMERS, Shop.ORDERS, Shop.ORDERS * 2, watch.of("shop"));
  }

  private Branch fork() throws SQLException {
    tell.title("Alice forks it");
    BranchRequest request =
        new BranchRequest(
            ALICE,
            new Lifetime.Until(Instant.now().plus(FOUR_WEEKS)),
            new BranchPoint.Now(),
            Optional.empty(),
            Optional.empty(),
            false);
    Branch branch = watch.time("fork", () -> operations.create(request));
    tell.line(
        "A writable branch of main as of %s in %.1f s: %s",
        branch.forkLsn(), watch.of("fork"), operations.url(branch).replaceAll(":[^:@/]*@", ":…@"));
    return branch;
  }

  private List<Rows> ask(Branch branch, List<DemoStep> script) throws SQLException {
    tell.title("She asks, and acts on what she is told");
    List<Rows> given =
        watch.time(
            "ask",
            () -> {
              try (Alice alice =
                  new Alice(
                      "jdbc:postgresql://127.0.0.1:" + gatewayPort + "/" + ALICE,
                      ALICE.value(),
                      branch.password())) {
                return alice.workThrough(script);
              }
            });
    tell.line(
        "%d questions in %.1f s: points, ranges, counts, sums, joins, top-k, groups, absences.",
        given.size(), watch.of("ask"));
    for (DemoStep step : script) {
      if (step instanceof DemoStep.Act act) {
        tell.line("    %-24s %s", act.desk().task() + ":", act.sql().split(" VALUES| WHERE", 2)[0]);
      }
    }
    return given;
  }

  private int goOn(Connection main) throws SQLException {
    tell.title("Production moves");
    int commits = watch.time("move", () -> Shop.doBusiness(main));
    tell.line(
        "%,d commits on main in %.1f s; one of them is order 48 of customer %d.",
        commits, watch.of("move"), Shop.LOYAL_CUSTOMER);
    return commits;
  }

  private CheckReport check() throws SQLException {
    tell.title("Which answers still hold?");
    CheckReport report = watch.time("check", () -> operations.check(ALICE));
    tell.check(report, watch.of("check"));
    return report;
  }

  private BruteForce prove(
      Connection main, List<DemoStep> script, List<Rows> given, CheckReport report)
      throws SQLException {
    List<Verdict> verdicts =
        report.verdicts().stream()
            .filter(judged -> judged.answer().told() == Told.ROWS)
            .map(CheckReport.Judged::verdict)
            .toList();
    if (verdicts.size() != given.size()) {
      throw new IllegalStateException(
          "Alice asked " + given.size() + " questions and " + verdicts.size() + " were recorded");
    }
    tell.title("Is that true? Everything asked again, by brute force");
    BruteForce brute =
        watch.time("bruteForce", () -> BruteForce.run(main, script, given, verdicts));
    tell.bruteForce(brute, watch.of("bruteForce"));
    return brute;
  }

  private Promotion promote() throws SQLException {
    tell.title("She folds her work back");
    Promotion plan =
        watch.time(
            "dryRun", () -> operations.promote(new PromoteRequest(ALICE, true, false, Set.of())));
    tell.promotion(plan, true);
    Promotion promotion =
        watch.time(
            "promote", () -> operations.promote(new PromoteRequest(ALICE, false, false, Set.of())));
    tell.promotion(promotion, false);
    tell.line("    receipt %s", promotion.receipt());
    return promotion;
  }

  /** The first answer that changed: that is fine, and what rests on it lands. */
  private Optional<Promotion> decide(Promotion promotion) throws SQLException {
    Optional<Fact> open =
        promotion.facts().stream()
            .filter(fact -> fact.isOpen() && fact.choices().contains("accept"))
            .findFirst();
    if (open.isEmpty()) {
      return Optional.empty();
    }
    Fact fact = open.get();
    tell.title("She decides what only a person can");
    tell.line("    %s: accept, because \"%s\"", fact.id(), WHY);
    Promotion decided =
        watch.time(
            "decide",
            () ->
                operations.promote(
                    new PromoteRequest(
                        ALICE,
                        false,
                        false,
                        Set.of(),
                        List.of(
                            new DecisionAsked(
                                fact.id(),
                                Optional.of(fact.state()),
                                Optional.empty(),
                                "accept",
                                Map.of())),
                        ALICE.value(),
                        Optional.of(WHY),
                        Optional.empty())));
    tell.promotion(decided, false);
    return Optional.of(decided);
  }

  private Promotion undo(Promotion decided) {
    tell.title("And takes it back");
    Promotion undone = operations.undo(decided.receipt(), false, Set.of(), Optional.empty());
    tell.line(
        "Undo: %s. %d of %d units are undone on main; the rest of her work stays there.",
        undone.outcome().name().toLowerCase(Locale.ROOT),
        undone.units().landed(),
        undone.units().total());
    return undone;
  }
}
