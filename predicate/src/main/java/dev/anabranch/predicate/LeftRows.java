package dev.anabranch.predicate;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Reference;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.timeline.Landed;
import dev.anabranch.predicate.timeline.Past;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The rows of a branch's work that has landed, each as the branch left it, and main's rows of the
 * same keys. Found once, and only where somebody asks. Not thread-safe.
 */
final class LeftRows {

  private record Called(TableId table, Key key) {}

  /**
   * A row as the branch left it on main.
   *
   * @param as what it is; empty where the branch removed it
   * @param made whether the branch put it in
   */
  record Left(TableShape shape, Key key, Optional<Image> as, boolean made) {

    /** Whether it came and went on the branch: what main has under its key is another row. */
    boolean wasNeverThere() {
      return made && as.isEmpty();
    }
  }

  private final Past past;
  private final SchemaSnapshot main;
  private final Map<TableId, Map<Key, NewestRow>> mains = new HashMap<>();

  /** By each write of what landed, the place of its row among those left. */
  private final IdentityHashMap<Write, Integer> rows = new IdentityHashMap<>();

  private final Map<Integer, Left> left = new HashMap<>();

  /** By the place of a row that was removed, that of one put into a partition beside it next. */
  private final Map<Integer, Integer> moved = new HashMap<>();

  /** What rows without a key were before they were changed or removed. */
  private final Map<TableId, Set<Image>> givenUp = new HashMap<>();

  /**
   * @param past what the branch wrote
   * @param main main's definitions now
   */
  LeftRows(Past past, SchemaSnapshot main) {
    this.past = past;
    this.main = main;
  }

  Past past() {
    return past;
  }

  /** The row that a write was about; empty where it has no key, or did not land. */
  Optional<Left> of(Write write) {
    follow();
    return Optional.ofNullable(rows.get(write)).map(left::get);
  }

  /** The same, and where the row went from there, from partition to partition. */
  List<Left> through(Write write) {
    follow();
    List<Left> all = new ArrayList<>();
    Set<Integer> looked = new HashSet<>();
    Integer place = rows.get(write);
    while (place != null && looked.add(place)) {
      all.add(Objects.requireNonNull(left.get(place)));
      place = moved.get(place);
    }
    return all;
  }

  /** Whether a row without a key that was like this was changed or removed. */
  boolean isGivenUp(TableId table, Image row) {
    follow();
    return givenUp.getOrDefault(table, Set.of()).contains(row);
  }

  /** What main calls it. */
  Key onMain(Left row) {
    return past.landed().renumbered(row.shape().id(), row.key()).orElse(row.key());
  }

  /** What main has under its key, if its WAL tells of that. */
  Optional<NewestRow> newest(Left row, TableDelta.Rows delta) {
    Key key = onMain(row);
    return Optional.ofNullable(
        mains
            .computeIfAbsent(
                row.shape().id(),
                _ ->
                    delta.rows().stream()
                        .collect(Collectors.toMap(NewestRow::key, Function.identity())))
            .get(key));
  }

  /** Whether main has a cell as the branch left it; one of which its WAL tells nothing it has. */
  boolean isSame(Column column, Left row, Image now, TableShape mains) {
    Cell was = row.as().orElseThrow().cells().get(row.shape().indexOf(column.number()));
    int place = mains.indexOf(column.number());
    if (place < 0 || column.inKey()) {
      return place >= 0;
    }
    Cell is = now.cells().get(place);
    return is == Cell.Absent.UNCHANGED
        || was == Cell.Absent.UNCHANGED
        || is.equals(renumbered(column, row.shape().id(), was));
  }

  /** What main calls the row of another table that a cell names. */
  private Cell renumbered(Column column, TableId table, Cell was) {
    Relation relation = main.relations().get(table);
    return relation != null && was instanceof Cell.Text(String branchs)
        ? relation.references().stream()
            .filter(reference -> reference.columns().equals(List.of(column.number())))
            .map(Reference::parent)
            .flatMap(parent -> main.withDescendants(Set.of(parent)).stream())
            .flatMap(parent -> past.landed().renumbered(parent, new Key(List.of(branchs))).stream())
            .findFirst()
            .<Cell>map(key -> new Cell.Text(key.values().getFirst()))
            .orElse(was)
        : was;
  }

  /** Follows every row through all that landed; once, and only where somebody was told of rows. */
  private void follow() {
    if (!rows.isEmpty()) {
      return;
    }
    Landed landed = past.landed();
    Map<Called, Integer> at = new HashMap<>();
    for (Unit unit : past.units()) {
      if (!landed.units().contains(unit.id()) || landed.undone().contains(unit.id())) {
        continue;
      }
      Map<TableId, TableShape> shapes =
          unit.shapes().stream()
              .collect(Collectors.toMap(TableShape::id, Function.identity(), (one, _) -> one));
      Optional<Write> last = Optional.empty();
      for (Write write : unit.writes()) {
        TableShape shape = shapes.get(write.table());
        if (shape != null && shape.hasKey()) {
          follow(write, shape, at);
          last.ifPresent(earlier -> followToAnotherPartition(earlier, write));
        } else {
          write
              .rowBefore()
              .ifPresent(
                  row -> givenUp.computeIfAbsent(write.table(), _ -> new HashSet<>()).add(row));
        }
        last = Optional.of(write);
      }
    }
  }

  /** Postgres logs a row that an UPDATE moves as one that is removed, and then one put in. */
  private void followToAnotherPartition(Write removed, Write added) {
    Integer from = rows.get(removed);
    Integer to = rows.get(added);
    if (removed instanceof Write.Delete
        && added instanceof Write.Insert
        && from != null
        && to != null
        && areBeside(removed.table(), added.table())) {
      moved.put(from, to);
    }
  }

  private boolean areBeside(TableId one, TableId other) {
    return !one.equals(other)
        && main.relations().entrySet().stream()
            .filter(relation -> relation.getValue().kind() == 'p')
            .map(relation -> main.withDescendants(Set.of(relation.getKey())))
            .anyMatch(whole -> whole.contains(one) && whole.contains(other));
  }

  private void follow(Write write, TableShape shape, Map<Called, Integer> at) {
    Optional<Image> before = write.rowBefore();
    Optional<Image> after = write.rowAfter();
    Optional<Image> named = before.or(() -> after);
    if (named.isEmpty() || !shape.keyIsIn(named.get())) {
      return;
    }
    Called from = new Called(shape.id(), shape.keyOf(named.get()));
    boolean isNew = !at.containsKey(from);
    int place = at.computeIfAbsent(from, _ -> left.size());
    boolean made = isNew ? before.isEmpty() : Objects.requireNonNull(left.get(place)).made();
    Key to = after.map(shape::keyOf).orElse(from.key());
    at.remove(from);
    at.put(new Called(shape.id(), to), place);
    left.put(place, new Left(shape, to, after, made));
    rows.put(write, place);
  }
}
