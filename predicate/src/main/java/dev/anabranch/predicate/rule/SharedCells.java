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

  /** A row by the first of the keys that it had on the branch. */
  private record Row(TableId table, Key first) {}

  /** What one unit changed of a row, by column number. */
  private record Change(long unit, Set<Integer> columns) {}

  private final Map<Row, Key> renamed = new HashMap<>();
  private final Map<Row, List<Change>> changes = new HashMap<>();
  private final Map<Row, List<NewestRow>> onMain = new HashMap<>();
  private final Map<TableId, TableShape> mains = new HashMap<>();
  private final Set<TableId> unknown = new HashSet<>();
  private final Map<Write, Set<Integer>> known = new IdentityHashMap<>();

  /**
   * @param units all of the branch
   * @param main what main has changed since the fork point
   */
  public SharedCells(List<Unit> units, Delta main, Landed landed) {
    units.forEach(this::take);
    main.tables().forEach((table, delta) -> take(table, delta, landed));
  }

  private void take(Unit unit) {
    Map<TableId, TableShape> shapes = shapes(unit);
    for (Write write : unit.writes()) {
      TableShape shape = shapes.get(write.table());
      if (write instanceof Write.Update update && shape != null && shape.hasKey()) {
        Key before = shape.keyOf(update.before());
        Key after = shape.keyOf(update.after());
        Row row = row(write.table(), before);
        if (!before.equals(after)) {
          renamed.put(new Row(write.table(), after), row.first());
        }
        changes
            .computeIfAbsent(row, _ -> new ArrayList<>())
            .add(new Change(unit.id(), differing(shape, update.before(), update.after())));
      }
    }
  }

  private void take(TableId table, TableDelta delta, Landed landed) {
    if (!(delta instanceof TableDelta.Rows rows)
        || !rows.shape().hasKey()
        || !landed.renumbered().getOrDefault(table, Map.of()).isEmpty()) {
      unknown.add(table);
      return;
    }
    mains.put(table, rows.shape());
    for (NewestRow changed : rows.rows()) {
      onMain.computeIfAbsent(row(table, changed.key()), _ -> new ArrayList<>()).add(changed);
    }
  }

  private Row row(TableId table, Key key) {
    Row row = new Row(table, key);
    Key first = renamed.get(row);
    return first == null ? row : new Row(table, first);
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
    for (Image image : images(write)) {
      if (!shape.keyIsIn(image)) {
        continue;
      }
      Row row = row(write.table(), shape.keyOf(image));
      changes.getOrDefault(row, List.of()).stream()
          .filter(change -> change.unit() != unit.id())
          .forEach(change -> columns.addAll(change.columns()));
      onMain.getOrDefault(row, List.of()).stream()
          .flatMap(changed -> changed.now().stream())
          .forEach(now -> columns.addAll(differing(shape, image, write.table(), now)));
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

  private static List<Image> images(Write write) {
    return switch (write) {
      case Write.Insert insert -> List.of(insert.after());
      case Write.Update update -> List.of(update.before(), update.after());
      case Write.Delete delete -> List.of(delete.before());
      case Write.Truncate ignored -> List.of();
    };
  }
}
