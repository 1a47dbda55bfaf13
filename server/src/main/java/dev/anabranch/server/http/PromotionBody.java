package dev.anabranch.server.http;

import dev.anabranch.base.BranchName;
import dev.anabranch.promote.OwnChecksAsked;
import dev.anabranch.promote.PromoteRequest;
import dev.anabranch.promote.fact.DecisionAsked;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of a request to promote. */
final class PromotionBody {

  static final int LONGEST_WORDS = 2_000;

  private PromotionBody() {}

  /**
   * @param caller the address it came from, which decides when nobody else is said to
   */
  static PromoteRequest read(BranchName branch, String text, String caller) {
    RequestBody body = RequestBody.parse(text, ApiBodies.Promote.class);
    boolean dryRun = body.flag("dryRun");
    boolean strict = body.flag("strict");
    Set<Long> accept = body.numbers("accept");
    List<DecisionAsked> decide = body.each("decide", PromotionBody::asked);
    String who = body.text("who").filter(name -> !name.isBlank()).orElse(caller);
    Optional<String> why = body.text("why");
    Optional<String> plan = body.text("plan");
    OwnChecksAsked ownChecks = OwnCheckJson.asked(body);
    if (plan.isPresent() && !(decide.isEmpty() && accept.isEmpty())) {
      body.mistake(
          "A plan has its own decisions: give either 'plan', or 'decide' and 'accept' with a dry"
              + " run that makes another plan.");
    }
    if (who.length() > LONGEST_WORDS || why.filter(w -> w.length() > LONGEST_WORDS).isPresent()) {
      body.mistake("'who' and 'why' can't be longer than " + LONGEST_WORDS + " characters.");
    }
    body.finish();
    return new PromoteRequest(branch, dryRun, strict, accept, decide, who, why, plan, ownChecks);
  }

  static DecisionAsked asked(JsonNode node) {
    Optional<String> fact = text(node, "fact");
    Optional<String> choice = text(node, "choice");
    if (fact.isEmpty() || choice.isEmpty()) {
      throw RequestBody.invalid(
          "Each of 'decide' must say the fact and the choice, such as {\"fact\":\"3fa9c1d2e4\","
              + "\"choice\":\"main\"}.");
    }
    Optional<String> column = text(node, "column");
    return new DecisionAsked(
        fact.get(), text(node, "state"), column, choice.get(), value(node.path("value"), column));
  }

  private static Map<String, @Nullable String> value(JsonNode value, Optional<String> column) {
    Map<String, @Nullable String> cells = new LinkedHashMap<>();
    if (column.isPresent()) {
      if (!value.isMissingNode()) {
        cells.put(column.get(), cell(value));
      }
    } else if (value.isObject()) {
      value.properties().forEach(cell -> cells.put(cell.getKey(), cell(cell.getValue())));
    } else if (!value.isMissingNode() && !value.isNull()) {
      throw RequestBody.invalid("A value for a row names its columns, such as {\"qty\":\"7\"}.");
    }
    return cells;
  }

  private static @Nullable String cell(JsonNode value) {
    if (value.isContainer()) {
      throw RequestBody.invalid("A cell's value is a text as Postgres reads it, or null.");
    }
    return value.isNull() ? null : value.asString();
  }

  private static Optional<String> text(JsonNode node, String field) {
    JsonNode text = node.path(field);
    if (text.isMissingNode() || text.isNull()) {
      return Optional.empty();
    }
    if (!text.isString()) {
      throw RequestBody.invalid("The field '" + field + "' of 'decide' must be a text.");
    }
    return Optional.of(text.stringValue());
  }
}
