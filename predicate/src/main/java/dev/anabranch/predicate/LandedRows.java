package dev.anabranch.predicate;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.ResultColumn;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Reference;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.rule.Changes;
import dev.anabranch.predicate.timeline.Landed;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.timeline.TakenOff;
import java.util.Collections;
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
import java.util.stream.Stream;

/**
 * What main has done to rows of which statements told their clients, since these rows landed. What
 * was told then is as old as a SELECT of the same cells would be. Not thread-safe.
 */
final class LandedRows {

  private record Called(TableId table, Key key) {}

  /**
   * A row as the branch left it on main.
   *
   * @param as what it is; empty where the branch removed it
   * @param made whether the branch put it in
   */
  private record Left(TableShape shape, Key key, Optional<Image> as, boolean made) {

    /** Whether it came and went on the branch: what main has under its key is another row. */
    boolean wasNeverThere() {
      return made && as.isEmpty();
    }
  }

  private final Past past;
  private final SchemaSnapshot main;
  private final Changes changes;
  private final Map<TableId, Map<Key, NewestRow>> mains = new HashMap<>();

  /** By each write of what landed, the place of its row among those left. */
  private final IdentityHashMap<Write, Integer> rows = new IdentityHashMap<>();

  private final Map<Integer, Left> left = new HashMap<>();

  /** By the place of a row that was removed, that of one put into a partition beside it next. */
  private final Map<Integer, Integer> moved = new HashMap<>();

  /** What rows without a key were before they were changed or removed. */
  private final Map<TableId, Set<Image>> givenUp = new HashMap<>();

  private Optional<TakenOff> canBeTakenOff = Optional.empty();

  /**
   * @param past what the branch wrote
   * @param main main's definitions now
   */
  LandedRows(Past past, SchemaSnapshot main, Changes changes) {
    this.past = past;
    this.main = main;
    this.changes = changes;
  }

  /**
   * Why what a statement told of its rows is not what main has, in a clause; empty where it is.
   *
   * @param unit what its transaction wrote, and landed
   * @param targets the tables that its words write to; what a view's trigger wrote may be in any
   * @param onlyInserts whether it put rows in and touched no other
   */
  Optional<String> changed(Answer answer, Unit unit, Set<TableId> targets, boolean onlyInserts) {
    follow();
    boolean any = unit.writes().stream().noneMatch(write -> targets.contains(write.table()));
    Map<TableId, TableShape> shapes =
        unit.shapes().stream()
            .collect(Collectors.toMap(TableShape::id, Function.identity(), (one, _) -> one));
    return unit.writes().stream()
        .filter(write -> any || targets.contains(write.table()))
        .filter(write -> !onlyInserts || write instanceof Write.Insert)
        .flatMap(write -> changed(answer, write, shapes).stream())
        .findFirst();
  }

  /**
   * Of what a statement's transaction wrote and landed, the rows that the branch itself made others
   * of, or removed, since: main's constraints do not look at them any more.
   *
   * @param targets as above
   */
  Optional<Unit> takenBack(Unit unit, Set<TableId> targets) {
    follow();
    List<Write> gone =
        unit.writes().stream()
            .filter(write -> targets.isEmpty() || targets.contains(write.table()))
            .flatMap(write -> takenBack(write).stream())
            .toList();
    return gone.isEmpty() ? Optional.empty() : Optional.of(unit.with(gone));
  }

  /** As it would be written now; what the row still has of it main's constraints do look at. */
  private Optional<Write> takenBack(Write write) {
    Left row = left.get(rows.getOrDefault(write, -1));
    Optional<Image> after = write.rowAfter();
    if (row == null) {
      return after
          .filter(image -> givenUp.getOrDefault(write.table(), Set.of()).contains(image))
          .map(image -> new Write.Insert(write.table(), write.lsn(), image));
    }
    if (write instanceof Write.Delete && row.as().isPresent()) {
      return Optional.of(write);
    }
    return after.isEmpty() || row.as().equals(after)
        ? Optional.empty()
        : Optional.of(
            row.as().isPresent()
                ? new Write.Update(write.table(), write.lsn(), row.as().get(), after.get())
                : new Write.Insert(write.table(), write.lsn(), after.get()));
  }

