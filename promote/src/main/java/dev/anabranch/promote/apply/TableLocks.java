package dev.anabranch.promote.apply;

import dev.anabranch.base.TableId;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Rejection;
import dev.anabranch.promote.plan.RowChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Locks the tables that a promotion writes, up to the end of its transaction. */
final class TableLocks {

  private final Connection connection;
  private final Optional<LockPatience> patience;
  private final Set<TableId> left = new HashSet<>();

  /**
   * @param patience for what can't be had and is left behind, with all that is written to it; where
   *     there is none, it fails the whole
   */
  TableLocks(Connection connection, Optional<LockPatience> patience) {
    this.connection = connection;
    this.patience = patience;
  }

  /** Locks all of them; one by one where some may be left behind. */
  void take(Collection<MainTable> tables, String mode) throws SQLException {
    if (tables.isEmpty()) {
      return;
    }
    if (patience.isEmpty()) {
      lock(tables, mode);
      return;
    }
    for (MainTable table : tables) {
      Savepoint savepoint = connection.setSavepoint();
      try {
        lock(List.of(table), mode);
        connection.releaseSavepoint(savepoint);
      } catch (SQLException e) {
        if (!MainRefusal.isLocked(e)) {
          throw e;
        }
        connection.rollback(savepoint);
        left.add(table.id());
        patience.get().wasInVain();
      }
    }
  }

  private void lock(Collection<MainTable> tables, String mode) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          tables.stream()
              .map(table -> "ONLY " + table.shape().quotedName())
              .sorted()
              .collect(Collectors.joining(", ", "LOCK TABLE ", " IN " + mode + " MODE")));
    }
  }

  /** The changes that have to stay behind, because their tables could not be had. */
  List<Rejection> rejections(
      List<RowChange> changes,
      Map<TableId, MainTable> tables,
      Map<TableId, List<Integer>> keyColumns) {
    List<Rejection> rejections = new ArrayList<>();
    for (RowChange change : changes) {
      MainTable table = tables.get(change.table());
      if (table != null && left.contains(change.table())) {
        rejections.add(
            RowWriter.rejection(
                table,
                keyColumns.getOrDefault(change.table(), List.of()),
                change,
                "of its table, " + MainRefusal.LOCKED));
      }
    }
    return rejections;
  }
}
