package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A promotion for a person: the ending in a sentence, then the facts to decide.
 *
 * @param promotion the server's JSON
 * @param dryRun whether anything could be written
 * @param checks where its checks came from, as the command was told
 * @param palette colours
 */
record PromotionText(JsonNode promotion, boolean dryRun, Optional<String> checks, Palette palette) {

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
      lines.addAll(new FactText(promotion.path("branch").asString(), palette).lines(fact));
    }
    lines.addAll(
        new TaskText(promotion.path("branch").asString(), palette)
            .lines(promotion.path("tasks"), dryRun));
    moved(lines);
    List<String> merged = new MergedText(promotion.path("merged"), false, palette).lines();
    if (!merged.isEmpty()) {
      lines.add("");
      lines.addAll(merged);
    }
    difference(lines);
    OwnChecksText.after(promotion.path("checks"), palette, lines);
    doubt(lines);
    notRelied(lines);
    unfired(lines);
    String receipt = promotion.path("receipt").asString("");
    if (!receipt.isEmpty()) {
      lines.add("");
      lines.add(palette.dim("receipt " + receipt));
    }
    String plan = promotion.path("plan").asString("");
    if ((dryRun || promotion.path("difference").isObject()) && !plan.isEmpty()) {
      lines.add(
          palette.dim("plan    " + plan)
              + "  to land exactly this: anabranch promote "
              + promotion.path("branch").asString()
              + " --plan "
              + plan
              + checks.map(where -> " --checks " + where).orElse(""));
    }
    return lines;
  }

  /** How the plan differs from the one that was approved. */
  private void difference(List<String> lines) {
    JsonNode difference = promotion.path("difference");
    if (!difference.isObject()) {
      return;
    }
    lines.add("");
    lines.add(palette.doubtful("another plan") + "  than the one that was approved:");
    difference
        .properties()
        .forEach(part -> {
          List<String> said = new ArrayList<>();
          said.add(part.getValue().path("retained").asInt() + " as they were");
          for (String how : List.of("replaced", "cleared", "added")) {
            JsonNode names = part.getValue().path(how);
            if (!names.isEmpty()) {
              said.add(how + ": " + Words.row(names));
            }
          }
          lines.add(String.format("    %-7s %s", part.getKey(), String.join("; ", said)));
        });
  }

  /** What is only elsewhere, which nobody is asked about. */
  private void moved(List<String> lines) {
    int told = 0;
    for (JsonNode fact : promotion.path("moved")) {
      if (told == 0) {
        lines.add("");
      }
      if (told++ == NOT_RELIED_LIMIT) {
        lines.add(
            "    and "
                + (promotion.path("moved").size() - NOT_RELIED_LIMIT)
                + " more (--format json)");
        break;
      }
      lines.add(palette.good("moved") + "  " + fact.path("sentence").asString(""));
    }
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
    long dropped = units.path("dropped").asLong();
    String left = dropped == 0 ? "" : ", " + dropped + " dropped";
    String would = dryRun ? " would land" : landed == 1 ? " has landed" : " have landed";
    return switch (promotion.path("outcome").asString("")) {
      case "landed" ->
          palette.good((dropped == 0 ? "all of " : landed + " of ") + total + would + left);
      case "partial" ->
          palette.doubtful(landed + " of " + total + would + ", " + held + " held" + left);
      case "held" ->
          palette.doubtful(
              (dropped == 0 ? total : held + " of " + total)
                  + " held"
                  + left
                  + ", nothing "
                  + (dryRun ? "would be" : "was")
                  + " written");
      case "nothing" -> "nothing to fold back" + left;
      case "refused" ->
          palette.bad(
              promotion.path("difference").isObject()
                  ? "it is another plan by now, nothing was written"
                  : OwnChecksText.stop(promotion.path("checks"))
                      ? "a check of your own failed, nothing "
                          + (dryRun ? "would be" : "was")
                          + " written"
                      : "main refused it, nothing was written: safe to promote again");
      default -> promotion.path("outcome").asString("");
    };
  }

  private String committed() {
    JsonNode committed = promotion.path("committed");
    return committed.isNull() || committed.isMissingNode()
        ? ""
        : ", committed at " + committed.asString();
  }
}
