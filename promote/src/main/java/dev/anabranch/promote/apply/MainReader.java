package dev.anabranch.promote.apply;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Key;
import dev.anabranch.promote.plan.Cells;
import dev.anabranch.promote.plan.MainRow;
import dev.anabranch.promote.plan.MainRows;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Row;
import dev.anabranch.promote.plan.RowRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of main by key, under {@link dev.anabranch.base.TextForm}, on a connection prepared by
 * {@link MainSession}.
 */
final class MainReader {

  private static final int ROWS_PER_STATEMENT = 5_000;

  private MainReader() {}

  /** Reads the rows that exist among those of the keys. */
  static void read(
      Connection connection,
      MainTable table,
      List<Integer> keyColumns,
      Collection<Key> keys,
      MainRows into)
      throws SQLException {
    List<Key> all = List.copyOf(keys);
    for (int from = 0; from < all.size(); from += ROWS_PER_STATEMENT) {
      List<Key> some = all.subList(from, Math.min(all.size(), from + ROWS_PER_STATEMENT));
      readWhatIsAKey(connection, table, keyColumns, some, into);
    }
  }

  /**
   * A key of the branch need not be one on main: a regclass, say, of a table that main has renamed.
   */
  private static void readWhatIsAKey(
      Connection connection,
      MainTable table,
      List<Integer> keyColumns,
      List<Key> keys,
      MainRows into)
      throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    try {
      readRows(connection, table, keyColumns, keys, into.found());
      connection.releaseSavepoint(savepoint);
      return;
    } catch (SQLException e) {
      if (!MainRefusal.isOfTheRow(e)) {
        throw e;
      }
      connection.rollback(savepoint);
      if (keys.size() == 1) {
        into.refused().put(new RowRef(table.id(), keys.getFirst()), MainRefusal.words(e));
        return;
      }
    }
    int middle = keys.size() / 2;
    readWhatIsAKey(connection, table, keyColumns, keys.subList(0, middle), into);
    readWhatIsAKey(connection, table, keyColumns, keys.subList(middle, keys.size()), into);
  }

  private static void readRows(
      Connection connection,
      MainTable table,
      List<Integer> keyColumns,
      List<Key> keys,
      Map<RowRef, MainRow> into)
      throws SQLException {
    List<Column> columns = table.shape().columns();
    RowReader rows = RowReader.of(columns, 3);
    Keyed keyed = withKeys(new Keyed(), keyColumns, keys.size(), keys::get);
    String sql =
        "SELECT v.n, r.xmin, "
            + columns.stream()
                .map(column -> "r." + Keyed.quoted(table, column.number()))
                .collect(Collectors.joining(", "))
            + " FROM "
            + keyed.source()
            + " JOIN ONLY "
            + table.shape().quotedName()
            + " AS r ON "
            + Keyed.keyCondition(table, keyColumns);
    try (PreparedStatement statement = keyed.prepare(connection, sql);
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        Key key = keys.get(result.getInt(1) - 1);
        into.put(new RowRef(table.id(), key), new MainRow(text(result, 2), rows.read(result)));
      }
    }
  }

  /**
   * Reads the rows of a table without a key that hold the same as rows of the branch. Only columns
   * that both sides know are compared.
   */
  static void readCopies(
      Connection connection,
      MainTable table,
      List<Integer> compared,
      Collection<Row> contents,
      MainRows into)
      throws SQLException {
    List<Row> all = List.copyOf(contents);
    Keyed keyed = new Keyed();
    for (int i = 0; i < compared.size(); i++) {
      int column = compared.get(i);
      List<@Nullable String> values = new ArrayList<>();
      all.forEach(row -> values.add(row.cell(column).text()));
      keyed.column("c" + i, values);
    }
    List<Column> columns = table.shape().columns();
    RowReader rows = RowReader.of(columns, 5);
    String sql =
        "SELECT v.n, r.ctid, "
            + Keyed.content(table)
            + ", r.xmin, "
            + columns.stream()
                .map(column -> "r." + Keyed.quoted(table, column.number()))
                .collect(Collectors.joining(", "))
            + " FROM "
            + keyed.source()
            + " JOIN ONLY "
            + table.shape().quotedName()
            + " AS r ON "
            + compared.stream()
                .map(column -> Keyed.text("r." + Keyed.quoted(table, column)))
                .collect(Collectors.joining(", ", "ARRAY[", "]"))
            + " = "
            + IntStream.range(0, compared.size())
                .mapToObj(i -> "v.c" + i)
                .collect(Collectors.joining(", ", "ARRAY[", "]"));
    try (PreparedStatement statement = keyed.prepare(connection, sql);
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        Key place = new Key(List.of(text(result, 2), text(result, 3)));
        into.copies()
            .computeIfAbsent(
                new MainRows.Content(table.id(), all.get(result.getInt(1) - 1)),
                _ -> new ArrayList<>())
            .add(new MainRows.Copy(place, new MainRow(text(result, 4), rows.read(result))));
      }
    }
  }

  /** Reads rows whose columns begin at some place of a result. */
  private record RowReader(int width, int first, Function<List<Cell>, Cells> cells) {

    static RowReader of(List<Column> columns, int first) {
      return new RowReader(
          columns.size(), first, Cells.reader(columns.stream().map(Column::number).toList()));
    }

    Row read(ResultSet result) throws SQLException {
      List<Cell> row = new ArrayList<>(width);
      for (int i = 0; i < width; i++) {
        row.add(Cell.of(result.getString(i + first)));
      }
      return new Row(cells.apply(row));
    }
  }

  /** Adds the columns k0, k1, …; a table without a key has two, {@link Keyed#rowCondition}. */
  static Keyed withKeys(Keyed keyed, List<Integer> keyColumns, int count, IntFunction<Key> keyOf) {
    for (int i = 0; i < (keyColumns.isEmpty() ? 2 : keyColumns.size()); i++) {
      List<String> values = new ArrayList<>(count);
      for (int row = 0; row < count; row++) {
        values.add(keyOf.apply(row).values().get(i));
      }
      keyed.column("k" + i, new ArrayList<>(values));
    }
    return keyed;
  }

  private static String text(ResultSet result, int index) throws SQLException {
    String text = result.getString(index);
    if (text == null) {
      throw new SQLException("a row of main has no version");
    }
    return text;
  }
}
