package dev.anabranch.predicate.timeline;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * All that a branch has written: its units in commit order, and which of them are on main. There is
 * one of it for all the answers of a branch; what an answer {@link Seen saw} is a few numbers
 * beside it. It is itself and equal to no other.
 */
public final class Past {

  private final List<Unit> units;
  private final Landed landed;
  private final Map<Long, Integer> places = new HashMap<>();
  private final Map<Integer, Touched> touched = new HashMap<>();
  private final Map<TableId, List<Integer>> writers = new HashMap<>();

  /** Tables without a key of which rows were changed or removed; once somebody asks. */
  private Optional<Set<TableId>> unkeyedAndChanged = Optional.empty();

  /** How many rows are taken off main, at most, so that one statement is executed again. */
  private static final int TAKEN_OFF_LIMIT = 1_000;

  /** How many rows are taken off main, at most, for all statements of a check together. */
  private static final int ALL_TAKEN_OFF_LIMIT = 20_000;

  /** A row, by the branch's own key. */
  private record RowOf(TableId table, Key key) {}

  /**
   * What a unit wrote.
   *
   * @param tables the tables
   * @param rows the rows, before and after
   */
  private record Touched(Set<TableId> tables, Set<RowOf> rows) {}

  /**
   * @param units in commit order
   */
  public Past(List<Unit> units, Landed landed) {
    this.units = List.copyOf(units);
    this.landed = landed;
    for (int i = 0; i < units.size(); i++) {
      places.put(units.get(i).id(), i);
    }
  }

  public List<Unit> units() {
    return units;
  }

  public Landed landed() {
    return landed;
  }

  /** Whether a unit is on main. */
  public boolean isLanded(Unit unit) {
    return landed.units().contains(unit.id());
  }

  /** The tables that the unit at this place wrote to. */
  public Set<TableId> tables(int place) {
    return Set.copyOf(touched(place).tables);
  }

  /** Whether the unit at this place is on main. */
  public boolean hasLanded(int place) {
    return landed.units().contains(units.get(place).id());
  }

  /**
   * Takes a unit off main, and before it what landed later and wrote to the same rows. Empty when
   * how is not known, or is more than a check can do for each of many statements.
   */
  public Optional<TakenOff> withoutLanded(Unit unit) {
    List<Unit> landedSince = new ArrayList<>(List.of(unit));
    Set<RowOf> rows = new HashSet<>(touched(unit).rows);
    for (Unit later : units.subList(placeOf(unit) + 1, units.size())) {
      Set<RowOf> written = touched(placeOf(later)).rows;
      if (landed.isThere(later) && !Collections.disjoint(rows, written)) {
        landedSince.add(later);
        rows.addAll(written);
      }
    }
    if (landedSince.stream().mapToInt(one -> one.writes().size()).sum() > TAKEN_OFF_LIMIT
        || landedSince.stream().anyMatch(this::mayBeAnyRow)) {
      return Optional.empty();
    }
    List<Unit> inverses =
        landedSince.reversed().stream().flatMap(one -> landed.inverse(one).stream()).toList();
    return inverses.size() == landedSince.size()
        ? Optional.of(
            new TakenOff(landedSince.stream().map(Unit::id).collect(Collectors.toSet()), inverses))
        : Optional.empty();
  }

