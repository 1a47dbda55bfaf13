package dev.anabranch.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A check for a person: what changed first, then what can't be told, then how the rest was proved.
 *
 * @param check the server's JSON
 * @param palette colours
 */
record CheckText(JsonNode check, Palette palette) {

  private static final int MOST_ROWS_NAMED = 3;

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(headline());
    section(lines, "changed");
    section(lines, "undecided");
    holds(lines);
    lookUps(lines);
    withheld(lines);
    return lines;
  }

  private String headline() {
    JsonNode counts = check.path("counts");
    long holds = counts.path("holds").asLong();
    long all = holds + counts.path("changed").asLong() + counts.path("undecided").asLong();
    return palette.strong(check.path("branch").asString())
        + ": "
        + (all == 0
            ? "nothing was asked yet"
            : holds
                + " of "
                + Words.count(all, "answer")
                + " still "
                + (holds == 1 ? "holds" : "hold"))
        + palette.dim(
            "   as of "
                + check.path("asOf").asString()
                + ", forked at "
                + check.path("forkLsn").asString());
  }

  private void section(List<String> lines, String verdict) {
    List<JsonNode> answers = answersThat(verdict);
    if (answers.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(colour(verdict, check.path("counts").path(verdict).asLong() + " " + verdict));
    answers(lines, verdict, answers);
  }

  private void answers(List<String> lines, String verdict, List<JsonNode> answers) {
    for (JsonNode answer : answers) {
      lines.add(
          "  " + palette.strong("#" + answer.path("id").asLong()) + "  " + Words.statement(answer));
      lines.add("      " + outcome(verdict, answer));
      if (answer.hasNonNull("nextFlip")) {
        lines.add(
            palette.dim(
                "      can change on its own "
                    + Words.from(
                        Instant.parse(answer.path("nextFlip").asString()), Instant.now())));
      }
      evidence(lines, answer.path("evidence"));
    }
  }

  private String outcome(String verdict, JsonNode answer) {
    String reason = palette.dim(answer.path("reason").asString(""));
    boolean rows = !answer.path("was").isEmpty() || !answer.path("effect").asBoolean();
    return "changed".equals(verdict) && rows
        ? Words.rows(answer.path("was"))
            + " → "
            + palette.bad(Words.rows(answer.path("now")))
            + "   "
            + reason
        : reason;
  }

  private void evidence(List<String> lines, JsonNode evidence) {
    int shown = 0;
    for (JsonNode row : evidence) {
      if (shown++ == MOST_ROWS_NAMED) {
        lines.add(
            palette.dim(
                "      … and " + Words.count(evidence.size() - MOST_ROWS_NAMED, "more row")));
        return;
      }
      lines.add(
          palette.dim(
              "      because of "
                  + row.path("change").asString()
                  + " in "
                  + row.path("table").asString()
                  + ": "
                  + Words.named(row.path("key"))));
    }
  }

  private void holds(List<String> lines) {
    long holds = check.path("counts").path("holds").asLong();
    if (holds == 0) {
      return;
    }
    lines.add("");
    lines.add(colour("holds", holds + (holds == 1 ? " holds" : " hold")));
    check
        .path("proofs")
        .properties()
        .forEach(proof ->
            lines.add(
                String.format("  %5d  %s", proof.getValue().asLong(), meaning(proof.getKey()))));
    answers(lines, "holds", answersThat("holds"));
  }

  private void lookUps(List<String> lines) {
    long left = check.path("lookUps").asLong();
    if (left > 0) {
      lines.add("");
      lines.add(palette.dim(Words.count(left, "look-up") + " in the catalogs left out"));
    }
  }

  private void withheld(List<String> lines) {
    for (JsonNode kept : check.path("withheld")) {
      String task = kept.path("task").asString("");
      long id = kept.path("answer").asLong();
      lines.add("");
      lines.add(
          palette.doubtful(
              "Session "
                  + kept.path("session").asString()
                  + (task.isEmpty() ? "" : " (task '" + task + "')")
                  + " kept "
                  + Words.count(kept.path("count").asLong(), "answer")
                  + " out of the ledger; what it wrote from then on is held unless promoted with"
                  + " --accept "
                  + id
                  + "."));
    }
  }

  private static String meaning(String proof) {
    return switch (proof) {
      case "untouched" -> "untouched: nothing they read was changed";
      case "columns" -> "columns: only columns that they don't read were changed";
      case "predicate" -> "predicate: no changed row matches, old version or new";
      case "net" -> "net: what changed was changed back";
      case "rule" -> "rule: the changed rows add up to the same";
      case "rerun" -> "rerun: asked again on main now, and equal";
      default -> proof;
    };
  }

  private List<JsonNode> answersThat(String verdict) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode answer : check.path("answers")) {
      if (verdict.equals(answer.path("verdict").asString())) {
        found.add(answer);
      }
    }
    return found;
  }

  private String colour(String verdict, String text) {
    return switch (verdict) {
      case "holds" -> palette.good(text);
      case "changed" -> palette.bad(text);
      default -> palette.doubtful(text);
    };
  }
}
