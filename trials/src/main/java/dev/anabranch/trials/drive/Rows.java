package dev.anabranch.trials.drive;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A result as Postgres's texts.
 *
 * @param types the type's name for each column
 * @param rows the rows in the order they came; null stands for NULL
 */
public record Rows(List<String> types, List<List<@Nullable String>> rows) {

  /** Reads a result to its end. */
  public static Rows read(ResultSet results) throws SQLException {
    ResultSetMetaData metadata = results.getMetaData();
    List<String> types = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      types.add(metadata.getColumnTypeName(i));
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    while (results.next()) {
      List<@Nullable String> row = new ArrayList<>();
      for (int i = 1; i <= types.size(); i++) {
        row.add(results.getString(i));
      }
      rows.add(Collections.unmodifiableList(row));
    }
    return new Rows(List.copyOf(types), Collections.unmodifiableList(rows));
  }

  /** The rows as a person writes them: cells separated by commas, rows by semicolons. */
  public String inWords() {
    StringBuilder words = new StringBuilder();
    for (List<@Nullable String> row : rows) {
      if (!words.isEmpty()) {
        words.append("; ");
      }
      List<String> cells = new ArrayList<>();
      for (String cell : row) {
        cells.add(cell == null ? "NULL" : cell);
      }
      words.append(String.join(", ", cells));
    }
    return words.toString();
  }
}
