package dev.anabranch.check;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.rule.Changes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of a database's tables at three moments, by brute force: at the fork point, on a branch
 * and on main, each inside one transaction that is rolled back.
 */
@SuppressWarnings("NullAway") // images of every table are there
record ThreeStates(Connection connection, SchemaSnapshot schema) {

  private List<TableShape> shapes() {
    return schema.relations().values().stream()
        .filter(relation -> relation.kind() == 'r')
        .map(SchemaSnapshot.Relation::shape)
        .toList();
  }

  /** All rows, by table and key. */
  Map<TableId, Map<Key, Image>> images() throws SQLException {
    Map<TableId, Map<Key, Image>> all = new HashMap<>();
    for (TableShape shape : shapes()) {
      Map<Key, Image> images = new HashMap<>();
      String columns =
          String.join(", ", shape.columns().stream().map(column -> column.name()).toList());
      try (Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery("SELECT " + columns + " FROM ONLY " + shape.quotedName())) {
        while (row.next()) {
          Image image = RowReader.image(row, shape.columns().size());
          images.put(shape.keyOf(image), image);
        }
      }
      all.put(shape.id(), images);
    }
    return all;
  }

  /** The branch's net writes over main's rows, cell by cell; the branch wins. */
  void layOver(
      Map<TableId, Map<Key, Image>> fork,
      Map<TableId, Map<Key, Image>> branch,
      Map<TableId, Map<Key, Image>> main)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL session_replication_role = replica");
    }
    for (TableShape shape : shapes()) {
      for (Key key : keys(fork.get(shape.id()), branch.get(shape.id()))) {
        Image base = fork.get(shape.id()).get(key);
        Image ours = branch.get(shape.id()).get(key);
        Image theirs = main.get(shape.id()).get(key);
        if (Objects.equals(base, ours)) {
          continue;
        }
        Image merged = ours;
        if (base != null && ours != null && theirs != null) {
          List<Cell> cells = new ArrayList<>();
          for (int i = 0; i < base.cells().size(); i++) {
            boolean changed = !base.cells().get(i).equals(ours.cells().get(i));
            cells.add(changed ? ours.cells().get(i) : theirs.cells().get(i));
          }
          merged = new Image(cells);
        }
        write(shape, key, Optional.ofNullable(merged));
      }
    }
  }

  private void write(TableShape shape, Key key, Optional<Image> image) throws SQLException {
    StringBuilder where = new StringBuilder();
    for (int i = 0; i < shape.keyColumns().size(); i++) {
      where
          .append(i == 0 ? " WHERE " : " AND ")
          .append(shape.keyColumns().get(i).name())
          .append(" = '")
          .append(key.values().get(i))
          .append("'");
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM ONLY " + shape.quotedName() + where);
      if (image.isPresent()) {
        List<String> values = new ArrayList<>();
        image
            .get()
            .cells()
            .forEach(cell ->
                values.add(
                    cell.text() == null ? "NULL" : "'" + cell.text().replace("'", "''") + "'"));
        String columns =
            String.join(", ", shape.columns().stream().map(column -> column.name()).toList());
        statement.execute(
            "INSERT INTO "
                + shape.quotedName()
                + " ("
                + columns
                + ") VALUES ("
                + String.join(", ", values)
                + ")");
      }
    }
  }

  /**
   * Main's changes up to one position.
   *
   * @param former main as it was at the position before
   * @param position of all that has changed since
   */
  Delta delta(
      Map<TableId, Map<Key, Image>> fork,
      Map<TableId, Map<Key, Image>> former,
      Map<TableId, Map<Key, Image>> main,
      Lsn position) {
    Map<TableId, TableDelta> tables = new HashMap<>();
    for (SchemaSnapshot.Relation relation : schema.relations().values()) {
      TableId table = relation.shape().id();
      if (relation.kind() == 'r') {
        List<NewestRow> changed = new ArrayList<>();
        Set<Key> keys = keys(fork.get(table), former.get(table));
        keys.addAll(main.get(table).keySet());
        for (Key key : keys) {
          Image now = main.get(table).get(key);
          boolean since = !Objects.equals(former.get(table).get(key), now);
          boolean before = !Objects.equals(fork.get(table).get(key), former.get(table).get(key));
          if (since || before) {
            changed.add(
                new NewestRow(
                    key,
                    Optional.ofNullable(now),
                    since ? position : new Lsn(position.value() - 1)));
          }
        }
        tables.put(table, new TableDelta.Rows(relation.shape(), changed));
      }
    }
    return new Delta(Lsn.ZERO, position, tables);
  }

  /** What main changed. */
  Changes changes(Map<TableId, Map<Key, Image>> fork, Map<TableId, Map<Key, Image>> main) {
    return new Changes() {
      @Override
      public TableDelta of(TableId table) {
        SchemaSnapshot.Relation relation = schema.relations().get(table);
        if (relation == null || relation.kind() != 'r') {
          return new TableDelta.Unwatched("it has no rows");
        }
        List<NewestRow> changed = new ArrayList<>();
        for (Key key : keys(fork.get(table), main.get(table))) {
          Optional<Image> now = Optional.ofNullable(main.get(table).get(key));
          if (!Optional.ofNullable(fork.get(table).get(key)).equals(now)) {
            changed.add(new NewestRow(key, now, new Lsn(2)));
          }
        }
        return new TableDelta.Rows(relation.shape(), changed);
      }

      @Override
      public Map<Key, Image> forkImages(TableDelta.Rows delta) {
        return fork.get(delta.shape().id());
      }
    };
  }

  private static Set<Key> keys(Map<Key, Image> one, Map<Key, Image> other) {
    Set<Key> keys = new HashSet<>(one.keySet());
    keys.addAll(other.keySet());
    return keys;
  }

  /** What the branch wrote, as one transaction. */
  Unit unit(Map<TableId, Map<Key, Image>> fork, Map<TableId, Map<Key, Image>> branch) {
    List<Write> writes = new ArrayList<>();
    for (TableShape shape : shapes()) {
      for (Key key : keys(fork.get(shape.id()), branch.get(shape.id()))) {
        Image before = fork.get(shape.id()).get(key);
        Image after = branch.get(shape.id()).get(key);
        if (before == null && after != null) {
          writes.add(new Write.Insert(shape.id(), new Lsn(1), after));
        } else if (before != null && after == null) {
          writes.add(new Write.Delete(shape.id(), new Lsn(1), before));
        } else if (before != null && after != null && !before.equals(after)) {
          writes.add(new Write.Update(shape.id(), new Lsn(1), before, after));
        }
      }
    }
    return new Unit(1, new BranchId(1), 1, new Lsn(1), Instant.EPOCH, shapes(), writes);
  }
}
