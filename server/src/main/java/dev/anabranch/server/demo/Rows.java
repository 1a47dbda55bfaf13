package dev.anabranch.server.demo;

import dev.anabranch.server.demo.DemoStep.Ask;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one asking of a question gave, as text.
 *
 * @param rows in the order they came
 */
record Rows(List<List<@Nullable String>> rows) {

  static Rows ask(Connection connection, Ask ask) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ask.sql())) {
      for (int i = 0; i < ask.parameters().size(); i++) {
        statement.setObject(i + 1, ask.parameters().get(i));
      }
      List<List<@Nullable String>> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          List<@Nullable String> row = new ArrayList<>();
          for (int c = 1; c <= columns; c++) {
            row.add(result.getString(c));
          }
          rows.add(row);
        }
      }
      return new Rows(rows);
    }
  }

  /**
   * Whether it is the same answer: row by row where the question orders them, else in any order.
   */
  boolean sameAs(Rows other, boolean ordered) {
    return ordered ? rows.equals(other.rows) : sorted().equals(other.sorted());
  }

  private List<List<@Nullable String>> sorted() {
    List<List<@Nullable String>> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparing(List::toString));
    return sorted;
  }
}
