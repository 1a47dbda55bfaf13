package dev.anabranch.trials.oracle;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A random table, and the rows it begins with.
 *
 * @param key names of the primary key's columns, none for a table without a key
 * @param rows the first rows: texts of the values, null for NULL
 * @param parent the table whose {@code id} the column {@code parent_id} refers to
 */
record Table(
    String name,
    List<Column> columns,
    List<String> key,
    List<List<@Nullable String>> rows,
    Optional<String> parent) {

  /** A column of it. */
  record Column(String name, Kind kind) {}

  List<Column> keyColumns() {
    return columns.stream().filter(column -> key.contains(column.name())).toList();
  }

  List<Column> otherColumns() {
    return columns.stream().filter(column -> !key.contains(column.name())).toList();
  }

  int indexOf(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    throw new IllegalArgumentException(name + " has no column " + column);
  }
}