  /**
   * Takes all off main that can be: what main has left as it landed, and nothing before that in the
   * same rows. The newest first, as much as one check can do.
   *
   * @param isLeft whether main has all rows of a unit as the branch left them
   */
  public TakenOff withoutLanded(Predicate<Unit> isLeft) {
    Set<Long> ids = new HashSet<>();
    List<Unit> inverses = new ArrayList<>();
    Set<RowOf> staying = new HashSet<>();
    int writes = 0;
    for (int place = units.size() - 1; place >= 0; place--) {
      Unit unit = units.get(place);
      if (!landed.units().contains(unit.id())) {
        continue;
      }
      Optional<Unit> inverse =
          writes + unit.writes().size() > ALL_TAKEN_OFF_LIMIT
                  || !Collections.disjoint(touched(place).rows, staying)
                  || mayBeAnyRow(unit)
                  || !isLeft.test(unit)
              ? Optional.empty()
              : landed.inverse(unit);
      if (inverse.isPresent()) {
        ids.add(unit.id());
        inverses.add(inverse.get());
        writes += unit.writes().size();
      } else {
        staying.addAll(touched(place).rows);
      }
    }
    return new TakenOff(ids, inverses);
  }

  /**
   * Of a row without a key that was changed or removed again, main may have another that is alike.
   */
  private boolean mayBeAnyRow(Unit unit) {
    return unit.writes().stream().map(Write::table).anyMatch(unkeyedAndChanged()::contains);
  }

  private Set<TableId> unkeyedAndChanged() {
    return unkeyedAndChanged.orElseGet(() -> {
      Set<TableId> found = new HashSet<>();
      for (Unit unit : units) {
        Map<TableId, TableShape> shapes = new HashMap<>();
        unit.shapes().forEach(shape -> shapes.put(shape.id(), shape));
        unit.writes().stream()
            .filter(write -> !(write instanceof Write.Insert))
            .map(Write::table)
            .filter(table -> {
              TableShape shape = shapes.get(table);
              return shape == null || !shape.hasKey();
            })
            .forEach(found::add);
      }
      unkeyedAndChanged = Optional.of(found);
      return found;
    });
  }

  /** The place of a unit, or -1. */
  public int placeOf(Unit unit) {
    return places.getOrDefault(unit.id(), -1);
  }

  /** Whether the unit at this place wrote to one of these. */
  boolean touches(int place, WritesThatMatter scope) {
    return touched(place).tables.stream().anyMatch(scope::reads);
  }

  /** The places of all units that wrote to a table which this reads, some more than once. */
  IntStream writersTo(WritesThatMatter scope) {
    if (writers.isEmpty()) {
      for (int place = 0; place < units.size(); place++) {
        for (TableId table : touched(place).tables) {
          writers.computeIfAbsent(table, ignored -> new ArrayList<>()).add(place);
        }
      }
    }
    return writers.entrySet().stream()
        .filter(table -> scope.reads(table.getKey()))
        .flatMapToInt(table -> table.getValue().stream().mapToInt(place -> place));
  }

  /** The rows of a unit, to be told whether another one wrote to the same. */
  Set<?> rows(int place) {
    return touched(place).rows;
  }

  /** The rows that a transaction had written by then. */
  Set<?> rows(Seen.Part part) {
    return touched(part.unit().with(part.writes())).rows;
  }

  private Touched touched(int place) {
    return touched.computeIfAbsent(place, ignored -> touched(units.get(place)));
  }

  private static Touched touched(Unit unit) {
    Map<TableId, TableShape> shapes = new HashMap<>();
    unit.shapes().forEach(shape -> shapes.put(shape.id(), shape));
    Set<TableId> tables = new HashSet<>();
    Set<RowOf> rows = new HashSet<>();
    for (Write write : unit.writes()) {
      tables.add(write.table());
      TableShape shape = shapes.get(write.table());
      if (shape != null && shape.hasKey()) {
        write
            .images()
            .forEach(
                image -> key(shape, image).ifPresent(key -> rows.add(new RowOf(shape.id(), key))));
      }
    }
    return new Touched(tables, rows);
  }

  private static Optional<Key> key(TableShape shape, Image image) {
    List<String> parts = new ArrayList<>();
    List<Column> columns = shape.columns();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).inKey()) {
        if (!(image.cells().get(i) instanceof Cell.Text(String text))) {
          return Optional.empty();
        }
        parts.add(text);
      }
    }
    return Optional.of(new Key(parts));
  }
}
