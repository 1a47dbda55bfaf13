package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What came of one's own checks, for a person: one line each, and the rows that stand against it.
 *
 * @param checks the server's JSON
 * @param palette colours
 */
record OwnChecksText(JsonNode checks, Palette palette) {

  /** Whether nothing could land because of them. */
  static boolean stop(JsonNode checks) {
    for (JsonNode check : checks) {
      String outcome = check.path("outcome").asString("");
      if (outcome.equals("failed") || outcome.equals("error")) {
        return true;
      }
    }
    return false;
  }

  /** Adds them to what is told of a promotion. */
  static void after(JsonNode checks, Palette palette, List<String> lines) {
    if (!checks.isEmpty()) {
      lines.add("");
      lines.addAll(new OwnChecksText(checks, palette).lines());
    }
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (JsonNode check : checks) {
      String outcome = check.path("outcome").asString("");
      String name = check.path("name").asString("");
      String time = palette.dim("  " + check.path("millis").asLong() + " ms");
      switch (outcome) {
        case "passed" -> lines.add(palette.good("check passed") + "   " + name + time);
        case "failed" -> {
          lines.add(palette.bad("check failed") + "   " + name + time + ", it returned rows:");
          rows(check, lines);
        }
        case "error" ->
            lines.add(
                palette.bad("check failed")
                    + "   "
                    + name
                    + time
                    + ": "
                    + check.path("sentence").asString(""));
        default -> lines.add(palette.doubtful("check " + outcome) + "  " + name);
      }
    }
    return lines;
  }

  private static void rows(JsonNode check, List<String> lines) {
    lines.add("    " + Words.row(check.path("columns")));
    check.path("rows").forEach(row -> lines.add("    " + Words.row(row)));
    if (check.path("more").asBoolean()) {
      lines.add("    and more");
    }
  }
}
