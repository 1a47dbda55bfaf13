package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One row by column number, so that it reads the same on the branch and on main whatever its
 * columns are called.
 *
 * @param values by {@code attnum}
 */
public record Row(Cells values) {

  public Row(Map<Integer, CellValue> values) {
    this(Cells.of(values));
  }

  /** A row of which every cell is known. */
  public static Row ofCells(Map<Integer, Cell> cells) {
    Map<Integer, CellValue> values = new TreeMap<>();
    cells.forEach((column, cell) -> values.put(column, CellValue.of(cell)));
    return new Row(values);
  }

  /** An image under its layout. */
  public static Row of(TableShape layout, Image image) {
    return Cells.rowsOf(layout).apply(image);
  }

  /** What a column is to hold, NULL for one that this row does not have. */
  public CellValue value(int column) {
    @Nullable CellValue value = values.in(column);
    return value == null ? CellValue.none() : value;
  }

  /** A cell, NULL for a column that this row does not have. */
  public Cell cell(int column) {
    return value(column).cell();
  }

  /** The values of some columns, or empty when one of them is NULL. */
  public Optional<List<String>> values(List<Integer> columns) {
    List<String> values = new ArrayList<>(columns.size());
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
    Map<Integer, CellValue> changed = new TreeMap<>(values);
    for (int i = 0; i < columns.size(); i++) {
      changed.put(columns.get(i), others.get(i));
    }
    return new Row(changed);
  }

  /** The values of this row that another does not have or has differently. */
  public Cells differenceFrom(Row other) {
    return values.differenceFrom(other.values);
  }
}
