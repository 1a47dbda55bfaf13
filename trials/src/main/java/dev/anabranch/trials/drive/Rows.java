package dev.anabranch.trials.drive;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A result as Postgres's texts.
 *
 * @param types for each column the name of its type where values of it have several texts, else
 *     {@code text}
 * @param names what the columns are called
 * @param rows the rows in the order they came; null stands for NULL
 */
public record Rows(List<String> types, List<String> names, List<List<@Nullable String>> rows) {

  /** Reads a result to its end. */
  public static Rows read(ResultSet results) throws SQLException {
    ResultSetMetaData metadata = results.getMetaData();
    List<String> types = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      types.add(nameOf(metadata.getColumnType(i)));
      names.add(metadata.getColumnLabel(i));
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    while (results.next()) {
      List<@Nullable String> row = new ArrayList<>();
      for (int i = 1; i <= types.size(); i++) {
        row.add(results.getString(i));
      }
      rows.add(Collections.unmodifiableList(row));
    }
    return new Rows(List.copyOf(types), List.copyOf(names), Collections.unmodifiableList(rows));
  }

  /**
   * The driver knows these by itself; asking it for a type's name makes it ask the server, which is
   * one more answer.
   */
  private static String nameOf(int sqlType) {
    return switch (sqlType) {
      case Types.NUMERIC -> "numeric";
      case Types.REAL -> "float4";
      case Types.DOUBLE -> "float8";
      default -> "text";
    };
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
