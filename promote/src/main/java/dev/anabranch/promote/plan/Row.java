package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One row by column number, so that it reads the same on the branch and on main whatever its
 * columns are called.
 *
 * @param values by {@code attnum}
 */
public record Row(NavigableMap<Integer, CellValue> values) {

  public Row {
    values = Collections.unmodifiableNavigableMap(new TreeMap<>(values));
  }

  /** A row of which every cell is known. */
  public static Row ofCells(Map<Integer, Cell> cells) {
    NavigableMap<Integer, CellValue> values = new TreeMap<>();
    cells.forEach((column, cell) -> values.put(column, CellValue.of(cell)));
    return new Row(values);
  }

  /** An image under its layout. */
  public static Row of(TableShape layout, Image image) {
    NavigableMap<Integer, Cell> cells = new TreeMap<>();
    for (int i = 0; i < layout.columns().size(); i++) {
      cells.put(layout.columns().get(i).number(), image.cells().get(i));
    }
    return ofCells(cells);
  }

  /** What a column is to hold, NULL for one that this row does not have. */
  public CellValue value(int column) {
    return values.getOrDefault(column, CellValue.none());
  }

  /** A cell, NULL for a column that this row does not have. */
  public Cell cell(int column) {
    return value(column).cell();
  }

  /** The values of some columns, or empty when one of them is NULL. */
  public Optional<List<String>> values(List<Integer> columns) {
    List<String> values = new ArrayList<>();
    for (int column : columns) {
      String text = cell(column).text();
      if (text == null) {
        return Optional.empty();
      }
      values.add(text);
    }
    return Optional.of(List.copyOf(values));
  }

  /** The row's key. */
  public Key key(List<Integer> keyColumns) {
    return new Key(
        values(keyColumns).orElseThrow(() -> new IllegalStateException("NULL in a key column")));
  }

  /** This row with other values in some columns. */
  public Row with(List<Integer> columns, List<CellValue> others) {
    NavigableMap<Integer, CellValue> changed = new TreeMap<>(values);
    for (int i = 0; i < columns.size(); i++) {
      changed.put(columns.get(i), others.get(i));
    }
    return new Row(changed);
  }

  /** The values of this row that another does not have or has differently. */
  public NavigableMap<Integer, CellValue> differenceFrom(Row other) {
    NavigableMap<Integer, CellValue> difference = new TreeMap<>();
    for (Map.Entry<Integer, CellValue> value : values.entrySet()) {
      if (!value.getValue().equals(other.values.get(value.getKey()))) {
        difference.put(value.getKey(), value.getValue());
      }
    }
    return difference;
  }
}
