package dev.anabranch.server.http;

import dev.anabranch.promote.KeptRule;
import dev.anabranch.promote.RuleProposal;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Rules by which columns of main combine are set, listed, taken away and proposed.
 *
 * @param operations what can be asked
 */
record RuleRoutes(Operations operations) {

  /** A rule. */
  record RuleView(
      String column, String rule, long version, String who, Instant setAt, List<String> decides) {
    static RuleView of(KeptRule rule) {
      return new RuleView(
          rule.column(), rule.rule(), rule.version(), rule.who(), rule.setAt(), rule.decides());
    }
  }

  /** A rule that a column could have. */
  record ProposalView(String column, String rule, String why) {
    static ProposalView of(RuleProposal proposal) {
      return new ProposalView(proposal.column(), proposal.rule(), proposal.why());
    }
  }

  void list(Context context) {
    HttpServer.json(context, operations.mergeRules().stream().map(RuleView::of).toList());
  }

  void set(Context context) {
    RequestBody body = RequestBody.parse(RequestBody.text(context), ApiBodies.NewRule.class);
    Optional<String> column = body.required("column");
    Optional<String> rule = body.required("rule");
    String who = body.text("who").filter(said -> !said.isBlank()).orElse(context.ip());
    body.finish();
    HttpServer.json(
        context,
        RuleView.of(operations.setMergeRule(column.orElseThrow(), rule.orElseThrow(), who)));
  }

  void unset(Context context) {
    HttpServer.json(
        context, RuleView.of(operations.unsetMergeRule(context.pathParam("column"), context.ip())));
  }

  void infer(Context context) {
    HttpServer.json(context, operations.inferMergeRules().stream().map(ProposalView::of).toList());
  }
}
