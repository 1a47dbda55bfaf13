package dev.anabranch.promote.apply;

import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.RowChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the rows that other transactions have locked, all of them at once and without waiting for
 * any. To wait for one after the other would keep what was written already from main's own writers
 * for as long as there are such rows.
 */
final class LockedRows {

  private record Sought(MainTable table, String strength) {}

  private LockedRows() {}

  /** The changes, by identity, whose own rows can't be had. */
  static Set<RowChange> among(
      Connection connection, RowStatements statements, List<RowChange> changes, KeyColumns keys)
      throws SQLException {
    Map<Sought, List<RowChange>> sought = new HashMap<>();
    for (RowChange change : changes) {
      MainTable table = statements.table(change.table());
      switch (change) {
        case RowChange.Insert insert -> {}
        case RowChange.Update update ->
            sought
                .computeIfAbsent(
                    new Sought(table, movesKey(table, update) ? "UPDATE" : "NO KEY UPDATE"),
                    _ -> new ArrayList<>())
                .add(update);
        case RowChange.Delete delete ->
            sought.computeIfAbsent(new Sought(table, "UPDATE"), _ -> new ArrayList<>()).add(delete);
      }
    }
    Set<RowChange> locked = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Map.Entry<Sought, List<RowChange>> entry : sought.entrySet()) {
      MainTable table = entry.getKey().table();
      List<Integer> key = keys.of(table);
      List<RowChange> rows = entry.getValue();
      Keyed keyed = MainReader.withKeys(new Keyed(), key, rows.size(), row -> rows.get(row).key());
      String from =
          keyed.source()
              + " JOIN ONLY "
              + table.shape().quotedName()
              + " AS r ON "
              + Keyed.rowCondition(table, key);
      numbers(connection, keyed, from, entry.getKey().strength() + " OF r")
          .forEach(number -> locked.add(rows.get(number - 1)));
    }
    return locked;
  }

  /** What its rows are found by. */
  @FunctionalInterface
  interface KeyColumns {
    List<Integer> of(MainTable table);
  }

  /** Postgres lets a row be referred to while it is updated, unless a key changes. */
  private static boolean movesKey(MainTable table, RowChange.Update update) {
    return table.uniques().stream()
        .anyMatch(unique -> unique.stream().anyMatch(update.cells()::containsKey));
  }

  /**
   * Locks the rows that can be had.
   *
   * @param from what {@code v.n}, the number of a row, is chosen from
   * @param strength the lock, such as {@code KEY SHARE OF p}
   * @return the numbers of those that are there and can't be had
   */
  static Set<Integer> numbers(Connection connection, Keyed keyed, String from, String strength)
      throws SQLException {
    String all = "SELECT v.n FROM " + from;
    Map<Integer, Integer> had =
        counts(connection, keyed, all + " FOR " + strength + " SKIP LOCKED");
    Map<Integer, Integer> there = counts(connection, keyed, all);
    there.entrySet().removeIf(row -> row.getValue() <= had.getOrDefault(row.getKey(), 0));
    return there.keySet();
  }

  private static Map<Integer, Integer> counts(Connection connection, Keyed keyed, String sql)
      throws SQLException {
    Map<Integer, Integer> counts = new HashMap<>();
    try (PreparedStatement statement = keyed.prepare(connection, sql);
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        counts.merge(result.getInt(1), 1, Integer::sum);
      }
    }
    return counts;
  }
}
