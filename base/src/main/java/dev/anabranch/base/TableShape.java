package dev.anabranch.base;

import java.util.ArrayList;
import java.util.List;

/**
 * The stored columns of a table in {@code attnum} order (dropped and generated columns left out):
 * the layout of its {@link Image}s.
 *
 * @param id the table
 * @param schema its schema's name when the shape was read
 * @param name its name when the shape was read
 * @param columns the layout
 */
public record TableShape(TableId id, String schema, String name, List<Column> columns) {

  public TableShape {
    columns = List.copyOf(columns);
  }

  /** {@code schema.table}, for people; not quoted. */
  public String qualifiedName() {
    return schema + "." + name;
  }

  /** The table's name as an SQL identifier. */
  public String quotedName() {
    return Identifiers.quote(schema) + "." + Identifiers.quote(name);
  }

  public List<Column> keyColumns() {
    return columns.stream().filter(Column::inKey).toList();
  }

  public boolean hasKey() {
    return columns.stream().anyMatch(Column::inKey);
  }

  /** The place of a column in this layout's images, or -1 when the layout does not have it. */
  public int indexOf(int columnNumber) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).number() == columnNumber) {
        return i;
      }
    }
    return -1;
  }

  /** Whether an image of this layout has all of its key. */
  public boolean keyIsIn(Image image) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).inKey() && !(image.cells().get(i) instanceof Cell.Text)) {
        return false;
      }
    }
    return true;
  }

  /** The key of an image of this layout. */
  public Key keyOf(Image image) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).inKey()) {
        String text = image.cells().get(i).text();
        if (text == null) {
          throw new IllegalStateException("NULL in a key column of " + qualifiedName());
        }
        parts.add(text);
      }
    }
    return new Key(parts);
  }

  /** An image of this layout under another key. */
  public Image withKey(Image image, Key key) {
    List<Cell> cells = new ArrayList<>(image.cells());
    int part = 0;
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).inKey()) {
        cells.set(i, new Cell.Text(key.values().get(part)));
        part++;
      }
    }
    return new Image(cells);
  }
}
