package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.promote.fact.FactRerun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one unit leaves of each row that it writes: the row before its first write and after its
 * last. A row is known by its key; of a table without one, by all that it holds.
 */
final class NetWrites {

  /** A row's name. */
  record Name(TableId table, List<Cell> cells) {}

  /** A row before the unit and after it. */
  record Net(Optional<Image> before, Optional<Image> after) {
    boolean isNothing() {
      return before.equals(after);
    }
  }

  private final Map<TableId, TableShape> shapes = new HashMap<>();
  private final Map<Name, Net> rows = new LinkedHashMap<>();
  private final Set<TableId> keyless = new HashSet<>();

  NetWrites(Unit unit) {
    unit.shapes().forEach(shape -> shapes.put(shape.id(), shape));
    for (Write write : unit.writes()) {
      TableShape shape = shape(write.table());
      if (!shape.hasKey()) {
        keyless.add(write.table());
      }
      switch (write) {
        case Write.Insert insert -> put(shape, Optional.empty(), Optional.of(insert.after()));
        case Write.Update update ->
            put(shape, Optional.of(update.before()), Optional.of(update.after()));
        case Write.Delete delete -> put(shape, Optional.of(delete.before()), Optional.empty());
        case Write.Truncate ignored -> keyless.add(write.table());
      }
    }
  }

  private TableShape shape(TableId table) {
    return Objects.requireNonNull(shapes.get(table), "no layout of table " + table);
  }

  private void put(TableShape shape, Optional<Image> before, Optional<Image> after) {
    Optional<Name> from = before.map(image -> name(shape, image));
    Optional<Name> to = after.map(image -> name(shape, image));
    if (from.isPresent() && !from.equals(to)) {
      rows.merge(
          from.get(), new Net(before, Optional.empty()), (old, gone) -> and(old, gone.after()));
    }
    if (to.isPresent()) {
      Optional<Image> began = from.equals(to) ? before : Optional.empty();
      rows.merge(to.get(), new Net(began, after), (old, come) -> and(old, come.after()));
    }
  }

  private static Net and(Net old, Optional<Image> after) {
    return new Net(old.before(), after);
  }

  private static Name name(TableShape shape, Image image) {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < shape.columns().size(); i++) {
      if (shape.columns().get(i).inKey() || !shape.hasKey()) {
        cells.add(image.cells().get(i));
      }
    }
    return new Name(shape.id(), List.copyOf(cells));
  }

  /**
   * Rows that two units leave otherwise.
   *
   * @param whole rows that only one of them wrote, or that are not there in both
   * @param cells by the columns that are others in some of them, rows that both leave there
   */
  record Difference(List<Write> whole, List<Write> cells, Set<Integer> columns) {}

  /** What of these rows another unit, of the same transaction, leaves otherwise. */
  Difference differenceFrom(NetWrites other, Unit unit) {
    Set<Name> all = new LinkedHashSet<>(rows.keySet());
    all.addAll(other.rows.keySet());
    List<Write> whole = new ArrayList<>();
    List<Write> cells = new ArrayList<>();
    Set<Integer> columns = new TreeSet<>();
    for (Name name : all) {
      Net mine = rows.get(name);
      Net theirs = other.rows.get(name);
      if (mine != null && theirs != null && mine.after().equals(theirs.after())) {
        continue;
      }
      TableShape shape =
          Objects.requireNonNull(
              Optional.ofNullable(shapes.get(name.table()))
                  .orElseGet(() -> other.shapes.get(name.table())));
      Write told = new Write.Delete(name.table(), unit.commitLsn(), keyOnly(shape, name));
      if (mine != null
          && theirs != null
          && mine.after().isPresent()
          && theirs.after().isPresent()
          && shape.hasKey()) {
        cells.add(told);
        columns.addAll(others(shape, mine.after().get(), theirs.after().get()));
      } else {
        whole.add(told);
      }
    }
    return new Difference(whole, cells, columns);
  }

  private static Set<Integer> others(TableShape shape, Image one, Image other) {
    Set<Integer> columns = new HashSet<>();
    for (int i = 0; i < shape.columns().size(); i++) {
      if (!one.sameAt(i, other)) {
        columns.add(shape.columns().get(i).number());
      }
    }
    return columns;
  }

  /** Whoever looked for the row by anything else may have found it. */
  private static Image keyOnly(TableShape shape, Name name) {
    List<Cell> cells = new ArrayList<>();
    int next = 0;
    for (Column column : shape.columns()) {
      boolean told = column.inKey() && shape.hasKey();
      cells.add(told ? name.cells().get(next++) : Cell.Absent.UNCHANGED);
    }
    return new Image(cells);
  }

  /** Rows for people, beside what the same transaction does now. */
  List<FactRerun.Row> beside(NetWrites now) {
    Set<Name> all = new LinkedHashSet<>(rows.keySet());
    all.addAll(now.rows.keySet());
    List<FactRerun.Row> told = new ArrayList<>();
    for (Name name : all) {
      Optional<Net> wrote = Optional.ofNullable(rows.get(name)).filter(net -> !net.isNothing());
      Optional<Net> writes =
          Optional.ofNullable(now.rows.get(name)).filter(net -> !net.isNothing());
      TableShape shape =
          Objects.requireNonNull(
              Optional.ofNullable(shapes.get(name.table()))
                  .orElseGet(() -> now.shapes.get(name.table())));
      if (wrote.isPresent() || writes.isPresent()) {
        told.add(
            new FactRerun.Row(
                shape.qualifiedName(),
                named(shape, name),
                wrote.map(net -> cells(shape, net)),
                writes.map(net -> cells(shape, net))));
      }
    }
    return told;
  }

  private static Map<String, String> named(TableShape shape, Name name) {
    Map<String, String> named = new LinkedHashMap<>();
    List<Column> key = shape.keyColumns();
    for (int i = 0; i < key.size(); i++) {
      named.put(key.get(i).name(), String.valueOf(name.cells().get(i).text()));
    }
    return named;
  }

  private static FactRerun.Cells cells(TableShape shape, Net net) {
    Map<String, @Nullable String> cells = new LinkedHashMap<>();
    Image row = net.after().or(net::before).orElseThrow();
    for (int i = 0; i < shape.columns().size(); i++) {
      Column column = shape.columns().get(i);
      boolean changed =
          net.before().isEmpty()
              || net.after().isEmpty()
              || !net.before().get().sameAt(i, net.after().get());
      if (changed && !(column.inKey() && shape.hasKey())) {
        cells.put(column.name(), row.cells().get(i).text());
      }
    }
    return new FactRerun.Cells(
        net.before().isEmpty() ? "insert" : net.after().isEmpty() ? "delete" : "update", cells);
  }
}
