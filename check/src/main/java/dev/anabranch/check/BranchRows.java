package dev.anabranch.check;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows of the fork point, found on the branch itself.
 *
 * <p>Nobody but its clients writes to a branch, and all that they wrote is in its units. So a row
 * that no unit wrote is as it was at the fork point, and of a row that one did, the first write's
 * old row is. The branch is read in a snapshot from before its log was: what the snapshot may see
 * is in the units.
 */
final class BranchRows {

  private static final Logger LOG = LoggerFactory.getLogger(BranchRows.class);

  private final Connection snapshot;
  private final Map<TableId, Table> tables = new HashMap<>();

  /** What units wrote to one table: the row before the first write to it, where that is known. */
  private static final class Table {
    final TableShape shape;
    final Map<Key, Optional<Image>> first = new HashMap<>();
    final Set<Key> unknown = new HashSet<>();
    boolean followed = true;

    Table(TableShape shape) {
      this.shape = shape;
    }
  }

  /** Rows that were found, and keys that have to be looked up at the fork point itself. */
  record Found(Map<Key, Image> rows, List<Key> elsewhere) {}

  /**
   * @param snapshot what {@link #begin} made of a connection to the branch, as it was before the
   *     units were read
   * @param units all of the branch's
   * @param asAtFork tables that have the definition and the rows of the fork point, and what the
   *     units wrote
   */
  BranchRows(Connection snapshot, List<Unit> units, Map<TableId, TableShape> asAtFork) {
    this.snapshot = snapshot;
    asAtFork.forEach((id, shape) -> tables.put(id, new Table(shape)));
    units.forEach(this::take);
  }

  /** Takes a snapshot that stays until the connection is closed. */
  static Connection begin(Connection branch) throws SQLException {
    branch.setAutoCommit(false);
    try (Statement statement = branch.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
      // A query: SET alone takes no snapshot.
      statement.execute("SELECT pg_catalog.set_config('lock_timeout', '1s', true)");
    }
    return branch;
  }

  private void take(Unit unit) {
    Map<TableId, TableShape> layouts = new HashMap<>();
    unit.shapes().forEach(layout -> layouts.put(layout.id(), layout));
    for (Write write : unit.writes()) {
      Table table = tables.get(write.table());
      if (table != null) {
        table.followed &= table.shape.hasKey() && table.shape.equals(layouts.get(write.table()));
        if (table.followed) {
          take(table, write);
        }
      }
    }
  }

  private static void take(Table table, Write write) {
    switch (write) {
      case Write.Insert insert -> written(table, insert.after(), Optional.empty());
      case Write.Update update -> {
        written(table, update.before(), Optional.of(update.before()));
        written(table, update.after(), Optional.empty());
      }
      case Write.Delete delete -> written(table, delete.before(), Optional.of(delete.before()));
      case Write.Truncate ignored -> table.followed = false;
    }
  }

  private static void written(Table table, Image row, Optional<Image> before) {
    if (!table.shape.keyIsIn(row)) {
      table.followed = false;
      return;
    }
    Key key = table.shape.keyOf(row);
    if (!table.first.containsKey(key) && !table.unknown.contains(key)) {
      if (before.isPresent() && !before.get().isWhole()) {
        table.unknown.add(key);
      } else {
        table.first.put(key, before);
      }
    }
  }

  Found read(TableShape shape, Collection<Key> keys) {
    Table table = tables.get(shape.id());
    if (table == null || !table.followed || !table.shape.equals(shape)) {
      return new Found(Map.of(), List.copyOf(keys));
    }
    Map<Key, Image> rows = new HashMap<>();
    List<Key> untouched =
        keys.stream()
            .filter(key -> !table.first.containsKey(key) && !table.unknown.contains(key))
            .toList();
    try {
      rows.putAll(untouched(shape, untouched));
    } catch (SQLException e) {
      LOG.debug("Rows of the fork point could not be read on the branch", e);
      return new Found(Map.of(), List.copyOf(keys));
    }
    keys.forEach(key ->
        table.first.getOrDefault(key, Optional.empty()).ifPresent(image -> rows.put(key, image)));
    return new Found(rows, keys.stream().filter(table.unknown::contains).toList());
  }

  /** Going back lets go of the locks, which the branch's clients may wait for. */
  private Map<Key, Image> untouched(TableShape shape, List<Key> keys) throws SQLException {
    Savepoint savepoint = snapshot.setSavepoint();
    Map<Key, Image> rows = new RowReader(snapshot).read(shape, keys);
    snapshot.rollback(savepoint);
    return rows;
  }
}
