package dev.anabranch.web;

import gg.jte.html.HtmlContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What a branch has changed since its fork, or main.
 *
 * @param branch the branch's name
 * @param behind whether it is main's changes
 * @param whole how many rows of which tables, and definitions
 * @param table the table whose rows are shown; empty: none
 * @param unit the unit whose rows alone are shown; empty: all
 * @param rows its first rows
 * @param more whether there are more
 */
public record ChangesPage(
    String branch,
    boolean behind,
    DiffSeen whole,
    String table,
    String unit,
    List<DiffRow> rows,
    boolean more) {

  private static final int MOST_ROWS = 200;

  /** A diff, as the API tells it. */
  public record DiffSeen(
      String forkLsn, String asOf, List<TableCounts> summary, List<Definition> schema) {
    public DiffSeen {
      summary = Promoted.all(summary);
      schema = Promoted.all(schema);
    }
  }

  /** How many rows of a table. */
  public record TableCounts(
      String table, long inserted, long updated, long deleted, @Nullable String note) {}

  /** A definition. */
  public record Definition(
      String object, String kind, @Nullable String before, @Nullable String after) {}

  /** A row, before and after. */
  public record DiffRow(
      Map<String, @Nullable String> key,
      String kind,
      @Nullable Map<String, @Nullable String> before,
      @Nullable Map<String, @Nullable String> after,
      List<Long> units) {

    /** What became of it, on one line; of a row that was changed, the cells that were. */
    public HtmlContent shown() {
      if (before == null || after == null) {
        return PageTexts.named(before == null ? after : before);
      }
      List<HtmlContent> cells = new ArrayList<>();
      after.forEach((column, value) -> {
        String was = before.get(column);
        if (!before.containsKey(column) || !Objects.equals(was, value)) {
          cells.add(
              CellText.joined(
                  column + ": ",
                  output -> {
                    CellText.amongOthers(was).writeTo(output);
                    CellText.joined(" → ", CellText.amongOthers(value)).writeTo(output);
                  }));
        }
      });
      return cells.isEmpty() ? CellText.word("as it was") : CellText.listed(cells);
    }

    /** As in the command line. */
    public String sign() {
      return switch (kind) {
        case "insert" -> "+";
        case "delete" -> "−";
        default -> "~";
      };
    }
  }

  static ChangesPage of(Visit visit) {
    String name = visit.pathPart("name");
    String path = "/branches/" + Visit.part(name) + "/diff?";
    boolean behind = visit.asked("of").filter("main"::equals).isPresent();
    String side = behind ? "behind=true&" : "";
    DiffSeen whole = visit.api().get(path + side + "schema=true", DiffSeen.class);
    String table = visit.asked("table").orElse("");
    String unit = visit.asked("unit").map(number -> "unit=" + Visit.part(number) + "&").orElse("");
    List<DiffRow> rows =
        table.isEmpty()
            ? List.of()
            : rows(visit, path + side + unit + "rows=true&table=" + Visit.part(table));
    return new ChangesPage(
        name,
        behind,
        whole,
        table,
        visit.asked("unit").orElse(""),
        rows.subList(0, Math.min(rows.size(), MOST_ROWS)),
        rows.size() > MOST_ROWS);
  }

  /** The first rows; what is sent beyond them is not waited for. */
  private static List<DiffRow> rows(Visit visit, String path) {
    List<DiffRow> rows = new ArrayList<>();
    try (InputStream sent = visit.api().open(path);
        JsonParser json = ApiCalls.JSON.createParser(sent)) {
      boolean isAtRows = false;
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.PROPERTY_NAME) {
          isAtRows = json.currentName().equals("rows");
        } else if (token == JsonToken.START_ARRAY && isAtRows) {
          while (rows.size() <= MOST_ROWS && json.nextToken() == JsonToken.START_OBJECT) {
            rows.add(ApiCalls.JSON.readValue(json, DiffRow.class));
          }
          if (rows.size() > MOST_ROWS) {
            return rows;
          }
          isAtRows = false;
        }
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException("reading a diff", e);
    }
  }

  /** The same of another table, or of none. */
  public String ofTable(String other) {
    return "/branches/"
        + Visit.part(branch)
        + "/changes"
        + (behind ? "?of=main" : "?of=branch")
        + (other.isEmpty() ? "" : "&table=" + Visit.part(other));
  }
}
