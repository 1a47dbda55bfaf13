package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A receipt for a person.
 *
 * @param receipt as the server keeps it
 * @param palette colours
 */
record ReceiptText(JsonNode receipt, Palette palette) {

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    String undoes = receipt.path("undoes").asString("");
    lines.add(
        palette.strong("receipt " + receipt.path("id").asString())
            + ": "
            + (undoes.isEmpty() ? "promotion" : "undoing")
            + " of "
            + (undoes.isEmpty() ? receipt.path("branch").asString() : "receipt " + undoes)
            + (receipt.path("dryRun").asBoolean() ? ", dry run" : "")
            + ", "
            + receipt.path("outcome").asString());
    lines.add(
        palette.dim(
            "  ended "
                + receipt.path("endedAt").asString()
                + ", as of "
                + receipt.path("asOf").asString()
                + ", committed at "
                + Words.orDash(receipt.path("committed"))));
    units(lines, "landed");
    units(lines, "held");
    for (JsonNode table : receipt.path("tables")) {
      lines.add(
          "  "
              + table.path("table").asString()
              + ": "
              + table.path("inserted").asLong()
              + " inserted, "
              + table.path("updated").asLong()
              + " updated, "
              + table.path("deleted").asLong()
              + " deleted");
    }
    new TaskText(receipt.path("branch").asString(""), palette)
        .lines(receipt.path("tasks"), receipt.path("dryRun").asBoolean()).stream()
            .skip(1)
            .forEach(line -> lines.add("  " + line));
    new MergedText(receipt.path("merged"), !undoes.isEmpty(), palette)
        .lines()
        .forEach(line -> lines.add("  " + line));
    for (JsonNode fact : receipt.path("facts")) {
      lines.add("  " + palette.bad("held") + "  " + fact.path("sentence").asString(""));
    }
    new OwnChecksText(receipt.path("checks"), palette)
        .lines()
        .forEach(line -> lines.add("  " + line));
    String until = receipt.path("undoUntil").asString("");
    if (!until.isEmpty()) {
      lines.add(palette.dim("  can be undone until " + until));
    }
    return lines;
  }

  private void units(List<String> lines, String what) {
    JsonNode units = receipt.path(what);
    lines.add(
        "  "
            + Words.count(units.size(), "unit")
            + " "
            + what
            + (units.isEmpty() ? "" : ": " + Words.row(units)));
  }
}
