package dev.anabranch.promote.apply;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.promote.apply.RowStatements.MovedException;
import dev.anabranch.promote.plan.CellValue;
import dev.anabranch.promote.plan.Cells;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Rejection;
import dev.anabranch.promote.plan.Row;
import dev.anabranch.promote.plan.RowChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes what main accepts, and finds out what it refuses.
 *
 * <p>When main refuses a set, it is split in half, in the order of the units, until it is written
 * or those are left who are to blame, so that the innocent are not held with the guilty. Rows that
 * take each other's unique values stay together: each alone would be refused for a value that the
 * other is about to give away.
 */
final class RowWriter {

  private final Connection connection;
  private final Traps traps;
  private final RowStatements statements;
  private final Map<TableId, MainTable> tables;
  private final Map<TableId, List<Integer>> keyColumns;
  private final Optional<LockPatience> patience;
  private final CommitWatch watch;
  private final List<Rejection> rejections = new ArrayList<>();

  /**
   * @param patience for rows that another transaction has locked and that are then refused like
   *     those that do not fit; where there is none, one fails the whole
   */
  RowWriter(
      Connection connection,
      SearchPaths paths,
      Map<TableId, MainTable> tables,
      Map<TableId, List<Integer>> keyColumns,
      Optional<LockPatience> patience,
      CommitWatch watch,
      Traps traps) {
    this.patience = patience;
    this.traps = traps;
    this.connection = connection;
    this.watch = watch;
    this.statements = new RowStatements(connection, paths, tables, keyColumns, watch);
    this.tables = tables;
    this.keyColumns = keyColumns;
  }

  /**
   * Writes what main accepts and returns what it refuses: all of that, or as much as it found while
   * main's writers could be kept waiting.
   */
  List<Rejection> write(List<RowChange> changes) throws SQLException, MovedException {
    if (!changes.isEmpty()) {
      writeOrSplit(Exchanges.together(changes, tables));
    }
    return rejections;
  }

  /** Whether main's writers have waited long enough, and what was found by now has to do. */
  private boolean hasToDo() {
    return !rejections.isEmpty() && patience.filter(LockPatience::isOver).isPresent();
  }

  /**
   * Rejects the groups with rows that can't be had.
   *
   * @param waitedFor what one of them was refused with
   */
  private boolean foundLocked(List<List<RowChange>> groups, SQLException waitedFor)
      throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    try {
      Set<RowChange> locked =
          LockedRows.among(
              connection,
              statements,
              groups.stream().flatMap(List::stream).toList(),
              table -> keyColumns.getOrDefault(table.id(), List.of()));
      for (List<RowChange> group : groups) {
        if (group.stream().anyMatch(locked::contains)) {
          rejections.add(rejection(group, waitedFor));
        }
      }
      connection.releaseSavepoint(savepoint);
      return !locked.isEmpty();
    } catch (SQLException e) {
      if (!MainRefusal.isLocked(e) && !MainRefusal.isOfTheRow(e)) {
        throw e;
      }
      connection.rollback(savepoint);
      return false;
    }
  }

  private void writeOrSplit(List<List<RowChange>> groups) throws SQLException, MovedException {
    List<RowChange> changes = groups.stream().flatMap(List::stream).toList();
    Optional<SQLException> refusal = refusal(changes, false);
    if (refusal.filter(MainRefusal::isTaken).isPresent()
        && changes.stream().anyMatch(statements::movesUniqueValue)) {
      refusal = refusal(changes, true);
    }
    if (refusal.isEmpty()) {
      return;
    }
    if (MainRefusal.isLocked(refusal.get()) && foundLocked(groups, refusal.get())) {
      return;
    }
    if (groups.size() == 1) {
      rejections.add(rejection(groups.getFirst(), refusal.get()));
      return;
    }
    int middle = groups.size() / 2;
    writeOrSplit(groups.subList(0, middle));
    if (!hasToDo()) {
      writeOrSplit(groups.subList(middle, groups.size()));
    }
  }

  private Optional<SQLException> refusal(List<RowChange> changes, boolean inExchange)
      throws SQLException, MovedException {
    Savepoint savepoint = connection.setSavepoint();
    int mark = watch.mark();
    try {
      if (inExchange) {
        statements.writeInExchange(changes);
      } else {
        statements.write(changes);
      }
      connection.releaseSavepoint(savepoint);
      return Optional.empty();
    } catch (SQLException e) {
      boolean taken = traps.has(Trap.ONLY_DATA_REFUSES) && !MainRefusal.isOfTheData(e);
      boolean left = patience.isPresent() && MainRefusal.isLocked(e);
      if (!left && (!MainRefusal.isOfTheRow(e) || taken)) {
        throw e;
      }
      connection.rollback(savepoint);
      watch.backTo(mark);
      if (left) {
        patience.get().wasInVain();
      }
      return Optional.of(e);
    }
  }

  private Rejection rejection(List<RowChange> group, SQLException refusal) {
    RowChange first = group.getFirst();
    MainTable table = statements.table(first.table());
    List<Integer> key = keyColumns.getOrDefault(first.table(), List.of());
    String words = MainRefusal.words(refusal);
    Rejection one = rejection(table, key, first, words);
    return group.size() == 1
        ? one
        : new Rejection(
            one.table(),
            one.key(),
            group.stream().map(change -> change.units().getFirst()).distinct().sorted().toList(),
            words
                + " (it exchanges values with "
                + group.stream()
                    .skip(1)
                    .map(change -> words(keyOf(table, key, change)))
                    .collect(Collectors.joining(" and "))
                + ", so they land together or not at all)");
  }

  private static String words(Map<String, String> key) {
    return key.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  /** The key that a row has once it is written; of a deleted one, the key it had. */
  static Key keyAfter(RowChange change, List<Integer> keyColumns) {
    List<String> values = new ArrayList<>(change.key().values());
    Cells cells = RowStatements.cellsOf(change);
    for (int i = 0; i < keyColumns.size(); i++) {
      if (cells.get(keyColumns.get(i)) instanceof CellValue.Known(Cell.Text(String text))) {
        values.set(i, text);
      }
    }
    return new Key(values);
  }

  /** A refused row holds the first unit that wrote it; the later ones depend on that one. */
  static Rejection rejection(
      MainTable table, List<Integer> keyColumns, RowChange change, String sentence) {
    return new Rejection(
        table.shape().qualifiedName(),
        keyOf(table, keyColumns, change),
        List.of(change.units().getFirst()),
        sentence);
  }

  /** What a person knows the row by: its key, or all of it where there is none. */
  private static Map<String, String> keyOf(
      MainTable table, List<Integer> keyColumns, RowChange change) {
    if (!keyColumns.isEmpty()) {
      return table.named(keyColumns, keyAfter(change, keyColumns));
    }
    Map<String, String> named = new LinkedHashMap<>();
    rowAfter(change)
        .values()
        .forEach((column, value) ->
            named.put(
                table.columnName(column),
                value.cell() instanceof Cell.Text(String text) ? text : "NULL"));
    return named;
  }

  /** The row once it is written; of a deleted one, the row that it was. */
  static Row rowAfter(RowChange change) {
    NavigableMap<Integer, CellValue> values =
        switch (change) {
          case RowChange.Insert insert -> new TreeMap<>();
          case RowChange.Update update -> new TreeMap<>(update.before().row().values());
          case RowChange.Delete delete -> new TreeMap<>(delete.before().row().values());
        };
    values.putAll(RowStatements.cellsOf(change));
    return new Row(values);
  }
}
