package dev.anabranch.promote.apply;

import dev.anabranch.base.Identifiers;
import dev.anabranch.promote.plan.MainTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * A set of rows as columns of text, so that one statement carries any number of them: {@code
 * unnest} of one text array for each column, each cast to its type where it is used.
 *
 * <p>Text and casts by input function, and no typed parameters: a cell is what the type's output
 * function said, and only the input function is its inverse. The cast is to the bare type; the
 * column's own length is enforced by assignment, which fails where an explicit cast would cut off.
 */
final class Keyed {

  private final List<String> names = new ArrayList<>();
  private final List<List<@Nullable String>> columns = new ArrayList<>();

  /** Adds a column, one value for each row. */
  Keyed column(String name, List<@Nullable String> values) {
    names.add(name);
    columns.add(values);
    return this;
  }

  /** {@code unnest(?::text[], …) WITH ORDINALITY AS v(…, n)}. */
  String source() {
    return "unnest("
        + names.stream().map(name -> "?::text[]").collect(Collectors.joining(", "))
        + ") WITH ORDINALITY AS v("
        + String.join(", ", names)
        + ", n)";
  }

  /** A statement whose first parameters are the rows, and whose results are Postgres's own text. */
  PreparedStatement prepare(Connection connection, String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      statement.unwrap(PGStatement.class).setPrepareThreshold(0);
      for (int i = 0; i < columns.size(); i++) {
        statement.setArray(i + 1, connection.createArrayOf("text", columns.get(i).toArray()));
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }

  /**
   * {@code r."id" = v.k0::int4 AND …}: finds rows by key, when the key's columns were added as k0,
   * k1, ….
   */
  static String keyCondition(MainTable table, List<Integer> keyColumns) {
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < keyColumns.size(); i++) {
      int column = keyColumns.get(i);
      conditions.add(
          "r."
              + quoted(table, column)
              + " "
              + table.equalities().getOrDefault(column, "=")
              + " "
              + cast("k" + i, table, column));
    }
    return String.join(" AND ", conditions);
  }

  /**
   * Finds rows by key; those of a table without one by where they are and by all that they hold,
   * since a table that was written anew has other rows in the same places.
   */
  static String rowCondition(MainTable table, List<Integer> keyColumns) {
    return keyColumns.isEmpty()
        ? "r.ctid = v.k0::tid AND " + content(table) + " = v.k1"
        : keyCondition(table, keyColumns);
  }

  /** A digest of all that a row holds, by the types' own output functions. */
  static String content(MainTable table) {
    return table.shape().columns().stream()
        .map(column -> text("r." + quoted(table, column.number())))
        .collect(Collectors.joining(", ", "md5(ARRAY[", "]::text)"));
  }

  /** An expression's text as images have it, which a cast of some types to text is not. */
  static String text(String expression) {
    return "CASE WHEN "
        + expression
        + " IS DISTINCT FROM NULL THEN format('%s', "
        + expression
        + ") END";
  }

  static String cast(String name, MainTable table, int column) {
    String type = table.types().get(column);
    if (type == null) {
      throw new IllegalStateException(table.shape().qualifiedName() + " has no column " + column);
    }
    return "v." + name + "::" + type;
  }

  static String quoted(MainTable table, int column) {
    return Identifiers.quote(table.columnName(column));
  }
}
