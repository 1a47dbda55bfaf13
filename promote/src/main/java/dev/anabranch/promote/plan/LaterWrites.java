package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What promotions wrote after one that is undone, and nobody has taken back: a value that one of
 * them wrote is theirs, also where it is the same as what the earlier one wrote.
 */
public final class LaterWrites {

  private final Map<RowRef, Map<Integer, String>> cells = new HashMap<>();
  private final Map<RowRef, String> rows = new HashMap<>();
  private final Map<TableId, String> tables = new HashMap<>();
  private final Map<TableId, List<Integer>> keyColumns;
  private final Set<RowRef> wanted = new HashSet<>();

  /**
   * @param keyColumns of the tables that the undone promotion wrote to
   * @param written what it wrote
   */
  public LaterWrites(Map<TableId, List<Integer>> keyColumns, List<Written> written) {
    this.keyColumns = Map.copyOf(keyColumns);
    written.forEach(row -> wanted.addAll(refs(row)));
  }

  /** None, of no promotion. */
  public static LaterWrites none() {
    return new LaterWrites(Map.of(), List.of());
  }

  /** Nobody knows any more which rows of a table a promotion wrote. */
  public void addTable(String promotion, TableId table) {
    if (keyColumns.containsKey(table)) {
      tables.put(table, promotion);
    }
  }

  /** What a promotion did to a row, under the same key columns. */
  public void add(String promotion, Written row) {
    List<RowRef> refs = refs(row).stream().filter(wanted::contains).toList();
    if (refs.isEmpty()) {
      return;
    }
    if (row instanceof Written.Updated updated && refs(row).size() == 1) {
      Map<Integer, String> written = cells.computeIfAbsent(refs.getFirst(), _ -> new HashMap<>());
      updated
          .after()
          .values()
          .keySet()
          .forEach(column -> {
            if (!updated.before().value(column).equals(updated.after().value(column))) {
              written.put(column, promotion);
            }
          });
    } else {
      refs.forEach(ref -> rows.put(ref, promotion));
    }
  }

  /** The promotion that wrote this cell again. */
  Optional<String> of(RowRef row, int column) {
    return Optional.ofNullable(cells.getOrDefault(row, Map.of()).get(column)).or(() -> ofRow(row));
  }

  /** A promotion that wrote anything of the row again. */
  Optional<String> of(RowRef row) {
    return cells.getOrDefault(row, Map.of()).values().stream().findFirst().or(() -> ofRow(row));
  }

  private Optional<String> ofRow(RowRef row) {
    return Optional.ofNullable(rows.get(row))
        .or(() -> Optional.ofNullable(tables.get(row.table())));
  }

  /** Of a table without a key no row is told from another that holds the same. */
  private Set<RowRef> refs(Written row) {
    List<Integer> key = keyColumns.getOrDefault(row.table(), List.of());
    if (key.isEmpty()) {
      return Set.of();
    }
    Set<RowRef> refs = new HashSet<>();
    switch (row) {
      case Written.Inserted inserted -> refs.add(new RowRef(row.table(), inserted.row().key(key)));
      case Written.Deleted deleted -> refs.add(new RowRef(row.table(), deleted.row().key(key)));
      case Written.Updated updated -> {
        refs.add(new RowRef(row.table(), updated.before().key(key)));
        refs.add(new RowRef(row.table(), updated.after().key(key)));
      }
    }
    return refs;
  }
}