  /**
   * Why main has a row that the branch removed, in a clause.
   *
   * @param targets as above
   */
  Optional<String> thereAgain(Unit unit, Set<TableId> targets) {
    follow();
    return unit.writes().stream()
        .filter(write -> write instanceof Write.Delete && targets.contains(write.table()))
        .flatMap(write -> {
          Left row = left.get(rows.getOrDefault(write, -1));
          return row != null
                  && row.as().isEmpty()
                  && !row.made()
                  && changes.of(write.table()) instanceof TableDelta.Rows delta
              ? newest(row, delta).filter(found -> found.now().isPresent()).stream()
              : Stream.empty();
        })
        .findFirst()
        .map(row -> "main has row " + row.key() + ", which it removed");
  }

  /**
   * Why main has not, any more, what a transaction wrote and landed, in a clause; empty where it
   * has. Of a row that it put in or removed, whether it is there counts, of one that it changed the
   * cells that it gave other values.
   *
   * @param targets the tables of which the statement may have told; of others without a key it is
   *     not asked
   */
  Optional<String> takenBackByMain(Unit unit, Set<TableId> targets) {
    follow();
    return unit.writes().stream()
        .flatMap(write -> takenBackByMain(write, targets).stream())
        .findFirst();
  }

  private Optional<String> takenBackByMain(Write write, Set<TableId> targets) {
    Integer place = rows.get(write);
    if (place == null) {
      return targets.contains(write.table()) ? Optional.of(unknown("a table")) : Optional.empty();
    }
    Left row = Objects.requireNonNull(left.get(place));
    String table = row.shape().qualifiedName();
    if (!(changes.of(row.shape().id()) instanceof TableDelta.Rows delta)) {
      return Optional.of(unknown(table));
    }
    return newest(row, delta)
        .filter(_ -> !row.wasNeverThere())
        .filter(newest -> isAnother(write, row, newest, delta.shape()))
        .map(newest ->
            "main has row " + newest.key() + " of " + table + " otherwise since it landed");
  }

  /**
   * What of the branch's landed work can be taken off a copy of main again, and what was seen of it
   * laid over as it was written: rows that main has exactly as the branch left them.
   */
  TakenOff thatCanBeTakenOff() {
    if (canBeTakenOff.isEmpty()) {
      follow();
      canBeTakenOff = Optional.of(past.withoutLanded(this::isLeft));
    }
    return canBeTakenOff.get();
  }

  private boolean isLeft(Unit unit) {
    return unit.writes().stream()
        .allMatch(write -> {
          Integer place = rows.get(write);
          return place != null && isLeft(Objects.requireNonNull(left.get(place)));
        });
  }

  private boolean isLeft(Left row) {
    if (!(changes.of(row.shape().id()) instanceof TableDelta.Rows delta)) {
      return false;
    }
    Optional<NewestRow> found = newest(row, delta);
    if (found.isEmpty()) {
      return row.wasNeverThere();
    }
    Optional<Image> now = found.get().now();
    if (now.isEmpty() || row.as().isEmpty()) {
      return now.isEmpty() && row.as().isEmpty();
    }
    return row.as().get().isWhole()
        && row.shape().columns().stream()
            .allMatch(column -> isSame(column, row, now.get(), delta.shape()));
  }

  private boolean isAnother(Write write, Left row, NewestRow newest, TableShape mains) {
    if (newest.now().isPresent() != row.as().isPresent()) {
      return true;
    }
    return write instanceof Write.Update update
        && newest.now().isPresent()
        && row.shape().columns().stream()
            .filter(column -> {
              int at = row.shape().indexOf(column.number());
              return !update.before().sameAt(at, update.after());
            })
            .anyMatch(column -> !isSame(column, row, newest.now().get(), mains));
  }

  private Optional<NewestRow> newest(Left row, TableDelta.Rows delta) {
    Key key = past.landed().renumbered(row.shape().id(), row.key()).orElse(row.key());
    return Optional.ofNullable(
        mains
            .computeIfAbsent(
                row.shape().id(),
                _ ->
                    delta.rows().stream()
                        .collect(Collectors.toMap(NewestRow::key, Function.identity())))
            .get(key));
  }

