package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * An undoing for a person: the ending in a sentence, then what stays on main and why.
 *
 * @param undoing the server's JSON
 * @param dryRun whether anything could be written
 * @param palette colours
 */
record UndoText(JsonNode undoing, boolean dryRun, Palette palette) {

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(palette.strong(undoing.path("branch").asString()) + ": " + ending());
    JsonNode committed = undoing.path("committed");
    if (!committed.isNull() && !committed.isMissingNode()) {
      lines.add(palette.dim("  committed at " + committed.asString()));
    }
    for (JsonNode fact : undoing.path("facts")) {
      lines.add("");
      describe(lines, fact);
    }
    List<String> merged = new MergedText(undoing.path("merged"), true, palette).lines();
    if (!merged.isEmpty()) {
      lines.add("");
      lines.addAll(merged);
    }
    JsonNode unfired = undoing.path("unfired");
    if (!unfired.isEmpty()) {
      lines.add("");
      lines.add(
          palette.doubtful("not fired")
              + "  main's own triggers on "
              + (dryRun ? "what would be written: " : "what was written: ")
              + Words.row(unfired));
    }
    OwnChecksText.after(undoing.path("checks"), palette, lines);
    lines.add("");
    lines.add(palette.dim("receipt " + undoing.path("receipt").asString("")));
    return lines;
  }

  private String ending() {
    JsonNode units = undoing.path("units");
    String total = Words.count(units.path("total").asLong(), "unit");
    long undone = units.path("landed").asLong();
    String would = dryRun ? " would be undone" : undone == 1 ? " is undone" : " are undone";
    String stay = units.path("held").asLong() == 1 ? " stays on main" : " stay on main";
    String written = dryRun ? "would be" : "was";
    return switch (undoing.path("outcome").asString("")) {
      case "landed" -> palette.good("all of " + total + would);
      case "partial" ->
          palette.doubtful(
              undone + " of " + total + would + ", " + units.path("held").asLong() + stay);
      case "held" -> palette.doubtful(total + stay + ", nothing " + written + " written");
      case "refused" ->
          palette.bad(
              OwnChecksText.stop(undoing.path("checks"))
                  ? "a check of your own failed, nothing " + written + " written"
                  : "main refused it, nothing was written: safe to undo again");
      default -> undoing.path("outcome").asString("");
    };
  }

  private void describe(List<String> lines, JsonNode fact) {
    lines.add(
        palette.bad(fact.path("kind").asString()) + "  " + fact.path("sentence").asString(""));
    side(lines, "before", fact.path("base"));
    side(lines, "wrote", fact.path("branch"));
    side(lines, "now", fact.path("main"));
    lines.add(
        "    holds   "
            + Words.count(fact.path("units").size(), "unit")
            + ": "
            + Words.row(fact.path("units")));
  }

  private static void side(List<String> lines, String name, JsonNode side) {
    if (side.isObject() && !side.isEmpty()) {
      lines.add(String.format("    %-7s %s", name, Words.named(side)));
    }
  }
}
