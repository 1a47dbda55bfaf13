package dev.anabranch.promote.apply;

import dev.anabranch.base.TableId;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Row;
import dev.anabranch.promote.plan.RowChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which rows take unique values that others give away, as far as the texts of plain keys tell.
 * Values that meet in an expression, by a condition or in an exclusion constraint are not seen
 * here; what is refused for those is asked again ({@link Suspects}).
 */
final class Exchanges {

  /** Values that only one row may have. */
  private record Tuple(TableId table, List<Integer> columns, List<String> values) {}

  private final List<RowChange> changes;
  private final IdentityHashMap<RowChange, Integer> places = new IdentityHashMap<>();
  private final Map<Integer, List<Integer>> takers = new HashMap<>();

  private Exchanges(List<RowChange> changes) {
    this.changes = changes;
    for (int i = 0; i < changes.size(); i++) {
      places.put(changes.get(i), i);
    }
  }

  /** Those among some changes. */
  static Exchanges among(List<RowChange> changes, Map<TableId, MainTable> tables) {
    Exchanges exchanges = new Exchanges(changes);
    Map<Tuple, Integer> given = new HashMap<>();
    for (int i = 0; i < changes.size(); i++) {
      for (Tuple tuple : given(changes.get(i), tables)) {
        given.put(tuple, i);
      }
    }
    for (int i = 0; i < changes.size() && !given.isEmpty(); i++) {
      for (Tuple tuple : taken(changes.get(i), tables)) {
        Integer giver = given.get(tuple);
        if (giver != null && giver != i) {
          exchanges.takers.computeIfAbsent(giver, _ -> new ArrayList<>()).add(i);
        }
      }
    }
    return exchanges;
  }

  /**
   * The changes in their order, those that pass on a unique value together with those that take it,
   * everything else by itself.
   */
  List<List<RowChange>> together() {
    if (takers.isEmpty()) {
      return changes.stream().map(List::of).toList();
    }
    int[] groupOf = new int[changes.size()];
    Arrays.setAll(groupOf, i -> i);
    takers.forEach((giver, those) -> those.forEach(taker -> join(groupOf, giver, taker)));
    Map<Integer, List<RowChange>> groups = new LinkedHashMap<>();
    for (int i = 0; i < changes.size(); i++) {
      groups.computeIfAbsent(find(groupOf, i), _ -> new ArrayList<>()).add(changes.get(i));
    }
    return List.copyOf(groups.values());
  }

  /**
   * Takes out, of those that are left, the changes that can't be while this one is not: they take
   * what it would give away, or what such a one would.
   */
  List<RowChange> takeTakersOf(RowChange change, Set<RowChange> left) {
    List<RowChange> taken = new ArrayList<>();
    Deque<RowChange> toFollow = new ArrayDeque<>(List.of(change));
    while (!toFollow.isEmpty()) {
      for (int place : takers.getOrDefault(places.get(toFollow.poll()), List.of())) {
        RowChange taker = changes.get(place);
        if (left.remove(taker)) {
          taken.add(taker);
          toFollow.add(taker);
        }
      }
    }
    return taken;
  }

  private static List<Tuple> given(RowChange change, Map<TableId, MainTable> tables) {
    return switch (change) {
      case RowChange.Insert insert -> List.of();
      case RowChange.Update update ->
          tuples(update.table(), update.before().row(), update.cells().keySet(), tables);
      case RowChange.Delete delete -> tuples(delete.table(), delete.before().row(), tables);
    };
  }

  private static List<Tuple> taken(RowChange change, Map<TableId, MainTable> tables) {
    return switch (change) {
      case RowChange.Insert insert -> tuples(insert.table(), RowWriter.rowAfter(insert), tables);
      case RowChange.Update update ->
          tuples(update.table(), RowWriter.rowAfter(update), update.cells().keySet(), tables);
      case RowChange.Delete delete -> List.of();
    };
  }

  private static List<Tuple> tuples(TableId table, Row row, Map<TableId, MainTable> tables) {
    return tuples(table, row, row.values().keySet(), tables);
  }

  /** The unique tuples of a row that have one of the columns in them. */
  private static List<Tuple> tuples(
      TableId table, Row row, Set<Integer> touched, Map<TableId, MainTable> tables) {
    List<Tuple> tuples = new ArrayList<>();
    Set<Set<Integer>> uniques =
        Optional.ofNullable(tables.get(table)).map(MainTable::uniques).orElse(Set.of());
    for (Set<Integer> unique : uniques) {
      List<Integer> columns = List.copyOf(new TreeSet<>(unique));
      if (columns.stream().anyMatch(touched::contains)) {
        row.values(columns).ifPresent(values -> tuples.add(new Tuple(table, columns, values)));
      }
    }
    return tuples;
  }

  private static int find(int[] groupOf, int change) {
    int root = change;
    while (groupOf[root] != root) {
      root = groupOf[root];
    }
    groupOf[change] = root;
    return root;
  }

  private static void join(int[] groupOf, int one, int other) {
    int first = find(groupOf, one);
    int second = find(groupOf, other);
    groupOf[Math.max(first, second)] = Math.min(first, second);
  }
}
