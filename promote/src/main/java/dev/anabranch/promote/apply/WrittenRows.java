package dev.anabranch.promote.apply;

import dev.anabranch.base.Cell;
import dev.anabranch.promote.plan.CellValue;
import dev.anabranch.promote.plan.Cells;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Row;
import dev.anabranch.promote.plan.RowChange;
import dev.anabranch.promote.plan.Written;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Tells what a statement made of main's rows, from what it was told to do and what it returned. */
final class WrittenRows {

  private WrittenRows() {}

  /**
   * Executes a statement that returns the rows it wrote: first the number of each, or 0 where they
   * come in order, then some columns.
   */
  static List<Row> read(PreparedStatement statement, List<Integer> columns) throws SQLException {
    Function<List<Cell>, Cells> reader = Cells.reader(columns);
    NavigableMap<Integer, Row> rows = new TreeMap<>();
    try (ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        int number = result.getInt(1);
        List<Cell> cells = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
          cells.add(Cell.of(result.getString(i + 2)));
        }
        rows.put(number == 0 ? rows.size() + 1 : number, new Row(reader.apply(cells)));
      }
    }
    return List.copyOf(rows.values());
  }

  /**
   * @param changes what was to be done
   * @param became the returned rows in the same order, of deletes none
   */
  static List<Written> of(
      MainTable table, List<Integer> keyColumns, List<RowChange> changes, List<Row> became) {
    List<Written> written = new ArrayList<>(changes.size());
    for (int i = 0; i < changes.size(); i++) {
      written.add(
          switch (changes.get(i)) {
            case RowChange.Delete delete ->
                new Written.Deleted(table.id(), delete.before().row(), delete.units());
            case RowChange.Insert insert ->
                new Written.Inserted(
                    table.id(), spelled(table, insert.cells(), became.get(i)), insert.units());
            case RowChange.Update update -> updated(table, keyColumns, update, became.get(i));
          });
    }
    return written;
  }

  private static Written updated(
      MainTable table, List<Integer> keyColumns, RowChange.Update update, Row became) {
    Row before = update.before().row();
    NavigableMap<Integer, CellValue> after = new TreeMap<>(before.values());
    Row told = spelled(table, update.cells(), became);
    update.cells().keySet().forEach(column -> after.put(column, told.value(column)));
    if (keyColumns.isEmpty()) {
      return new Written.Updated(table.id(), before, new Row(after), update.units());
    }
    Collection<Integer> kept = new TreeSet<>(keyColumns);
    kept.addAll(update.cells().keySet());
    after.keySet().retainAll(kept);
    Row was = new Row(before.values().only(kept::contains));
    return new Written.Updated(table.id(), was, new Row(after), update.units());
  }

  /** Names of objects are spelled by the search_path: as they were asked for, not as returned. */
  private static Row spelled(MainTable table, Cells asked, Row returned) {
    List<Integer> named =
        asked.keySet().stream()
            .filter(column -> table.types().getOrDefault(column, "").startsWith("reg"))
            .toList();
    return named.isEmpty()
        ? returned
        : returned.with(named, named.stream().map(new Row(asked)::value).toList());
  }
}
