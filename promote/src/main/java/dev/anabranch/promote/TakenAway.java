package dev.anabranch.promote;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * To which tables a unit wrote rows that the branch itself removed, made again or moved to another
 * value of a constraint later, or that main has changed, so that a decision may be for main's. Of
 * these rows nothing may land as the statement wrote it, and no constraint of main's is asked once
 * more whether there is room for it.
 */
final class TakenAway {

  /** In a unique index, it stands for an expression. */
  private static final int EXPRESSION = 0;

  private final Map<TableId, Set<Integer>> constrained = new HashMap<>();
  private final Map<TableId, Map<Key, Set<Long>>> writers = new HashMap<>();
  private final Map<TableId, Set<Long>> all = new HashMap<>();
  private final Map<Long, Set<TableId>> taken = new HashMap<>();
  private final SchemaSnapshot schema;
  private final Delta main;
  private final Map<TableId, Set<Key>> changed = new HashMap<>();

  /**
   * @param units all of the branch, in commit order
   * @param schema the tables at the fork point
   * @param main what main has changed since
   */
  TakenAway(List<Unit> units, SchemaSnapshot schema, Delta main) {
    this.schema = schema;
    this.main = main;
    Set<TableId> changing = new HashSet<>();
    for (Unit unit : units) {
      Map<TableId, TableShape> shapes = shapes(unit);
      unit.writes().stream()
          .filter(write -> !(write instanceof Write.Insert) && moves(write, shapes))
          .map(Write::table)
          .forEach(changing::add);
    }
    if (!changing.isEmpty()) {
      units.forEach(unit -> take(unit, changing));
    }
  }

  /** The tables, of these or, where nobody knows which, of all that a unit wrote. */
  Set<TableId> of(long unit, Optional<Set<TableId>> tables) {
    Set<TableId> all = new HashSet<>(taken.getOrDefault(unit, Set.of()));
    tables.ifPresent(all::retainAll);
    return all;
  }

  private static Map<TableId, TableShape> shapes(Unit unit) {
    return unit.shapes().stream()
        .collect(Collectors.toMap(TableShape::id, shape -> shape, (one, other) -> other));
  }

  private void take(Unit unit, Set<TableId> changing) {
    Map<TableId, TableShape> shapes = shapes(unit);
    for (Write write : unit.writes()) {
      if (!changing.contains(write.table()) || !moves(write, shapes)) {
        continue;
      }
      TableShape shape = shapes.get(write.table());
      Set<Long> known = all.computeIfAbsent(write.table(), _ -> new HashSet<>());
      if (write instanceof Write.Truncate
          || shape == null
          || !shape.hasKey()
          || !write.images().stream().allMatch(shape::keyIsIn)) {
        known.forEach(earlier -> mark(earlier, write.table()));
        known.add(unit.id());
        mark(unit.id(), write.table());
        continue;
      }
      known.add(unit.id());
      Map<Key, Set<Long>> byKey = writers.computeIfAbsent(write.table(), _ -> new HashMap<>());
      Set<Key> keys = write.images().stream().map(shape::keyOf).collect(Collectors.toSet());
      if (mayBeMains(write.table(), keys)) {
        mark(unit.id(), write.table());
      }
      keys.forEach(key ->
          byKey.getOrDefault(key, Set.of()).forEach(earlier -> mark(earlier, write.table())));
      keys.forEach(key -> byKey.computeIfAbsent(key, _ -> new HashSet<>(2)).add(unit.id()));
    }
  }

  private boolean mayBeMains(TableId table, Set<Key> keys) {
    return switch (main.of(table)) {
      case TableDelta.Rows rows ->
          !Collections.disjoint(
              changed.computeIfAbsent(
                  table, _ -> rows.rows().stream().map(NewestRow::key).collect(Collectors.toSet())),
              keys);
      case TableDelta.Touched ignored -> true;
      case TableDelta.Unwatched ignored -> true;
    };
  }

  private void mark(long unit, TableId table) {
    taken.computeIfAbsent(unit, _ -> new HashSet<>()).add(table);
  }

  /** Whether constraints that compare rows may find another row, or none, after it. */
  private boolean moves(Write write, Map<TableId, TableShape> shapes) {
    return !(write instanceof Write.Update update)
        || differs(update, shapes.get(write.table()), constrained(write.table()));
  }

  private static boolean differs(
      Write.Update update, @Nullable TableShape shape, Set<Integer> columns) {
    return shape == null
        || IntStream.range(0, shape.columns().size())
            .anyMatch(place ->
                (columns.contains(EXPRESSION)
                        || columns.contains(shape.columns().get(place).number()))
                    && !update.before().sameAt(place, update.after()));
  }

  /** The columns by which constraints of a table compare its rows with others. */
  private Set<Integer> constrained(TableId table) {
    return constrained.computeIfAbsent(
        table,
        _ -> {
          Relation relation = schema.relations().get(table);
          if (relation == null) {
            return Set.of(EXPRESSION);
          }
          Set<Integer> columns = new HashSet<>(relation.followed());
          relation
              .uniques()
              .forEach(unique -> {
                columns.addAll(unique.columns());
                columns.addAll(unique.read());
              });
          relation.references().forEach(reference -> columns.addAll(reference.columns()));
          schema.relations().values().stream()
              .filter(Objects::nonNull)
              .flatMap(child -> child.references().stream())
              .filter(reference -> reference.parent().equals(table))
              .forEach(reference -> columns.addAll(reference.parentColumns()));
          // What is computed may be another one after any change.
          if (!Collections.disjoint(columns, relation.generatedColumns())) {
            columns.add(EXPRESSION);
          }
          return columns;
        });
  }
}
