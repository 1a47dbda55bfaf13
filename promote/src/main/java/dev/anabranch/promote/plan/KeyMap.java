package dev.anabranch.promote.plan;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import java.util.ArrayList;
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
  private final Map<TableId, Map<Key, Key>> own = new HashMap<>();
  private final Map<Claim, List<String>> redirects = new HashMap<>();

  KeyMap(Map<TableId, MainTable> tables, List<Renumbering> renumberings) {
    this.tables = tables;
    for (Renumbering renumbering : renumberings) {
      renumbering
          .keys()
          .forEach((from, to) -> put(renumbering.table(), renumbering.keyColumns(), from, to));
    }
  }

  /** Adds a row, and what foreign keys find it by. */
  void put(TableId table, List<Integer> columns, Key from, Key to) {
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
            new Claim(
                foreignKey.parent(), foreignKey.parentColumns(), pick(from, columns, referenced)),
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
      Optional<List<String>> target =
          row.values(foreignKey.childColumns())
              .map(values ->
                  redirects.get(
                      new Claim(foreignKey.parent(), foreignKey.parentColumns(), values)));
      if (target.isPresent()) {
        translated = translated.with(foreignKey.childColumns(), target.get());
      }
    }
    Map<Key, Key> keys = own.get(table);
    if (keys != null) {
      List<Integer> columns = keyColumns.getOrDefault(table, List.of());
      Key to = keys.get(row.key(columns));
      if (to != null) {
        translated = translated.with(columns, to.values());
      }
    }
    return translated;
  }

  /** What was put for one table. */
  Map<Key, Key> keysOf(TableId table) {
    return own.getOrDefault(table, Map.of());
  }

  private static List<String> pick(Key key, List<Integer> keyColumns, List<Integer> wanted) {
    List<String> values = new ArrayList<>();
    for (int column : wanted) {
      values.add(key.values().get(keyColumns.indexOf(column)));
    }
    return List.copyOf(values);
  }
}
