package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Cells that rules combined, for a person.
 *
 * @param cells as the server tells them
 * @param undone whether they were taken back
 * @param palette colours
 */
record MergedText(JsonNode cells, boolean undone, Palette palette) {

  /** As many as a person reads. */
  private static final int LIMIT = 20;

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (JsonNode cell : cells) {
      if (lines.size() == LIMIT) {
        lines.add("    and " + (cells.size() - LIMIT) + " more (--format json)");
        break;
      }
      List<String> key = new ArrayList<>();
      cell.path("key")
          .properties()
          .forEach(part -> key.add(part.getKey() + "=" + part.getValue().asString()));
      lines.add(
          palette.good("merged")
              + "  "
              + cell.path("column").asString()
              + " of row "
              + String.join(", ", key)
              + " of "
              + cell.path("table").asString()
              + ": "
              + cell.path("rule").asString()
              + (undone ? ", wrote " : ", was ")
              + cell.path("base").asString()
              + (undone ? ", before " : ", branch ")
              + cell.path("branch").asString()
              + (undone ? ", now " : ", main ")
              + cell.path("main").asString()
              + " → "
              + cell.path("merged").asString());
    }
    return lines;
  }
}