  /** Whether some of what came back is computed, or of tables that it did not write to. */
  boolean tellsOfOthers(Answer answer, Set<TableId> targets) {
    return answer.result().columns().stream()
        .map(column -> new TableId(column.tableOid()))
        .anyMatch(named ->
            !isTable(named) || Collections.disjoint(main.withDescendants(Set.of(named)), targets));
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

  private Optional<String> changed(Answer answer, Write write, Map<TableId, TableShape> shapes) {
    TableShape shape = shapes.get(write.table());
    String table = shape == null ? "a table" : shape.qualifiedName();
    Optional<String> changed = Optional.empty();
    Set<Integer> looked = new HashSet<>();
    Integer place = rows.get(write);
    if (place == null) {
      return Optional.of(unknown(table));
    }
    while (place != null && changed.isEmpty() && looked.add(place)) {
      Left row = Objects.requireNonNull(left.get(place));
      changed =
          changes.of(row.shape().id()) instanceof TableDelta.Rows delta
              ? changed(answer, row, delta, table)
              : Optional.of(unknown(table));
      place = moved.get(place);
    }
    return changed;
  }

  private static String unknown(String table) {
    return "what main has done since to rows of " + table + " that it told of is not known";
  }

  /** A row that main's WAL does not have is as it was, and so are cells that it leaves out. */
  private Optional<String> changed(Answer answer, Left row, TableDelta.Rows delta, String table) {
    Optional<NewestRow> found = newest(row, delta);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (row.wasNeverThere()) {
      return Optional.empty();
    }
    NewestRow newest = found.get();
    String told = "row " + newest.key() + " of " + table + ", of which it told,";
    if (newest.now().isEmpty() || row.as().isEmpty()) {
      return newest.now().isPresent() == row.as().isPresent()
          ? Optional.empty()
          : Optional.of(
              told + (row.as().isPresent() ? " has gone since it landed" : " is there again"));
    }
    return told(answer, row.shape()).stream()
        .filter(column -> !isSame(column, row, newest.now().get(), delta.shape()))
        .findFirst()
        .map(column -> told + " has another " + column.name() + " since it landed");
  }

  private boolean isSame(Column column, Left row, Image now, TableShape mains) {
    Cell was = row.as().orElseThrow().cells().get(row.shape().indexOf(column.number()));
    int place = mains.indexOf(column.number());
    if (place < 0 || column.inKey()) {
      return place >= 0;
    }
    Cell is = now.cells().get(place);
    return is == Cell.Absent.UNCHANGED
        || was == Cell.Absent.UNCHANGED
        || is.equals(was)
        || isRenumbered(column, row.shape().id(), was, is);
  }

  /** Whether it names the same row of another table, which main calls otherwise. */
  private boolean isRenumbered(Column column, TableId table, Cell was, Cell is) {
    Relation relation = main.relations().get(table);
    return relation != null
        && was instanceof Cell.Text(String branchs)
        && is instanceof Cell.Text(String mains)
        && relation.references().stream()
            .filter(reference -> reference.columns().equals(List.of(column.number())))
            .map(Reference::parent)
            .flatMap(parent -> main.withDescendants(Set.of(parent)).stream())
            .anyMatch(parent ->
                past.landed()
                    .renumbered(parent, new Key(List.of(branchs)))
                    .equals(Optional.of(new Key(List.of(mains)))));
  }

  /**
   * The columns of a table that came back; all of them where what came back was computed, or can't
   * be found there.
   */
  private List<Column> told(Answer answer, TableShape shape) {
    Set<Integer> numbers = new HashSet<>();
    for (ResultColumn column : answer.result().columns()) {
      TableId named = new TableId(column.tableOid());
      if (isTable(named) && !main.withDescendants(Set.of(named)).contains(shape.id())) {
        continue;
      }
      Optional<Integer> number =
          named.equals(shape.id())
              ? Optional.of(column.columnNumber())
              : inPartition(named, column.columnNumber(), shape.id());
      if (number.filter(known -> shape.indexOf(known) >= 0).isEmpty()) {
        return shape.columns();
      }
      numbers.add(number.get());
    }
    return shape.columns().stream().filter(column -> numbers.contains(column.number())).toList();
  }

  /** Whether it is a table of main's, which has its rows itself. */
  boolean isTable(TableId named) {
    Relation relation = main.relations().get(named);
    return relation != null && (relation.kind() == 'r' || relation.kind() == 'p');
  }

  /** A partition may number its columns otherwise than the table that was named. */
  private Optional<Integer> inPartition(TableId named, int number, TableId partition) {
    if (!isTable(named)) {
      return Optional.empty();
    }
    Relation whole = main.relations().get(named);
    Relation part = main.relations().get(partition);
    return whole == null || part == null
        ? Optional.empty()
        : whole.shape().columns().stream()
            .filter(column -> column.number() == number)
            .flatMap(column ->
                part.shape().columns().stream()
                    .filter(stored -> stored.name().equals(column.name())))
            .map(Column::number)
            .findFirst();
  }
}
