package dev.anabranch.server.http;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.promote.CompareRequest;
import dev.anabranch.promote.Compared;
import dev.anabranch.promote.OwnCheck;
import dev.anabranch.promote.OwnChecksAsked;
import dev.anabranch.promote.Promotion;
import dev.anabranch.promote.assertion.Assertion;
import dev.anabranch.promote.assertion.AssertionResult;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Checks of the users' own, and what compares branches, as JSON in both directions. */
final class OwnCheckJson {

  private OwnCheckJson() {}

  /** A check that is kept. */
  record OwnCheckView(String name, String sql, String who, Instant setAt) {
    static OwnCheckView of(OwnCheck check) {
      return new OwnCheckView(
          check.assertion().name(), check.assertion().sql(), check.who(), check.setAt());
    }
  }

  /** A check that is kept no longer. */
  record DeletedCheckView(String name) {}

  /**
   * Branches, the best first.
   *
   * @param best the branch that is better than every other, null when there is none
   */
  record ComparisonView(@Nullable String best, List<ComparedView> branches) {
    static ComparisonView of(List<Compared> compared) {
      return new ComparisonView(
          best(compared).map(one -> one.branch().value()).orElse(null),
          compared.stream().map(ComparedView::of).toList());
    }

    private static Optional<Compared> best(List<Compared> compared) {
      Compared first = compared.getFirst();
      boolean alone =
          compared.stream()
              .skip(1)
              .noneMatch(one ->
                  !one.isStopped()
                      && one.score()
                          .filter(score -> score.compareTo(first.score().orElse(null)) == 0)
                          .isPresent());
      return !first.isStopped() && first.score().isPresent() && alone
          ? Optional.of(first)
          : Optional.empty();
    }
  }

  /** One branch as it would be landed. */
  record ComparedView(
      String branch,
      @Nullable BigDecimal score,
      String asOf,
      Promotion.UnitCounts units,
      int open,
      List<AssertionResult> checks,
      String plan) {
    static ComparedView of(Compared one) {
      return new ComparedView(
          one.branch().value(),
          one.score().orElse(null),
          one.asOf().toString(),
          one.units(),
          one.open(),
          one.checks(),
          one.plan());
    }
  }

  /**
   * Whether an undoing is only to be looked at, which checks it is not held to, and which plan
   * alone is wanted.
   */
  record UndoBody(boolean dryRun, Set<String> skipChecks, Optional<String> plan) {
    static UndoBody read(String text) {
      RequestBody body = RequestBody.parse(text, ApiBodies.Undo.class);
      UndoBody read =
          new UndoBody(body.flag("dryRun"), body.texts("skipChecks"), body.text("plan"));
      body.finish();
      return read;
    }
  }

  /** What a request to promote says of checks. */
  static OwnChecksAsked asked(RequestBody body) {
    return new OwnChecksAsked(
        body.each("checks", OwnCheckJson::assertion), body.texts("skipChecks"));
  }

  private static Assertion assertion(JsonNode node) {
    if (!node.path("name").isString() || !node.path("sql").isString()) {
      throw RequestBody.invalid(
          "Each of 'checks' must have a name and its sql, such as {\"name\":\"no-negative-stock\","
              + "\"sql\":\"SELECT id FROM stock WHERE qty < 0\"}.");
    }
    return new Assertion(node.path("name").stringValue(), node.path("sql").stringValue());
  }

  /** A check that is to be kept, and who says so. */
  record SetBody(Assertion assertion, String who) {
    static SetBody read(String text, String caller) {
      RequestBody body = RequestBody.parse(text, ApiBodies.NewCheck.class);
      Optional<String> name = body.required("name");
      Optional<String> sql = body.required("sql");
      String who = body.text("who").filter(said -> !said.isBlank()).orElse(caller);
      body.finish();
      return new SetBody(new Assertion(name.orElseThrow(), sql.orElseThrow()), who);
    }
  }

  static CompareRequest compareRequest(String text) {
    RequestBody body = RequestBody.parse(text, ApiBodies.Compare.class);
    List<String> names = body.list("branches");
    Optional<String> score = body.required("score");
    boolean lowest = body.flag("lowest");
    List<BranchName> branches = new ArrayList<>();
    for (String name : names) {
      try {
        branches.add(new BranchName(name));
      } catch (AnabranchException e) {
        body.mistake(String.valueOf(e.getMessage()));
      }
    }
    body.finish();
    return new CompareRequest(branches, score.orElseThrow(), lowest);
  }
}
