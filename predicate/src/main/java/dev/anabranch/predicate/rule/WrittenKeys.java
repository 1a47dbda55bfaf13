package dev.anabranch.predicate.rule;

import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rows that a branch has written. An answer may have seen main's rows of these keys with the
 * branch's own cells, so main's images alone say nothing of whether they match. Not thread-safe.
 */
public final class WrittenKeys {

  private final Map<TableId, Map<TableShape, List<Image>>> written = new HashMap<>();
  private final Set<TableId> wholly = new HashSet<>();

  /** Asked for each answer, and dear where many rows were written. */
  private final Map<TableShape, Optional<Set<Key>>> known = new HashMap<>();

  public WrittenKeys(List<Unit> units) {
    for (Unit unit : units) {
      Map<TableId, TableShape> shapes = new HashMap<>();
      unit.shapes().forEach(shape -> shapes.put(shape.id(), shape));
      unit.writes().forEach(write -> take(write, shapes));
    }
  }

  private void take(Write write, Map<TableId, TableShape> shapes) {
    TableShape shape = shapes.get(write.table());
    if (shape == null || write instanceof Write.Truncate) {
      wholly.add(write.table());
      return;
    }
    List<Image> images =
        written
            .computeIfAbsent(write.table(), _ -> new HashMap<>())
            .computeIfAbsent(shape, _ -> new ArrayList<>());
    write.images().stream().forEach(images::add);
  }

  /**
   * The keys of a table, in the layout that main has; empty when they can't be told.
   *
   * @param main the table's layout on main
   */
  public Optional<Set<Key>> of(TableShape main) {
    return known.computeIfAbsent(main, this::keys);
  }

  private Optional<Set<Key>> keys(TableShape main) {
    if (wholly.contains(main.id())) {
      return Optional.empty();
    }
    Set<Key> keys = new HashSet<>();
    for (var images : written.getOrDefault(main.id(), Map.of()).entrySet()) {
      if (!main.hasKey() || !columns(images.getKey()).equals(columns(main))) {
        return Optional.empty();
      }
      images.getValue().forEach(image -> keys.add(main.keyOf(image)));
    }
    return Optional.of(keys);
  }

  private static List<List<Long>> columns(TableShape shape) {
    return shape.columns().stream()
        .map((Column column) -> List.of((long) column.number(), column.typeOid()))
        .toList();
  }
}
