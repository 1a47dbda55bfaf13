package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A sync for a person: the ending in a sentence, then what came along and what did not.
 *
 * @param synced the server's JSON
 * @param palette colours
 */
record SyncText(JsonNode synced, Palette palette) {

  /** As many as a person reads. */
  private static final int LIMIT = 20;

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    String name = synced.path("branch").asString();
    boolean held = synced.path("outcome").asString("").equals("held");
    lines.add(palette.strong(name) + ": " + (held ? held() : ending()));
    lines.add(palette.dim("  answers checked as of " + synced.path("asOf").asString("")));
    if (held) {
      FactText text =
          new FactText(name, "branch sync", List.of("accept", "drop", "branch"), palette);
      for (JsonNode fact : synced.path("facts")) {
        lines.add("");
        lines.addAll(text.lines(fact));
      }
      return lines;
    }
    answers(lines);
    units(lines);
    renumbered(lines);
    return lines;
  }

  private String held() {
    long open =
        synced.path("facts").valueStream().filter(fact -> !fact.path("decided").isObject()).count();
    return Words.count(open, "fact") + " to decide first, nothing was changed";
  }

  private String ending() {
    return synced.path("dryRun").asBoolean()
        ? "could be moved onto main as it is now; nothing was changed"
        : "is on main as of "
            + synced.path("now").path("lsn").asString("")
            + " (was "
            + synced.path("before").path("lsn").asString("")
            + ")";
  }

  private void answers(List<String> lines) {
    JsonNode answers = synced.path("answers");
    JsonNode before = synced.path("counts");
    lines.add(
        "  answers  "
            + before.path("holds").asInt()
            + " held, "
            + before.path("changed").asInt()
            + " changed, "
            + before.path("undecided").asInt()
            + " undecided; "
            + answers.path("carried").asInt()
            + " carried over");
    for (JsonNode left : answers.path("left")) {
      lines.add(
          "  left     "
              + Words.count(left.path("answers").size(), "answer")
              + ", "
              + left.path("why").asString("")
              + ": "
              + Words.row(left.path("answers")));
    }
    if (!answers.path("accepted").isEmpty()) {
      lines.add(
          "  accepted  work rests on "
              + Words.row(answers.path("accepted"))
              + ", which stayed behind");
    }
  }

  private void units(List<String> lines) {
    JsonNode units = synced.path("units");
    List<String> parts = new ArrayList<>();
    parts.add(units.path("carried").asInt() + " carried over");
    if (units.path("dropped").asInt() > 0) {
      parts.add(units.path("dropped").asInt() + " dropped");
    }
    if (units.path("landed").asInt() > 0) {
      parts.add(units.path("landed").asInt() + " on main already");
    }
    lines.add("  units    " + String.join(", ", parts));
  }

  private void renumbered(List<String> lines) {
    int told = 0;
    for (JsonNode row : synced.path("renumbered")) {
      if (told++ == LIMIT) {
        lines.add("  and " + (synced.path("renumbered").size() - LIMIT) + " more (--format json)");
        break;
      }
      lines.add(
          "  number   "
              + row.path("table").asString("")
              + " "
              + Words.named(row.path("from"))
              + " is "
              + Words.named(row.path("to"))
              + " now");
    }
  }
}
