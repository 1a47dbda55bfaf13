package dev.anabranch.promote.plan;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Translates rows whose keys are others on main than on the branch, with every reference to them.
 *
 * <p>References are followed along main's foreign keys; a number that is kept without a foreign key
 * is just a number.
 */
final class KeyMap {

  private final Map<TableId, MainTable> tables;
  private final Map<TableId, List<Integer>> keyColumns = new HashMap<>();
  private final Map<TableId, Map<Key, List<CellValue>>> own = new HashMap<>();
  private final Map<Claim, List<CellValue>> redirects = new HashMap<>();

  KeyMap(Map<TableId, MainTable> tables, List<Renumbering> renumberings) {
    this.tables = tables;
    for (Renumbering renumbering : renumberings) {
      renumbering
          .keys()
          .forEach((from, to) ->
              put(
                  renumbering.table(),
                  renumbering.keyColumns(),
                  from,
                  to.values().stream().map(CellValue::of).toList()));
    }
  }

  /** Adds a row, and what foreign keys find it by. */
  void put(TableId table, List<Integer> columns, Key from, List<CellValue> to) {
    keyColumns.put(table, columns);
    own.computeIfAbsent(table, _ -> new HashMap<>()).put(from, to);
    MainTable definition = tables.get(table);
    if (definition == null) {
      return;
    }
    for (ForeignKey foreignKey : definition.referencedBy()) {
      List<Integer> referenced = definition.numbersOf(foreignKey.parentColumns()).orElse(List.of());
      if (!referenced.isEmpty() && columns.containsAll(referenced)) {
        redirects.put(
            pointer(foreignKey, pick(from.values(), columns, referenced)),
            pick(to, columns, referenced));
      }
    }
  }

  /** The row as main has it: its references first, then its own key. */
  Row translate(TableId table, Row row) {
    MainTable definition = tables.get(table);
    if (definition == null || own.isEmpty()) {
      return row;
    }
    Row translated = row;
    for (ForeignKey foreignKey : definition.references()) {
      Optional<List<CellValue>> target =
          row.values(foreignKey.childColumns())
              .map(values -> redirects.get(pointer(foreignKey, values)));
      if (target.isPresent()) {
        translated = translated.with(foreignKey.childColumns(), target.get());
      }
    }
    Map<Key, List<CellValue>> keys = own.get(table);
    if (keys != null) {
      List<Integer> columns = keyColumns.getOrDefault(table, List.of());
      List<CellValue> to = keys.get(row.key(columns));
      if (to != null) {
        translated = translated.with(columns, to);
      }
    }
    return translated;
  }

  private static Claim pointer(ForeignKey foreignKey, List<String> values) {
    return new Claim(foreignKey.parent(), foreignKey.parentColumns(), values);
  }

  private static <T> List<T> pick(List<T> key, List<Integer> keyColumns, List<Integer> wanted) {
    return wanted.stream().map(column -> key.get(keyColumns.indexOf(column))).toList();
  }
}
