package dev.anabranch.predicate.rule;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
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
import dev.anabranch.predicate.timeline.Landed;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The cells of a row that others wrote as well: main, or other units of the branch. Whether a
 * unit's row is among those that are read is decided by all of them together, so none of its images
 * alone says that it is not. Not thread-safe.
 */
public final class SharedCells {

  /** None, as if nobody else had written any row. */
  public static final SharedCells NONE =
      new SharedCells(List.of(), new Delta(Lsn.ZERO, Lsn.ZERO, Map.of()), Landed.NOTHING);

  private record Called(TableId table, Key key) {}

  /**
   * A row, by the first of the keys that it had.
   *
   * @param made 0 for one that was there at the fork point, another number for each that the branch
   *     has made
   */
  private record Row(Called first, int made) {}

  /** What one unit changed of a row, by column number. */
  private record Change(long unit, Set<Integer> columns) {}

  private final Map<Called, Row> now = new HashMap<>();
  private final Map<Called, Set<Row>> ever = new HashMap<>();
  private final IdentityHashMap<Write, Row> written = new IdentityHashMap<>();
  private final Map<Row, List<Change>> changes = new HashMap<>();
  private final Map<Row, Called> landed = new HashMap<>();
  private final Map<Called, NewestRow> onMain = new HashMap<>();
  private final Map<TableId, TableShape> mains = new HashMap<>();
  private final Set<TableId> unknown = new HashSet<>();
  private final IdentityHashMap<Write, Set<Integer>> known = new IdentityHashMap<>();
  private int made;

  /**
   * @param units all of the branch, in commit order
   * @param main what main has changed since the fork point
   */
  public SharedCells(List<Unit> units, Delta main, Landed landed) {
    Often often = Often.of(units, main);
    units.forEach(unit -> take(unit, landed.units().contains(unit.id()), often));
    main.tables().forEach((table, delta) -> take(table, delta, landed));
  }

  /**
   * Rows that are written once, and by nobody else, are most of a large branch, and share no cell:
   * they are told from the others by the hashes of their keys, and nothing is kept of them.
   */
  private record Often(BitSet once, BitSet more) {

    private static final int PLACES = 1 << 24;

    static Often of(List<Unit> units, Delta main) {
      Often often = new Often(new BitSet(), new BitSet());
      for (Unit unit : units) {
        Map<TableId, TableShape> shapes = shapes(unit);
        for (Write write : unit.writes()) {
          TableShape shape = shapes.get(write.table());
          if (shape != null && shape.hasKey() && write.isWhole()) {
            often.note(write.table(), keys(shape, write));
          }
        }
      }
      main.tables()
          .forEach((table, delta) -> {
            if (delta instanceof TableDelta.Rows rows) {
              rows.rows().forEach(row -> often.more.set(place(table, row.key())));
            }
          });
      return often;
    }

    private void note(TableId table, Set<Key> keys) {
      for (Key key : keys) {
        int place = place(table, key);
        if (keys.size() > 1 || once.get(place)) {
          more.set(place);
        }
        once.set(place);
      }
    }

    boolean isWritten(TableId table, Set<Key> keys) {
      return keys.stream().anyMatch(key -> more.get(place(table, key)));
    }

    private static int place(TableId table, Key key) {
      int hash = 31 * table.hashCode() + key.hashCode();
      return (hash ^ hash >>> 8) & (PLACES - 1);
    }
  }

  private static Set<Key> keys(TableShape shape, Write write) {
    return write.images().stream().map(shape::keyOf).collect(Collectors.toSet());
  }

  private void take(Unit unit, boolean isOnMain, Often often) {
    Map<TableId, TableShape> shapes = shapes(unit);
    for (Write write : unit.writes()) {
      TableShape shape = shapes.get(write.table());
      if (shape == null || !shape.hasKey() || !write.isWhole()) {
        continue;
      }
      if (!(write instanceof Write.Truncate)
          && !often.isWritten(write.table(), keys(shape, write))) {
        continue;
      }
      switch (write) {
        case Write.Insert insert -> {
          Called called = new Called(write.table(), shape.keyOf(insert.after()));
          made++;
          call(write, called, new Row(called, made), isOnMain);
        }
        case Write.Update update -> {
          Called before = new Called(write.table(), shape.keyOf(update.before()));
          Called after = new Called(write.table(), shape.keyOf(update.after()));
          Row row = now.getOrDefault(before, new Row(before, 0));
          if (!before.equals(after)) {
            now.remove(before);
          }
          ever.computeIfAbsent(before, _ -> new HashSet<>()).add(row);
          call(write, after, row, isOnMain);
          changes
              .computeIfAbsent(row, _ -> new ArrayList<>())
              .add(new Change(unit.id(), differing(shape, update.before(), update.after())));
        }
        case Write.Delete delete -> {
          Called called = new Called(write.table(), shape.keyOf(delete.before()));
          call(write, called, now.getOrDefault(called, new Row(called, 0)), false);
          now.remove(called);
        }
        case Write.Truncate ignored ->
            now.keySet().removeIf(row -> row.table().equals(write.table()));
      }
    }
  }

