package dev.anabranch.promote.apply;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.promote.apply.RowStatements.MovedException;
import dev.anabranch.promote.apply.Suspects.Blame;
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
import java.util.stream.Stream;

/**
 * Writes what main accepts, and finds out what it refuses.
 *
 * <p>When main refuses a set, it is split in half, in the order of the units, until it is written
 * or those are left who may be to blame, so that the innocent are not held with the guilty. Rows
 * that take each other's unique values stay together: each alone would be refused for a value that
 * the other is about to give away. Values that pass unseen come apart all the same, so whoever may
 * be to blame is asked about again beside all the others.
 */
final class RowWriter {

  /** So many keys are named of the rows that a refused one holds up. */
  private static final int TAKERS_TOLD = 3;

  private final Connection connection;
  private final RowStatements statements;
  private final Tries tries;
  private final Map<TableId, MainTable> tables;
  private final Map<TableId, List<Integer>> keyColumns;
  private final Optional<LockPatience> patience;
  private final List<Rejection> rejections = new ArrayList<>();
  private final List<RowChange> suspects = new ArrayList<>();

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
    this.connection = connection;
    this.statements = new RowStatements(connection, paths, tables, keyColumns, watch);
    this.tries = new Tries(connection, statements, patience, watch, traps);
    this.tables = tables;
    this.keyColumns = keyColumns;
  }

  /**
   * Writes what main accepts and returns what it refuses: all of that, or as much as it found while
   * main's writers could be kept waiting. What was written is no whole while anything is refused.
   */
  List<Rejection> write(List<RowChange> changes) throws SQLException, MovedException {
    if (changes.isEmpty()) {
      return rejections;
    }
    Exchanges exchanges = Exchanges.among(changes, tables);
    writeOrSplit(exchanges.together(), exchanges);
    // What was refused beside rows that can't be had may want nothing but what those give away.
    if (rejections.isEmpty()) {
      for (Blame blame : new Suspects(tries, statements, exchanges).blamed(suspects)) {
        rejections.add(rejection(blame.row(), blame.takers(), blame.refusal()));
      }
    }
    return rejections;
  }

  /** Whether main's writers have waited long enough, and what was found by now has to do. */
  private boolean hasToDo() {
    return !rejections.isEmpty() && patience.filter(LockPatience::isOver).isPresent();
  }

  /**
   * Rejects the rows that can't be had, and what takes from them.
   *
   * @param waitedFor what one of them was refused with
   */
  private boolean foundLocked(List<RowChange> changes, Exchanges exchanges, SQLException waitedFor)
      throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    try {
      Set<RowChange> locked =
          LockedRows.among(
              connection,
              statements,
              changes,
              table -> keyColumns.getOrDefault(table.id(), List.of()));
      Set<RowChange> left = Suspects.identities(changes);
      left.removeAll(locked);
      for (RowChange change : changes) {
        if (locked.contains(change)) {
          rejections.add(rejection(change, exchanges.takeTakersOf(change, left), waitedFor));
        }
      }
      connection.releaseSavepoint(savepoint);
      return !locked.isEmpty();
    } catch (SQLException e) {
      if (!MainRefusal.isLocked(e) && !MainRefusal.isOfTheRow(e)) {
        throw e;
      }
      connection.rollback(savepoint);
      connection.releaseSavepoint(savepoint);
      return false;
    }
  }

  private void writeOrSplit(List<List<RowChange>> groups, Exchanges exchanges)
      throws SQLException, MovedException {
    List<RowChange> changes = groups.stream().flatMap(List::stream).toList();
    Optional<SQLException> refusal = tries.refusal(changes);
    if (refusal.isEmpty()) {
      return;
    }
    if (MainRefusal.isLocked(refusal.get()) && foundLocked(changes, exchanges, refusal.get())) {
      return;
    }
    if (groups.size() == 1) {
      suspects.addAll(changes);
      return;
    }
    int middle = groups.size() / 2;
    writeOrSplit(groups.subList(0, middle), exchanges);
    if (!hasToDo()) {
      writeOrSplit(groups.subList(middle, groups.size()), exchanges);
    }
  }

  /**
   * @param takers what goes with it
   */
  private Rejection rejection(RowChange row, List<RowChange> takers, SQLException refusal) {
    MainTable table = statements.table(row.table());
    List<Integer> key = keyColumns.getOrDefault(row.table(), List.of());
    String words = MainRefusal.words(refusal);
    Rejection one = rejection(table, key, row, words);
    if (takers.isEmpty()) {
      return one;
    }
    String more =
        takers.size() > TAKERS_TOLD ? " and " + (takers.size() - TAKERS_TOLD) + " more" : "";
    return new Rejection(
        one.table(),
        one.key(),
        Stream.concat(Stream.of(row), takers.stream())
            .map(change -> change.units().getFirst())
            .distinct()
            .sorted()
            .toList(),
        takers.stream()
            .limit(TAKERS_TOLD)
            .map(taker -> words(keyOf(table, key, taker)))
            .collect(
                Collectors.joining(
                    " and ",
                    words + " (what it gives away goes to ",
                    more + ", so they land together or not at all)")));
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
