package dev.anabranch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A diff for a person, printed as it arrives: how many rows in which tables, then each of them. */
final class DiffText {

  private final Output output;
  private final Palette palette;
  private final ObjectNode head = ServerClient.JSON.createObjectNode();
  private final Set<Long> landed = new TreeSet<>();

  DiffText(Output output) {
    this.output = output;
    this.palette = output.palette();
  }

  void print(InputStream stream) throws IOException {
    try (JsonParser json = ServerClient.JSON.createParser(stream)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "tables" -> tables(json);
          case "schema" -> schema(json.readValueAsTree());
          case "landed" -> {
            JsonNode units = json.readValueAsTree();
            units.forEach(unit -> landed.add(unit.asLong()));
          }
          case "summary" -> summary(json.readValueAsTree());
          default -> head.set(field, json.<JsonNode>readValueAsTree());
        }
      }
    }
  }

  private void summary(JsonNode tables) {
    output.line(headline(tables));
    if (tables.isEmpty()) {
      return;
    }
    output.line("");
    int width = tables.valueStream().mapToInt(t -> name(t).length()).max().orElse(0);
    for (JsonNode table : tables) {
      String counts = counts(table);
      String note = table.path("note").asString("");
      output.line(
          ("  " + name(table) + " ".repeat(width - name(table).length() + 2) + counts)
                  .stripTrailing()
              + (note.isEmpty() ? "" : (counts.isEmpty() ? "" : "  ") + palette.doubtful(note)));
    }
  }

  private String headline(JsonNode tables) {
    boolean behind = head.path("behind").asBoolean();
    long rows = tables.valueStream().mapToLong(DiffText::rows).sum();
    long told = tables.valueStream().filter(table -> rows(table) > 0).count();
    String what =
        tables.isEmpty()
            ? "no row differs from the fork"
            : rows == 0
                ? "no row is told"
                : Words.count(rows, "row") + " in " + Words.count(told, "table");
    String who =
        palette.strong(behind ? "main" : head.path("branch").asString(""))
            + (behind ? " since " + head.path("branch").asString("") + " was forked" : "");
    return who
        + ": "
        + what
        + palette.dim(
            "   as of "
                + head.path("asOf").asString("")
                + ", forked at "
                + head.path("forkLsn").asString(""))
        + (head.path("task").asString("").isEmpty()
            ? ""
            : "\nfor " + head.path("task").asString(""));
  }

  private static long rows(JsonNode table) {
    return table.path("inserted").asLong()
        + table.path("updated").asLong()
        + table.path("deleted").asLong();
  }

  private static String name(JsonNode table) {
    return table.path("table").asString("");
  }

  private String counts(JsonNode table) {
    List<String> parts = new ArrayList<>();
    count(parts, table, "inserted");
    count(parts, table, "updated");
    count(parts, table, "deleted");
    return String.join(", ", parts);
  }

  private void count(List<String> parts, JsonNode table, String what) {
    long count = table.path(what).asLong();
    if (count > 0) {
      parts.add(coloured(what, String.format(Locale.ROOT, "%,d %s", count, what)));
    }
  }

  private String coloured(String kind, String text) {
    return switch (kind.charAt(0)) {
      case 'i' -> palette.good(text);
      case 'd' -> palette.bad(text);
      default -> palette.doubtful(text);
    };
  }

  private void tables(JsonParser json) {
    while (json.nextToken() == JsonToken.START_OBJECT) {
      String table = "";
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = json.currentName();
        json.nextToken();
        if ("rows".equals(field)) {
          rows(json, table);
        } else if ("table".equals(field)) {
          table = json.getString();
        }
      }
    }
  }

  private void rows(JsonParser json, String table) {
    boolean first = true;
    while (json.nextToken() == JsonToken.START_OBJECT) {
      if (first) {
        output.line("");
        output.line(palette.strong(table));
        first = false;
      }
      JsonNode row = json.readValueAsTree();
      row(row);
    }
  }

  private void row(JsonNode row) {
    String kind = row.path("kind").asString("");
    String sign =
        switch (kind) {
          case "insert" -> "+";
          case "delete" -> "-";
          default -> "~";
        };
    String named = row.path("key").isEmpty() ? "" : Words.named(row.path("key"));
    String what =
        switch (kind) {
          case "insert" -> others(row.path("after"), row.path("key"));
          case "delete" -> others(row.path("before"), row.path("key"));
          default -> changed(row);
        };
    output.line(
        "  "
            + coloured(kind, sign)
            + " "
            + palette.strong(named)
            + (named.isEmpty() || what.isEmpty() ? "" : "  ")
            + what
            + (isLanded(row) ? palette.dim("  (landed)") : ""));
  }

  private boolean isLanded(JsonNode row) {
    JsonNode units = row.path("units");
    return !units.isEmpty() && units.valueStream().allMatch(unit -> landed.contains(unit.asLong()));
  }

  private static String others(JsonNode side, JsonNode key) {
    List<String> cells = new ArrayList<>();
    side.properties()
        .forEach(cell -> {
          if (!key.has(cell.getKey())) {
            cells.add(cell.getKey() + "=" + Words.text(cell.getValue()));
          }
        });
    return String.join(", ", cells);
  }

  private static String changed(JsonNode row) {
    JsonNode before = row.path("before");
    JsonNode after = row.path("after");
    List<String> cells = new ArrayList<>();
    after
        .properties()
        .forEach(cell -> {
          JsonNode was = before.path(cell.getKey());
          if (!was.equals(cell.getValue())) {
            cells.add(
                cell.getKey()
                    + ": "
                    + (was.isMissingNode() ? "(none)" : Words.text(was))
                    + " → "
                    + Words.text(cell.getValue()));
          }
        });
    before
        .properties()
        .forEach(cell -> {
          if (!after.has(cell.getKey())) {
            cells.add(cell.getKey() + ": " + Words.text(cell.getValue()) + " → (none)");
          }
        });
    return String.join(", ", cells);
  }

  private void schema(JsonNode changes) {
    output.line("");
    if (changes.isEmpty()) {
      output.line("Nothing is defined otherwise.");
      return;
    }
    output.line(palette.strong(Words.count(changes.size(), "definition")));
    for (JsonNode change : changes) {
      boolean came = change.path("before").isNull();
      boolean went = change.path("after").isNull();
      String kind = came ? "insert" : went ? "delete" : "update";
      output.line(
          "  "
              + coloured(kind, came ? "+" : went ? "-" : "~")
              + " "
              + change.path("kind").asString("")
              + " "
              + palette.strong(change.path("object").asString("")));
      definition("    - ", change.path("before"));
      definition("    + ", change.path("after"));
    }
  }

  private void definition(String sign, JsonNode text) {
    if (!text.isNull()) {
      text.asString("").lines().forEach(line -> output.line(palette.dim(sign) + line));
    }
  }
}
