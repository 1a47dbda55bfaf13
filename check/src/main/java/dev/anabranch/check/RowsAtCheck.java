package dev.anabranch.check;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.rule.RowsBefore;
import dev.anabranch.predicate.rule.SchemaDrift;
import dev.anabranch.predicate.rule.WrittenKeys;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Main's rows as they were at a check: those that main had changed since the fork point are among
 * its changes, and the others are as they were there, which the branch still has where it wrote
 * nothing.
 *
 * <p>The branch is read in one snapshot, under locks that were there before it: who rewrites or
 * empties a table leaves nothing for a snapshot from before. Not thread-safe.
 */
final class RowsAtCheck implements RowsBefore {

  private static final Logger LOG = LoggerFactory.getLogger(RowsAtCheck.class);

  /** More are not looked up at once: main's writers may wait for it. */
  private static final int AT_ONCE = 10_000;

  private static final String LOCK_PATIENCE = "100ms";

  /** Opens the branch. */
  interface Opening {

    /** A connection to it, as its owner. */
    Connection connect() throws SQLException;

    /** Whether it has been left as it was when it was checked, up to now. */
    boolean isAsChecked() throws SQLException;
  }

  private final CheckedBranch checked;
  private final Opening opening;
  private final WrittenKeys written;
  private final Map<TableId, TableShape> asAtFork;
  private final Map<TableId, Map<Key, Optional<Image>>> known = new HashMap<>();
  private Optional<Connection> snapshot = Optional.empty();
  private boolean opened;

  /**
   * @param tables whose rows may be asked for
   * @param written the rows that the branch wrote
   */
  RowsAtCheck(CheckedBranch checked, Set<TableId> tables, WrittenKeys written, Opening opening) {
    this.checked = checked;
    this.opening = opening;
    this.written = written;
    this.asAtFork = asAtFork(checked, tables);
  }

  /** Tables that the branch and main's fork point define alike, and whose rows it began with. */
  private static Map<TableId, TableShape> asAtFork(CheckedBranch checked, Set<TableId> tables) {
    if (checked.branch().parent().isPresent()) {
      return Map.of();
    }
    SchemaSnapshot branch = checked.history().branchAtFork();
    Set<TableId> altered = new SchemaDrift(branch, checked.history().branchNow()).altered();
    return branch.relations().values().stream()
        .filter(relation -> relation.kind() == 'r' && relation.persistence() == 'p')
        .map(SchemaSnapshot.Relation::shape)
        .filter(shape ->
            tables.contains(shape.id())
                && !altered.contains(shape.id())
                && shape.hasKey()
                && Optional.ofNullable(checked.history().atFork().relations().get(shape.id()))
                    .filter(main -> main.shape().equals(shape))
                    .isPresent())
        .collect(Collectors.toMap(TableShape::id, shape -> shape));
  }

  @Override
  public Map<Key, Optional<Image>> of(TableShape shape, Collection<Key> keys) {
    Optional<Set<Key>> ofBranch = written.of(shape);
    if (!(checked.changes().of(shape.id()) instanceof TableDelta.Rows changed)
        || !changed.shape().equals(shape)
        || !shape.equals(asAtFork.get(shape.id()))
        || ofBranch.isEmpty()
        || keys.size() > AT_ONCE) {
      return Map.of();
    }
    Map<Key, Optional<Image>> rows =
        known.computeIfAbsent(shape.id(), ignored -> changedBefore(changed.rows()));
    List<Key> missing =
        keys.stream()
            .filter(key -> !rows.containsKey(key) && !ofBranch.get().contains(key))
            .distinct()
            .toList();
    if (!missing.isEmpty()) {
      rows.putAll(onBranch(shape, missing));
    }
    Map<Key, Optional<Image>> found = new HashMap<>();
    for (Key key : keys) {
      Optional<Image> row = rows.get(key);
      if (row != null) {
        found.put(key, row);
      }
    }
    return found;
  }

  private static Map<Key, Optional<Image>> changedBefore(List<NewestRow> changed) {
    Map<Key, Optional<Image>> rows = new HashMap<>();
    changed.forEach(row -> rows.put(row.key(), row.now()));
    return rows;
  }

  private Map<Key, Optional<Image>> onBranch(TableShape shape, List<Key> keys) {
    try {
      if (!opened) {
        opened = true;
        snapshot = open();
      }
      if (snapshot.isEmpty()) {
        return Map.of();
      }
      Map<Key, Image> found = new RowReader(snapshot.get()).read(shape, keys);
      Map<Key, Optional<Image>> rows = new HashMap<>();
      keys.forEach(key -> rows.put(key, Optional.ofNullable(found.get(key))));
      return rows;
    } catch (SQLException | AnabranchException e) {
      LOG.debug("rows of the fork point could not be read on the branch", e);
      close();
      return Map.of();
    }
  }

  private Optional<Connection> open() throws SQLException {
    Connection connection = opening.connect();
    try {
      connection.setAutoCommit(false);
      List<String> names =
          asAtFork.values().stream().map(shape -> "ONLY " + shape.quotedName()).toList();
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        statement.execute("SET LOCAL lock_timeout = '" + LOCK_PATIENCE + "'");
        if (!names.isEmpty()) {
          statement.execute("LOCK TABLE " + String.join(", ", names) + " IN ACCESS SHARE MODE");
        }
        // A query: neither SET nor LOCK takes a snapshot.
        statement.execute("SELECT 1");
      }
      if (opening.isAsChecked()) {
        return Optional.of(connection);
      }
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
    connection.close();
    return Optional.empty();
  }

  @Override
  public void close() {
    snapshot.ifPresent(connection -> {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debug("a branch's snapshot could not be closed", e);
      }
    });
    snapshot = Optional.empty();
  }
}
