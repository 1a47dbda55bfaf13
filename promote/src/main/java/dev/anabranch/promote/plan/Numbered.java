package dev.anabranch.promote.plan;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A plan's changes with main's own keys in them.
 *
 * @param changes ready to be written
 * @param renumberings the rows whose keys are others than on the branch
 */
public record Numbered(List<RowChange> changes, List<Renumbering> renumberings) {

  public Numbered {
    changes = List.copyOf(changes);
    renumberings = List.copyOf(renumberings);
  }

  /**
   * Puts drawn values in the places that stand for them.
   *
   * @param drawn main's number for each request of the plan
   */
  public static Numbered of(Plan plan, Map<NumberRequest, Long> drawn) {
    List<RowChange> changes = new ArrayList<>();
    Map<TableId, Map<Key, Key>> moved = new LinkedHashMap<>();
    for (RowChange change : plan.changes()) {
      List<Integer> keyColumns = plan.keyColumns().getOrDefault(change.table(), List.of());
      RowChange resolved = resolve(change, keyColumns, drawn);
      changes.add(resolved);
      if (!resolved.key().equals(change.key())) {
        moved
            .computeIfAbsent(change.table(), _ -> new LinkedHashMap<>())
            .put(change.key(), resolved.key());
      }
    }
    return new Numbered(
        changes,
        moved.entrySet().stream()
            .map(entry ->
                new Renumbering(
                    entry.getKey(),
                    plan.keyColumns().getOrDefault(entry.getKey(), List.of()),
                    entry.getValue()))
            .toList());
  }

  private static RowChange resolve(
      RowChange change, List<Integer> keyColumns, Map<NumberRequest, Long> drawn) {
    return switch (change) {
      case RowChange.Insert(var table, var key, var cells, var units) -> {
        Cells resolved = resolve(cells, drawn);
        yield new RowChange.Insert(
            table, keyColumns.isEmpty() ? key : new Row(resolved).key(keyColumns), resolved, units);
      }
      case RowChange.Update(var table, var key, var before, var cells, var units) ->
          new RowChange.Update(table, key, before, resolve(cells, drawn), units);
      case RowChange.Delete delete -> delete;
    };
  }

  private static Cells resolve(Cells cells, Map<NumberRequest, Long> drawn) {
    if (cells.values().stream().noneMatch(value -> value instanceof CellValue.ToDraw)) {
      return cells;
    }
    NavigableMap<Integer, CellValue> resolved = new TreeMap<>(cells);
    resolved.replaceAll((column, value) ->
        switch (value) {
          case CellValue.Known known -> known;
          case CellValue.ToDraw(NumberRequest request) -> {
            Long number = drawn.get(request);
            if (number == null) {
              throw new IllegalStateException("no number was drawn for " + request);
            }
            yield CellValue.of(number.toString());
          }
        });
    return Cells.of(resolved);
  }
}
