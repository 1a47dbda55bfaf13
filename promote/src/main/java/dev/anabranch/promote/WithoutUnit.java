package dev.anabranch.promote;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.rule.Changes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/** What would change about the branch's rows if one unit had not been written. */
final class WithoutUnit implements Changes {

  private final Map<TableId, TableShape> shapes = new HashMap<>();
  private final Map<TableId, Map<Key, Optional<Image>>> before = new HashMap<>();
  private final Map<TableId, Map<Key, Image>> after = new HashMap<>();
  private final Set<TableId> wholly = new HashSet<>();
  private final SchemaSnapshot schema;

  private final BiPredicate<TableId, Key> alone;

  /**
   * @param schema the tables at the fork point
   * @param alone whether neither main nor another unit has written a row, so that what the unit
   *     found is what would be there without it
   */
  WithoutUnit(Unit unit, SchemaSnapshot schema, BiPredicate<TableId, Key> alone) {
    this.schema = schema;
    this.alone = alone;
    unit.shapes().forEach(shape -> shapes.put(shape.id(), shape));
    unit.writes().forEach(this::take);
  }

  private void take(Write write) {
    TableShape shape = shapes.get(write.table());
    if (shape == null || !shape.hasKey() || !write.isWhole() || write instanceof Write.Truncate) {
      wholly.add(write.table());
      return;
    }
    Map<Key, Optional<Image>> old =
        before.computeIfAbsent(write.table(), _ -> new LinkedHashMap<>());
    Map<Key, Image> now = after.computeIfAbsent(write.table(), _ -> new HashMap<>());
    switch (write) {
      case Write.Insert insert -> come(shape, insert.after(), old, now);
      case Write.Update update -> {
        go(shape, update.before(), old, now);
        come(shape, update.after(), old, now);
      }
      case Write.Delete delete -> go(shape, delete.before(), old, now);
      case Write.Truncate ignored -> {}
    }
  }

  private void go(TableShape shape, Image row, Map<Key, Optional<Image>> old, Map<Key, Image> now) {
    old.putIfAbsent(named(shape, row), Optional.of(row));
    now.remove(shape.keyOf(row));
  }

  private void come(
      TableShape shape, Image row, Map<Key, Optional<Image>> old, Map<Key, Image> now) {
    old.putIfAbsent(named(shape, row), Optional.empty());
    now.put(shape.keyOf(row), row);
  }

  private Key named(TableShape shape, Image row) {
    Key key = shape.keyOf(row);
    if (!alone.test(shape.id(), key)) {
      wholly.add(shape.id());
    }
    return key;
  }

  @Override
  public TableDelta of(TableId table) {
    if (wholly.contains(table)) {
      return new TableDelta.Unwatched("not all of its rows is known");
    }
    TableShape shape =
        Optional.ofNullable(shapes.get(table))
            .or(() -> Optional.ofNullable(schema.relations().get(table)).map(Relation::shape))
            .orElse(null);
    return shape == null
        ? new TableDelta.Unwatched("it is a table that is new")
        : new TableDelta.Rows(
            shape,
            before.getOrDefault(table, Map.of()).entrySet().stream()
                .map(row -> new NewestRow(row.getKey(), row.getValue(), Lsn.ZERO))
                .toList());
  }

  @Override
  public Map<Key, Image> forkImages(TableDelta.Rows delta) {
    return after.getOrDefault(delta.shape().id(), Map.of());
  }
}
