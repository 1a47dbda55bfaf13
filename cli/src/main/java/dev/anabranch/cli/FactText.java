package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Facts for a person: each with its sentence, its rows, what it holds, and what to type.
 *
 * @param branch the branch's name
 * @param command what is typed to decide
 * @param known the choices that it knows; empty for all
 * @param palette colours
 */
record FactText(String branch, String command, List<String> known, Palette palette) {

  /** What a promotion asks. */
  FactText(String branch, Palette palette) {
    this(branch, "promote", List.of(), palette);
  }

  /** As much of a state as tells it from the next one. */
  private static final int STATE_SHOWN = 6;

  List<String> lines(JsonNode fact) {
    List<String> lines = new ArrayList<>();
    boolean isOpen = !fact.path("decided").isObject();
    String kind = fact.path("kind").asString();
    lines.add(
        (isOpen ? palette.bad(kind) : palette.good(kind))
            + "  "
            + palette.dim(fact.path("id").asString(""))
            + (fact.path("id").asString("").isEmpty() ? "" : "  ")
            + sentence(fact));
    JsonNode key = fact.path("key");
    if (key.isObject()) {
      lines.add("    row     " + fact.path("table").asString("") + " " + Words.named(key));
    }
    side(lines, "base", fact);
    side(lines, "branch", fact);
    side(lines, "main", fact);
    if (!fact.path("units").isEmpty()) {
      lines.add(
          (isOpen ? "    holds   " : "    units   ")
              + Words.count(fact.path("units").size(), "unit")
              + ": "
              + Words.row(fact.path("units")));
    }
    rerun(lines, fact.path("rerun"));
    if (isOpen) {
      choices(lines, fact);
    } else {
      decided(lines, fact);
    }
    return lines;
  }

  private void choices(List<String> lines, JsonNode fact) {
    for (JsonNode choice : fact.path("choices")) {
      if (!known.isEmpty() && !known.contains(choice.asString())) {
        continue;
      }
      String what =
          switch (choice.asString()) {
            case "value" -> "value:'{" + cells(fact) + "}'";
            default -> choice.asString();
          };
      lines.add("    decide  " + command(fact, what));
    }
  }

  /** What is to be typed; with the state that is shown here, so that no other is decided. */
  private String command(JsonNode fact, String choice) {
    return "anabranch "
        + command
        + " "
        + branch
        + " --decide "
        + named(fact, choice)
        + "="
        + choice;
  }

  /** What the transaction wrote, beside what it would write if it were executed again. */
  private static void rerun(List<String> lines, JsonNode rerun) {
    if (!rerun.isObject()) {
      return;
    }
    if (!rerun.path("offered").asBoolean()) {
      lines.add("    rerun   not offered: " + rerun.path("why").asString(""));
      return;
    }
    if (rerun.path("rows").isEmpty()) {
      lines.add("    rerun   would write nothing");
    }
    for (JsonNode row : rerun.path("rows")) {
      lines.add(
          "    rerun   "
              + row.path("table").asString("")
              + (row.path("key").isEmpty() ? "" : " " + Words.named(row.path("key")))
              + ": wrote "
              + done(row.path("wrote"))
              + "; would write "
              + done(row.path("writes")));
    }
    if (rerun.path("more").asInt() > 0) {
      lines.add("    rerun   and " + Words.count(rerun.path("more").asInt(), "more row"));
    }
    for (JsonNode told : rerun.path("tells")) {
      lines.add(
          "    rerun   answer "
              + told.path("answer").asLong()
              + " told "
              + told.path("was").asString("")
              + "; would tell "
              + told.path("now").asString(""));
    }
  }

  private static String done(JsonNode cells) {
    if (!cells.isObject()) {
      return "nothing";
    }
    String kind = cells.path("kind").asString("");
    return switch (kind) {
      case "update" -> Words.named(cells.path("cells"));
      case "insert" -> "a new row, " + Words.named(cells.path("cells"));
      default -> "that it is deleted";
    };
  }

  private static String named(JsonNode fact, String choice) {
    String state =
        choice.equals("rerun")
            ? fact.path("rerun").path("state").asString("")
            : fact.path("state").asString("");
    return fact.path("id").asString("")
        + (state.isEmpty() ? "" : "@" + state.substring(0, Math.min(STATE_SHOWN, state.length())));
  }

  private static String cells(JsonNode fact) {
    List<String> cells = new ArrayList<>();
    fact.path("branch")
        .properties()
        .forEach(cell -> {
          if (!fact.path("key").has(cell.getKey())) {
            cells.add("\"" + cell.getKey() + "\":\"…\"");
          }
        });
    return String.join(",", cells);
  }

  private void decided(List<String> lines, JsonNode fact) {
    JsonNode decided = fact.path("decided");
    StringBuilder words = new StringBuilder(decided.path("choice").asString(""));
    for (String cells : List.of("value", "columns")) {
      if (!decided.path(cells).isEmpty()) {
        words.append(' ').append(Words.named(decided.path(cells)));
      }
    }
    words.append(", by ").append(decided.path("who").asString(""));
    String why = decided.path("why").asString("");
    if (!why.isEmpty()) {
      words.append(": ").append(why);
    }
    lines.add("    decided " + palette.strong(words.toString()));
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