  private void call(Write write, Called called, Row row, boolean isOnMain) {
    now.put(called, row);
    if (isOnMain) {
      landed.put(row, called);
    }
    ever.computeIfAbsent(called, _ -> new HashSet<>()).add(row);
    written.put(write, row);
  }

  private void take(TableId table, TableDelta delta, Landed landed) {
    if (!(delta instanceof TableDelta.Rows rows)
        || !rows.shape().hasKey()
        || !landed.renumbered().getOrDefault(table, Map.of()).isEmpty()) {
      unknown.add(table);
      return;
    }
    mains.put(table, rows.shape());
    rows.rows().forEach(row -> onMain.put(new Called(table, row.key()), row));
  }

  /** Main knows a row by the key that it had at the fork point, or under which it landed. */
  private Optional<Image> onMain(Row row) {
    Called called = landed.get(row);
    if (called == null && row.made() > 0) {
      return Optional.empty();
    }
    return Optional.ofNullable(onMain.get(called == null ? row.first() : called))
        .flatMap(NewestRow::now);
  }

  /** The rows that a write may be about: of one that was made up of others, all of its keys. */
  private Set<Row> rows(TableShape shape, Write write) {
    Row row = written.get(write);
    if (row != null) {
      return Set.of(row);
    }
    Set<Row> rows = new HashSet<>();
    for (Image image : write.images()) {
      if (shape.keyIsIn(image)) {
        Called called = new Called(write.table(), shape.keyOf(image));
        rows.add(new Row(called, 0));
        rows.addAll(ever.getOrDefault(called, Set.of()));
      }
    }
    return rows;
  }

  private static Map<TableId, TableShape> shapes(Unit unit) {
    return unit.shapes().stream()
        .collect(Collectors.toMap(TableShape::id, shape -> shape, (one, _) -> one));
  }

  private static Set<Integer> differing(TableShape shape, Image one, Image other) {
    return IntStream.range(0, shape.columns().size())
        .filter(place -> !one.sameAt(place, other))
        .map(place -> shape.columns().get(place).number())
        .boxed()
        .collect(Collectors.toSet());
  }

  /**
   * The places in a write's images of which others may decide.
   *
   * @param shape the layout of the images
   */
  Set<Integer> of(Unit unit, TableShape shape, Write write) {
    return known.computeIfAbsent(write, _ -> find(unit, shape, write));
  }

  private Set<Integer> find(Unit unit, TableShape shape, Write write) {
    if (unknown.contains(write.table()) && !(write instanceof Write.Insert)) {
      return IntStream.range(0, shape.columns().size()).boxed().collect(Collectors.toSet());
    }
    if (!shape.hasKey()) {
      return Set.of();
    }
    Set<Integer> columns = new HashSet<>();
    for (Row row : rows(shape, write)) {
      changes.getOrDefault(row, List.of()).stream()
          .filter(change -> change.unit() != unit.id())
          .forEach(change -> columns.addAll(change.columns()));
      onMain(row)
          .ifPresent(mains ->
              write
                  .images()
                  .forEach(image -> columns.addAll(differing(shape, image, write.table(), mains))));
    }
    return columns.isEmpty()
        ? Set.of()
        : columns.stream()
            .map(shape::indexOf)
            .filter(place -> place >= 0)
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The columns of which main's row has, or may have, other cells than an image of the branch's.
   */
  private Set<Integer> differing(TableShape shape, Image image, TableId table, Image now) {
    Optional<TableShape> main = Optional.ofNullable(mains.get(table));
    Set<Integer> columns = new HashSet<>();
    for (int place = 0; place < shape.columns().size(); place++) {
      Column column = shape.columns().get(place);
      int there = main.map(found -> found.indexOf(column.number())).orElse(-1);
      // A cell that main has not touched since the fork point is in no image of the feed.
      boolean untouched = there >= 0 && now.cells().get(there) == Cell.Absent.UNCHANGED;
      if (!untouched && (there < 0 || !now.cells().get(there).equals(image.cells().get(place)))) {
        columns.add(column.number());
      }
    }
    return columns;
  }
}
