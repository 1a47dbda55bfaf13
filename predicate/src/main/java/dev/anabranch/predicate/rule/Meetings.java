package dev.anabranch.predicate.rule;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Reference;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Unique;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which units of a branch wrote rows that may meet in a constraint: each gave away, or took, a
 * value that the other took or gave away. On any doubt, they do. Not thread-safe.
 */
public final class Meetings {

  private static final long SEVERAL = -1;

  private record Called(TableId table, Key key) {}

  /** What rows meet in: values of a unique key, or those by which a row is named by others. */
  private record Place(TableId table, List<Integer> columns, List<String> values) {}

  private final SchemaSnapshot schema;
  private final Delta main;
  private final Map<Called, Long> writers = new HashMap<>();
  private final Map<Long, Set<Place>> places = new HashMap<>();

  /** The tables, by unit, where it may meet any other one. */
  private final Map<Long, Set<TableId>> anywhere = new HashMap<>();

  /** Those where other units wrote the same rows, and what they would be without it is unknown. */
  private final Map<Long, Set<TableId>> shared = new HashMap<>();

  private final Map<Long, Set<TableId>> tables = new HashMap<>();
  private final Map<TableId, Set<Key>> changedOnMain = new HashMap<>();
  private final Map<TableId, Set<TableId>> families = new HashMap<>();
  private final Map<TableId, Set<TableId>> ancestors = new HashMap<>();

  /** By the table, the foreign keys by which rows of others name its rows. */
  private final Map<TableId, List<Link>> naming = new HashMap<>();

  private record Link(Relation child, Reference reference) {}

  /**
   * @param units all of the branch
   * @param schema the tables at the fork point
   * @param main what main has changed since
   */
  public Meetings(List<Unit> units, SchemaSnapshot schema, Delta main) {
    this.schema = schema;
    this.main = main;
    schema
        .relations()
        .values()
        .forEach(child ->
            child
                .references()
                .forEach(reference ->
                    naming
                        .computeIfAbsent(reference.parent(), _ -> new ArrayList<>())
                        .add(new Link(child, reference))));
    units.forEach(this::noteWriters);
    units.forEach(this::note);
  }

  /** Whether rows of a unit may meet those that would be there without another one. */
  public boolean mayMeet(Unit one, Unit other) {
    return meetsAny(anywhere, one, other)
        || meetsAny(anywhere, other, one)
        || meetsAny(shared, other, one)
        || !Collections.disjoint(
            places.getOrDefault(one.id(), Set.of()), places.getOrDefault(other.id(), Set.of()));
  }

  private boolean meetsAny(Map<Long, Set<TableId>> where, Unit one, Unit other) {
    Set<TableId> all = where.getOrDefault(one.id(), Set.of());
    return !all.isEmpty() && !Collections.disjoint(all, tables.getOrDefault(other.id(), Set.of()));
  }

  private static Map<TableId, TableShape> shapes(Unit unit) {
    return unit.shapes().stream()
        .collect(Collectors.toMap(TableShape::id, shape -> shape, (one, other) -> one));
  }

  private void noteWriters(Unit unit) {
    Map<TableId, TableShape> shapes = shapes(unit);
    for (Write write : unit.writes()) {
      TableShape shape = shapes.get(write.table());
      if (shape != null && shape.hasKey()) {
        write.images().stream()
            .filter(shape::keyIsIn)
            .forEach(image ->
                writers.merge(
                    new Called(write.table(), shape.keyOf(image)),
                    unit.id(),
                    (known, now) -> known.equals(now) ? known : SEVERAL));
      }
    }
  }

  private void note(Unit unit) {
    Map<TableId, TableShape> shapes = shapes(unit);
    Set<TableId> written = new HashSet<>();
    for (Write write : unit.writes()) {
      written.addAll(family(write.table()));
      TableShape shape = shapes.get(write.table());
      Relation relation = schema.relations().get(write.table());
      if (shape == null || relation == null || !isKnown(shape, write)) {
        anywhere.computeIfAbsent(unit.id(), _ -> new HashSet<>()).addAll(family(write.table()));
        continue;
      }
      if (write.images().stream().anyMatch(image -> isShared(shape, image))) {
        shared.computeIfAbsent(unit.id(), _ -> new HashSet<>()).addAll(family(write.table()));
      }
      if (!note(unit, relation, shape, write)) {
        anywhere.computeIfAbsent(unit.id(), _ -> new HashSet<>()).addAll(family(write.table()));
      }
    }
    tables.put(unit.id(), written);
  }

  /** The table, and those whose rows name its rows, or are named by them. */
  private Set<TableId> family(TableId table) {
    return families.computeIfAbsent(table, this::findFamily);
  }

