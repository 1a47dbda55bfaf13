package dev.anabranch.promote.plan;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TypeOid;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What promotions wrote after one that is undone, and nobody has taken back: a value that one of
 * them wrote is theirs, also where it is the same as what the earlier one wrote.
 */
public final class LaterWrites {

  private static final Optional<Long> NUMERIC = Optional.of((long) TypeOid.NUMERIC);

  private final Map<RowRef, Map<Integer, String>> cells = new HashMap<>();
  private final Map<RowRef, String> rows = new HashMap<>();
  private final Map<TableId, String> tables = new HashMap<>();
  private final Map<TableId, List<Integer>> keyColumns;
  private final Set<TableId> loose = new HashSet<>();
  private final Map<TableId, List<Boolean>> numeric = new HashMap<>();

  private final List<Written> undone;

  /** The undone promotion's rows, by all keys that later ones found them under; once it matters. */
  private final Map<RowRef, Set<RowRef>> found = new HashMap<>();

  /**
   * @param keyColumns of the tables that the undone promotion wrote to
   * @param written what it wrote
   * @param main these tables as main has them now
   */
  public LaterWrites(
      Map<TableId, List<Integer>> keyColumns, List<Written> written, Map<TableId, MainTable> main) {
    this.keyColumns = Map.copyOf(keyColumns);
    main.forEach((id, table) -> {
      List<Integer> key = keyColumns.getOrDefault(id, List.of());
      numeric.put(id, key.stream().map(column -> table.typeOf(column).equals(NUMERIC)).toList());
      if (key.stream()
          .anyMatch(
              column -> table.loose().contains(column) && !table.typeOf(column).equals(NUMERIC))) {
        loose.add(id);
      }
    });
    this.undone = written;
  }

  private Set<RowRef> wanted(RowRef ref) {
    if (found.isEmpty()) {
      undone.forEach(row -> refs(row).forEach(own -> found.put(own, Set.of(own))));
    }
    return found.getOrDefault(ref, Set.of());
  }

  /** None, of no promotion. */
  public static LaterWrites none() {
    return new LaterWrites(Map.of(), List.of(), Map.of());
  }

  /** Nobody knows any more which rows of a table a promotion wrote. */
  public void addTable(String promotion, TableId table) {
    if (keyColumns.containsKey(table)) {
      tables.put(table, promotion);
    }
  }

  /**
   * What a promotion did to a row whose work was taken back since: where it gave the row another
   * key, those in between wrote it under that.
   */
  public void follow(Written row) {
    Set<RowRef> refs = refs(row);
    Set<RowRef> rows =
        refs.stream().flatMap(ref -> wanted(ref).stream()).collect(Collectors.toSet());
    if (refs.size() > 1 && !rows.isEmpty()) {
      refs.forEach(ref -> {
        Set<RowRef> all = new HashSet<>(wanted(ref));
        all.addAll(rows);
        found.put(ref, all);
      });
    }
  }

  /** What a promotion did to a row, under the same key columns. */
  public void add(String promotion, Written row) {
    if (loose.contains(row.table())) {
      // The same row may have been written under another text of its key.
      addTable(promotion, row.table());
      return;
    }
    List<RowRef> refs = refs(row).stream().flatMap(ref -> wanted(ref).stream()).distinct().toList();
    if (refs.isEmpty()) {
      return;
    }
    if (row instanceof Written.Updated updated && refs(row).size() == 1) {
      Set<Integer> columns = new HashSet<>(updated.after().values().keySet());
      columns.removeIf(
          column -> updated.before().value(column).equals(updated.after().value(column)));
      refs.forEach(ref -> {
        Map<Integer, String> known = cells.computeIfAbsent(ref, _ -> new HashMap<>());
        columns.forEach(column -> known.put(column, promotion));
      });
    } else {
      refs.forEach(ref -> rows.put(ref, promotion));
    }
  }

  /** The promotion that wrote this cell again. */
  Optional<String> of(RowRef row, int column) {
    return Optional.ofNullable(cells.getOrDefault(spelled(row), Map.of()).get(column))
        .or(() -> ofWhole(row));
  }

  /** A promotion that wrote anything of the row again. */
  Optional<String> of(RowRef row) {
    return cells.getOrDefault(spelled(row), Map.of()).values().stream()
        .findFirst()
        .or(() -> ofWhole(row));
  }

  /** A promotion that put the row in, took it out, or gave it another key. */
  Optional<String> ofWhole(RowRef row) {
    return Optional.ofNullable(rows.get(spelled(row)))
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
      case Written.Inserted inserted -> refs.add(spelled(row, inserted.row().key(key)));
      case Written.Deleted deleted -> refs.add(spelled(row, deleted.row().key(key)));
      case Written.Updated updated -> {
        refs.add(spelled(row, updated.before().key(key)));
        refs.add(spelled(row, updated.after().key(key)));
      }
    }
    return refs;
  }

  private RowRef spelled(Written row, Key key) {
    return spelled(new RowRef(row.table(), key));
  }

  /** Of equal numbers, whatever their scale, the one text. */
  private RowRef spelled(RowRef row) {
    List<Boolean> numbers = numeric.getOrDefault(row.table(), List.of());
    if (!numbers.contains(true)) {
      return row;
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < row.key().values().size(); i++) {
      String text = row.key().values().get(i);
      texts.add(numbers.get(i) ? spelled(text) : text);
    }
    return new RowRef(row.table(), new Key(texts));
  }

  private static String spelled(String number) {
    // NaN and the infinities have one spelling.
    return number.matches("-?[0-9.]+")
        ? new BigDecimal(number).stripTrailingZeros().toPlainString()
        : number;
  }
}
