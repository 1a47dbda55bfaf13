package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
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
   * @param drawn by {@link NumberRequest#placeholder()}
   */
  public static Numbered of(Plan plan, Map<String, Long> drawn) {
    List<RowChange> changes =
        plan.changes().stream().map(change -> resolve(change, drawn)).toList();
    Map<TableId, Map<Key, Key>> moved = new LinkedHashMap<>();
    for (RowChange change : plan.changes()) {
      Key from = new Key(change.key().values().stream().map(NewKey::original).toList());
      Key to = resolve(change.key(), drawn);
      if (!from.equals(to)) {
        moved.computeIfAbsent(change.table(), _ -> new LinkedHashMap<>()).put(from, to);
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

  private static RowChange resolve(RowChange change, Map<String, Long> drawn) {
    return switch (change) {
      case RowChange.Insert(var table, var key, var cells, var units) ->
          new RowChange.Insert(table, resolve(key, drawn), resolve(cells, drawn), units);
      case RowChange.Update(var table, var key, var before, var cells, var units) ->
          new RowChange.Update(table, key, before, resolve(cells, drawn), units);
      case RowChange.Delete delete -> delete;
    };
  }

  private static Key resolve(Key key, Map<String, Long> drawn) {
    return new Key(key.values().stream().map(value -> NewKey.resolved(value, drawn)).toList());
  }

  private static NavigableMap<Integer, Cell> resolve(
      NavigableMap<Integer, Cell> cells, Map<String, Long> drawn) {
    NavigableMap<Integer, Cell> resolved = new TreeMap<>(cells);
    resolved.replaceAll((column, cell) ->
        cell instanceof Cell.Text(String text)
            ? new Cell.Text(NewKey.resolved(text, drawn))
            : cell);
    return resolved;
  }
}
