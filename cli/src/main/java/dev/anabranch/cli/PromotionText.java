package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A promotion for a person: the ending in a sentence, then the facts to decide.
 *
 * @param promotion the server's JSON
 * @param dryRun whether anything could be written
 * @param palette colours
 */
record PromotionText(JsonNode promotion, boolean dryRun, Palette palette) {

  /** As many as a person reads. */
  private static final int NOT_RELIED_LIMIT = 20;

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(palette.strong(promotion.path("branch").asString()) + ": " + ending());
    lines.add(
        palette.dim(
            "  answers checked as of " + Words.orDash(promotion.path("asOf")) + committed()));
    for (JsonNode fact : promotion.path("facts")) {
      lines.add("");
      describe(lines, fact);
    }
    doubt(lines);
    notRelied(lines);
    unfired(lines);
    String receipt = promotion.path("receipt").asString("");
    if (!receipt.isEmpty()) {
      lines.add("");
      lines.add(palette.dim("receipt " + receipt));
    }
    return lines;
  }

  private void doubt(List<String> lines) {
    JsonNode doubted = promotion.path("doubted");
    if (!doubted.isEmpty()) {
      lines.add("");
      lines.add(
          palette.bad("in doubt")
              + "  main may have changed what these answers read before the commit, and work that"
              + " rests on them has landed: "
              + Words.row(doubted)
              + " (anabranch check says what they are now)");
    }
  }

  /** What nothing rests on is told, so that a premise that nobody counted is seen. */
  private void notRelied(List<String> lines) {
    JsonNode all = promotion.path("notRelied");
    if (all.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(
        palette.doubtful("not relied on")
            + "  "
            + (dryRun ? "nothing that would land" : "nothing that landed")
            + " was taken to rest on "
            + (all.size() == 1 ? "this answer:" : "these " + all.size() + " answers:"));
    int told = 0;
    for (JsonNode answer : all) {
      if (told++ == NOT_RELIED_LIMIT) {
        lines.add("    and " + (all.size() - NOT_RELIED_LIMIT) + " more (--format json)");
        break;
      }
      String task = answer.path("task").asString("");
      lines.add(
          "    "
              + answer.path("sentence").asString("")
              + (task.isEmpty() ? "" : palette.dim("  asked for " + task)));
    }
  }

  /** What a trigger would do on main alone, such as telling another system, has not happened. */
  private void unfired(List<String> lines) {
    JsonNode unfired = promotion.path("unfired");
    if (!unfired.isEmpty()) {
      lines.add("");
      lines.add(
          palette.doubtful("not fired")
              + "  main's own triggers on "
              + (dryRun ? "what would be written" : "what was written")
              + ": "
              + Words.row(unfired)
              + " (what they did on the branch lands with it)");
    }
  }

  private String ending() {
    JsonNode units = promotion.path("units");
    String total = Words.count(units.path("total").asLong(), "unit");
    long landed = units.path("landed").asLong();
    long held = units.path("held").asLong();
    String would = dryRun ? " would land" : landed == 1 ? " has landed" : " have landed";
    return switch (promotion.path("outcome").asString("")) {
      case "landed" -> palette.good("all of " + total + would);
      case "partial" -> palette.doubtful(landed + " of " + total + would + ", " + held + " held");
      case "held" ->
          palette.doubtful(total + " held, nothing " + (dryRun ? "would be" : "was") + " written");
      case "nothing" -> "nothing to fold back";
      case "refused" -> palette.bad("main refused it, nothing was written: safe to promote again");
      default -> promotion.path("outcome").asString("");
    };
  }

  private String committed() {
    JsonNode committed = promotion.path("committed");
    return committed.isNull() || committed.isMissingNode()
        ? ""
        : ", committed at " + committed.asString();
  }

  private void describe(List<String> lines, JsonNode fact) {
    lines.add(palette.bad(fact.path("kind").asString()) + "  " + sentence(fact));
    JsonNode key = fact.path("key");
    if (key.isObject()) {
      lines.add("    row     " + fact.path("table").asString("") + " " + Words.named(key));
    }
    side(lines, "base", fact);
    side(lines, "branch", fact);
    side(lines, "main", fact);
    lines.add(
        "    holds   "
            + Words.count(fact.path("units").size(), "unit")
            + ": "
            + Words.row(fact.path("units")));
    if (!fact.path("choices").isEmpty()) {
      lines.add("    choices " + Words.row(fact.path("choices")));
    }
  }

  private static String sentence(JsonNode fact) {
    String sentence = fact.path("sentence").asString("");
    return !sentence.isEmpty() || fact.path("answer").isNull()
        ? sentence
        : "answer " + fact.path("answer").asLong();
  }

  private static void side(List<String> lines, String name, JsonNode fact) {
    JsonNode side = fact.path(name);
    if (side.isObject() && !side.isEmpty()) {
      lines.add(String.format("    %-7s %s", name, Words.named(side)));
    }
  }
}
