package dev.anabranch.trials.oracle;

import dev.anabranch.base.Identifiers;
import dev.anabranch.trials.drive.Rows;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a schema as one session sees them.
 *
 * @param tables contents by the table's name, which no scenario changes
 */
record Snapshot(Map<String, Contents> tables) {

  /** A stored column: its number outlives a rename. */
  record ColumnAt(int number, String name, String type, boolean generated, boolean inKey) {}

  /** A table's layout. */
  record Shape(String name, List<ColumnAt> columns) {
    boolean hasKey() {
      return columns.stream().anyMatch(ColumnAt::inKey);
    }

    /** The place of a column in rows of this layout, -1 when there is none of this number. */
    int place(int number) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).number() == number) {
          return i;
        }
      }
      return -1;
    }

    List<String> keyOf(List<@Nullable String> row) {
      List<String> key = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).inKey()) {
          key.add(Objects.requireNonNull(row.get(i)));
        }
      }
      return key;
    }
  }

  /** A table's rows as texts under the reader's settings. */
  record Contents(Shape shape, List<List<@Nullable String>> rows) {
    Map<List<String>, List<@Nullable String>> byKey() {
      Map<List<String>, List<@Nullable String>> byKey = new LinkedHashMap<>();
      rows.forEach(row -> byKey.put(shape.keyOf(row), row));
      return byKey;
    }
  }

  private static final String COLUMNS =
      """
      SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated <> '',
             EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey))
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = ?::text::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      ORDER BY c.relname, a.attnum
      """;

  /** The layouts of a schema's tables as they are now. */
  static List<Shape> shapes(Connection connection, String schema) throws SQLException {
    Map<String, List<ColumnAt>> columns = new LinkedHashMap<>();
    for (List<@Nullable String> row : Sql.ask(connection, COLUMNS, List.of(schema)).rows()) {
      columns
          .computeIfAbsent(
              schema + "." + Identifiers.quote(text(row, 0)), ignored -> new ArrayList<>())
          .add(
              new ColumnAt(
                  Integer.parseInt(text(row, 1)),
                  text(row, 2),
                  text(row, 3),
                  text(row, 4).equals("t"),
                  text(row, 5).equals("t")));
    }
    List<Shape> shapes = new ArrayList<>();
    columns.forEach((name, list) -> shapes.add(new Shape(name, List.copyOf(list))));
    return shapes;
  }

  /** Reads every table, as the session sees it now. */
  static Snapshot read(Connection connection, List<Shape> shapes) throws SQLException {
    Map<String, Contents> tables = new LinkedHashMap<>();
    for (Shape shape : shapes) {
      List<String> cells =
          shape.columns().stream()
              .map(column -> Identifiers.quote(column.name()) + "::text")
              .toList();
      Rows rows =
          Sql.ask(connection, "SELECT " + String.join(", ", cells) + " FROM " + shape.name());
      tables.put(shape.name(), new Contents(shape, rows.rows()));
    }
    return new Snapshot(tables);
  }

  private static String text(List<@Nullable String> row, int place) {
    return Objects.requireNonNull(row.get(place));
  }
}
