package dev.anabranch.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Turns pieces of the server's JSON into short text. */
final class Words {

  private static final int LONGEST_STATEMENT = 100;
  private static final int MOST_ROWS = 5;
  private static final List<String> BYTES = List.of("B", "kB", "MB", "GB", "TB");
  private static final double BYTES_STEP = 1024;
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm x", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Words() {}

  /** A statement on one line, cut where it gets long. */
  static String statement(JsonNode answer) {
    String sql = answer.path("sql").asString("").strip().replaceAll("\\s+", " ");
    if (sql.isEmpty()) {
      return "(its text is not kept)";
    }
    String cut =
        sql.length() <= LONGEST_STATEMENT ? sql : sql.substring(0, LONGEST_STATEMENT - 1) + "…";
    List<String> parameters = new ArrayList<>();
    for (JsonNode parameter : answer.path("params")) {
      parameters.add(text(parameter));
    }
    return parameters.isEmpty() ? cut : cut + "  [" + String.join(", ", parameters) + "]";
  }

  /** {@code 47}, or {@code 17, open | 18, paid}; rows beyond the first few are counted. */
  static String rows(JsonNode rows) {
    if (rows.isNull() || rows.isMissingNode()) {
      return "(not kept)";
    }
    if (rows.isEmpty()) {
      return "(no rows)";
    }
    List<String> shown = new ArrayList<>();
    for (JsonNode row : rows) {
      if (shown.size() == MOST_ROWS) {
        shown.add("… " + (rows.size() - MOST_ROWS) + " more");
        break;
      }
      shown.add(row(row));
    }
    return String.join(" | ", shown);
  }

  static String row(JsonNode row) {
    List<String> cells = new ArrayList<>();
    for (JsonNode cell : row) {
      cells.add(text(cell));
    }
    return String.join(", ", cells);
  }

  /** {@code id=9001}, or {@code order_id=1, line=2}. */
  static String named(JsonNode cells) {
    List<String> parts = new ArrayList<>();
    cells.properties().forEach(e -> parts.add(e.getKey() + "=" + text(e.getValue())));
    return String.join(", ", parts);
  }

  /** {@code from 2026-12-01 00:00 +00}, in whole minutes; or that it may be by now. */
  static String from(Instant moment, Instant now) {
    return moment.isAfter(now) ? "from " + MINUTE.format(moment) : "at any moment";
  }

  static String text(JsonNode value) {
    return value.isNull() || value.isMissingNode() ? "NULL" : value.asString();
  }

  /** A text, or a dash where the server has none. */
  static String orDash(JsonNode value) {
    return value.isNull() || value.isMissingNode() || value.asString().isEmpty()
        ? "-"
        : value.asString();
  }

  /** The same of a value that may be several with names of their own. */
  static String sectionOrDash(JsonNode value) {
    return value.isObject() ? named(value) : orDash(value);
  }

  /** {@code 1.4 MB}, or a dash where the server does not tell. */
  static String bytes(JsonNode value) {
    if (!value.isNumber()) {
      return "-";
    }
    double shown = value.asDouble();
    int unit = 0;
    while (shown >= BYTES_STEP && unit < BYTES.size() - 1) {
      shown /= BYTES_STEP;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", shown, BYTES.get(unit));
  }

  /** {@code 1 answer}, {@code 2 answers}. */
  static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }
}