  private Set<TableId> findFamily(TableId table) {
    Set<TableId> all = new HashSet<>(ancestors(table));
    all.add(table);
    Set<TableId> others = new HashSet<>();
    for (TableId one : all) {
      Relation relation = schema.relations().get(one);
      if (relation != null) {
        relation.references().forEach(reference -> others.add(reference.parent()));
      }
      naming.getOrDefault(one, List.of()).forEach(link -> others.add(link.child().shape().id()));
    }
    all.addAll(others);
    return all;
  }

  private boolean isKnown(TableShape shape, Write write) {
    return shape.hasKey()
        && write.isWhole()
        && !(write instanceof Write.Truncate)
        && write.images().stream().noneMatch(image -> isMains(shape, image));
  }

  /** Whether main may have written a row as well. */
  private boolean isMains(TableShape shape, Image image) {
    return !shape.keyIsIn(image)
        || !(main.of(shape.id()) instanceof TableDelta.Rows delta)
        || changed(delta).contains(shape.keyOf(image));
  }

  private boolean isShared(TableShape shape, Image image) {
    return writers.getOrDefault(new Called(shape.id(), shape.keyOf(image)), SEVERAL) == SEVERAL;
  }

  private Set<Key> changed(TableDelta.Rows delta) {
    return changedOnMain.computeIfAbsent(
        delta.shape().id(),
        _ -> delta.rows().stream().map(row -> row.key()).collect(Collectors.toSet()));
  }

  /** False where it may meet rows of which the values don't tell. */
  private boolean note(Unit unit, Relation relation, TableShape shape, Write write) {
    TableId table = relation.shape().id();
    for (Unique unique : relation.uniques()) {
      List<Integer> compared =
          unique.columns().stream()
              .filter(column -> EqualTexts.isOneWay(relation, column))
              .toList();
      if (moves(shape, List.copyOf(unique.read()), write)
          && (!unique.byColumns()
              || compared.isEmpty()
              || !take(unit, new Place(table, compared, List.of()), shape, compared, write))) {
        return false;
      }
    }
    for (Reference reference : relation.references()) {
      if (moves(shape, reference.columns(), write)
          && (!isTold(new Link(relation, reference))
              || !take(unit, place(reference), shape, reference.columns(), write))) {
        return false;
      }
    }
    for (Link link : naming.getOrDefault(table, List.of())) {
      List<Integer> columns = link.reference().parentColumns();
      if (moves(shape, columns, write)
          && (!isTold(link) || !take(unit, place(link.reference()), shape, columns, write))) {
        return false;
      }
    }
    return ancestors(table).stream().noneMatch(naming::containsKey);
  }

  /** Whether equal values are equal texts, and rows are named where they are. */
  private boolean isTold(Link link) {
    Reference reference = link.reference();
    Relation parent = schema.relations().get(reference.parent());
    return parent != null
        && schema.withDescendants(Set.of(reference.parent())).size() == 1
        && IntStream.range(0, reference.columns().size())
            .allMatch(place ->
                EqualTexts.isOneWay(
                    link.child(),
                    reference.columns().get(place),
                    parent,
                    reference.parentColumns().get(place)));
  }

  /** What a table is a part or a child of. */
  private Set<TableId> ancestors(TableId table) {
    return ancestors.computeIfAbsent(
        table,
        _ ->
            schema.relations().keySet().stream()
                .filter(other -> !other.equals(table))
                .filter(other -> schema.withDescendants(Set.of(other)).contains(table))
                .collect(Collectors.toSet()));
  }

  private static Place place(Reference reference) {
    return new Place(reference.parent(), reference.parentColumns(), List.of());
  }

  private boolean take(
      Unit unit, Place where, TableShape shape, List<Integer> columns, Write write) {
    boolean known = true;
    for (Image image : write.images()) {
      if (!EqualTexts.hasNull(shape, columns, image)) {
        Optional<List<String>> texts = EqualTexts.texts(shape, columns, image);
        known &= texts.isPresent();
        texts.ifPresent(values ->
            places
                .computeIfAbsent(unit.id(), _ -> new HashSet<>())
                .add(new Place(where.table(), where.columns(), values)));
      }
    }
    return known;
  }

  /** What leaves these columns as they are gives nothing away and takes nothing. */
  private static boolean moves(TableShape shape, List<Integer> columns, Write write) {
    return !(write instanceof Write.Update update)
        || columns.contains(0)
        || IntStream.range(0, columns.size())
            .map(i -> shape.indexOf(columns.get(i)))
            .anyMatch(place -> place < 0 || !update.before().sameAt(place, update.after()));
  }
}
