package dev.anabranch.promote.apply;

import dev.anabranch.base.TableId;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Row;
import dev.anabranch.promote.plan.RowChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the rows that take each other's unique values. */
final class Exchanges {

  /** Values that only one row may have. */
  private record Tuple(TableId table, List<Integer> columns, List<String> values) {}

  private final int[] groupOf;

  private Exchanges(int changes) {
    groupOf = new int[changes];
    Arrays.setAll(groupOf, i -> i);
  }

  /**
   * The changes in their order, updates that pass on a unique value together with those that take
   * it, everything else by itself.
   */
  static List<List<RowChange>> together(List<RowChange> changes, Map<TableId, MainTable> tables) {
    Exchanges exchanges = new Exchanges(changes.size());
    Map<Tuple, Integer> given = new HashMap<>();
    for (int i = 0; i < changes.size(); i++) {
      if (changes.get(i) instanceof RowChange.Update update) {
        for (Tuple tuple : tuples(update, update.before().row(), tables)) {
          given.put(tuple, i);
        }
      }
    }
    boolean joined = false;
    for (int i = 0; i < changes.size() && !given.isEmpty(); i++) {
      if (changes.get(i) instanceof RowChange.Update update) {
        for (Tuple tuple : tuples(update, RowWriter.rowAfter(update), tables)) {
          Integer giver = given.get(tuple);
          if (giver != null) {
            exchanges.join(giver, i);
            joined = true;
          }
        }
      }
    }
    if (!joined) {
      return changes.stream().map(List::of).toList();
    }
    Map<Integer, List<RowChange>> groups = new LinkedHashMap<>();
    for (int i = 0; i < changes.size(); i++) {
      groups.computeIfAbsent(exchanges.find(i), _ -> new ArrayList<>()).add(changes.get(i));
    }
    return List.copyOf(groups.values());
  }

  /** The unique tuples of a row that the update changes. */
  private static List<Tuple> tuples(
      RowChange.Update update, Row row, Map<TableId, MainTable> tables) {
    List<Tuple> tuples = new ArrayList<>();
    Set<Set<Integer>> uniques =
        Optional.ofNullable(tables.get(update.table())).map(MainTable::uniques).orElse(Set.of());
    for (Set<Integer> unique : uniques) {
      List<Integer> columns = unique.stream().sorted().toList();
      if (columns.stream().anyMatch(update.cells()::containsKey)) {
        row.values(columns)
            .ifPresent(values -> tuples.add(new Tuple(update.table(), columns, values)));
      }
    }
    return tuples;
  }

  private int find(int change) {
    int root = change;
    while (groupOf[root] != root) {
      root = groupOf[root];
    }
    groupOf[change] = root;
    return root;
  }

  private void join(int one, int other) {
    int first = find(one);
    int second = find(other);
    groupOf[Math.max(first, second)] = Math.min(first, second);
  }
}
