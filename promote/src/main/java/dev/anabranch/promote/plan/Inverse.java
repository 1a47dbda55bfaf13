package dev.anabranch.promote.plan;

import dev.anabranch.base.Column;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.promote.merge.MergedCell;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The inverse of what some units wrote, cell by cell where main still has it: the changes to write,
 * or the reasons against it.
 */
final class Inverse {

  private final UndoInput input;
  private final Function<TableId, Set<Integer>> comparable;
  private final Map<RowRef, MainRow> rows;
  private final Map<MainRows.Content, Deque<MainRows.Copy>> copies = new HashMap<>();
  private final Vacated vacated;
  private final Map<TableId, Optional<String>> otherColumns = new HashMap<>();
  private final List<RowChange> changes = new ArrayList<>();
  private final List<UndoReason> reasons = new ArrayList<>();
  private final Map<Unfit, Set<Long>> unfit = new LinkedHashMap<>();
  private final TakenBack takenBack;

  /** What keeps any number of rows from being undone. */
  private record Unfit(String table, String sentence) {}

  /**
   * @param comparable the columns of a table that are what they were
   * @param written what is to be undone
   */
  Inverse(
      UndoInput input,
      Function<TableId, Set<Integer>> comparable,
      MainRows main,
      List<Written> written) {
    this.input = input;
    this.takenBack = new TakenBack(input);
    this.comparable = comparable;
    this.rows = main.found();
    this.vacated = new Vacated(main.found());
    main.copies().forEach((content, found) -> copies.put(content, new ArrayDeque<>(found)));
    written.forEach(this::noteVacated);
    written.forEach(this::undo);
    unfit.forEach((what, units) ->
        reasons.add(UndoReason.constraint(what.table(), what.sentence(), List.copyOf(units))));
  }

  /** In the order in which the rows were written. */
  List<RowChange> changes() {
    return changes;
  }

  /** What speaks against undoing these units together; empty when the changes can be written. */
  List<UndoReason> reasons() {
    return reasons;
  }

  /** The cells that a rule has a part in. */
  List<MergedCell> merged() {
    return takenBack.cells();
  }

  private void noteVacated(Written row) {
    List<Integer> key = input.keyColumns(row.table());
    if (key.isEmpty()) {
      return;
    }
    switch (row) {
      case Written.Inserted inserted -> vacated.add(ref(inserted.table(), inserted.row()));
      case Written.Updated updated -> {
        if (!updated.before().key(key).equals(updated.after().key(key))) {
          vacated.add(ref(updated.table(), updated.after()));
        }
      }
      case Written.Deleted ignored -> {}
    }
  }

  private RowRef ref(TableId table, Row row) {
    return new RowRef(table, row.key(input.keyColumns(table)));
  }

  private void undo(Written row) {
    boolean hasKey = !input.keyColumns(row.table()).isEmpty();
    boolean isWhole = !hasKey || !(row instanceof Written.Updated);
    Optional<String> others = isWhole ? otherColumns(row.table()) : Optional.empty();
    if (others.isPresent()) {
      holdFor(row, others.get());
      return;
    }
    switch (row) {
      case Written.Inserted inserted -> {
        if (hasKey) {
          takeOut(inserted);
        } else {
          copy(inserted, inserted.row(), Optional.empty())
              .ifPresent(copy ->
                  changes.add(
                      new RowChange.Delete(
                          inserted.table(), copy.place(), copy.row(), inserted.units())));
        }
      }
      case Written.Updated updated -> {
        if (hasKey) {
          setBack(updated);
        } else {
          copy(updated, updated.after(), Optional.of(updated.before()))
              .ifPresent(copy ->
                  changes.add(
                      new RowChange.Update(
                          updated.table(),
                          copy.place(),
                          copy.row(),
                          updated.before().differenceFrom(updated.after()),
                          updated.units())));
        }
      }
      case Written.Deleted deleted -> putBack(deleted, hasKey);
    }
  }

  private void takeOut(Written.Inserted inserted) {
    RowRef place = ref(inserted.table(), inserted.row());
    Optional<MainRow> now = Optional.ofNullable(rows.get(place));
    Optional<String> later = later(place);
    if (now.isEmpty() && later.isEmpty()) {
      if (input.mayHaveMoved(inserted.table())) {
        conflict(
            inserted,
            place.key(),
            "main has no such row in this part of its table any more, and may have moved it to"
                + " another part",
            columnsOf(inserted.row()),
            Optional.empty(),
            Optional.of(inserted.row()),
            Optional.empty());
      }
      return;
    }
    if (later.isPresent()) {
      writtenAgain(
          inserted,
          place,
          later.get(),
          columnsOf(inserted.row()),
          Optional.empty(),
          Optional.of(inserted.row()));
      return;
    }
    List<Integer> edited = differing(inserted.row(), now.get().row(), columnsOf(inserted.row()));
    if (edited.isEmpty()) {
      changes.add(new RowChange.Delete(inserted.table(), place.key(), now.get(), inserted.units()));
    } else {
      conflict(
          inserted,
          place.key(),
          "main changed " + names(inserted, edited) + " of this new row since; " + ADVICE,
          edited,
          Optional.empty(),
          Optional.of(inserted.row()),
          now.map(MainRow::row));
    }
  }

  private static final String ADVICE =
      "give it what the promotion wrote and undo again, or leave it as it is";

  private void setBack(Written.Updated updated) {
    RowRef place = ref(updated.table(), updated.after());
    Optional<MainRow> now = Optional.ofNullable(rows.get(place));
    List<Integer> written =
        differing(updated.before(), updated.after(), columnsOf(updated.after()));
    Optional<Integer> altered =
        written.stream()
            .filter(column -> !comparable.apply(updated.table()).contains(column))
            .findFirst();
    if (altered.isPresent()) {
      holdFor(updated, altered(updated, altered.get()));
      return;
    }
    if (now.isEmpty()) {
      conflict(
          updated,
          place.key(),
          "main has no such row any more, so it can't be set back",
          written,
          Optional.of(updated.before()),
          Optional.of(updated.after()),
          Optional.empty());
      return;
    }
    Row main = now.get().row();
    NavigableMap<Integer, CellValue> cells = new TreeMap<>();
    List<Integer> edited = new ArrayList<>();
    Optional<String> later =
        written.stream().flatMap(column -> later(updated, place, column).stream()).findFirst();
    if (later.isPresent()) {
      writtenAgain(
          updated,
          place,
          later.get(),
          written,
          Optional.of(updated.before()),
          Optional.of(updated.after()));
      return;
    }
    for (int column : written) {
      if (main.value(column).equals(updated.after().value(column))
          || input.traps().has(Trap.UNDONE_OVER_EDITS)) {
        cells.put(
            column, takenBack.of(updated, main, column).orElse(updated.before().value(column)));
      } else if (!main.value(column).equals(updated.before().value(column))
          || takenBack.mayBeSum(updated, column)) {
        edited.add(column);
      }
    }
    edited.removeIf(column -> {
      Optional<CellValue> sum = takenBack.of(updated, main, column);
      sum.ifPresent(value -> cells.put(column, value));
      return sum.isPresent();
    });
    if (!edited.isEmpty()) {
      conflict(
          updated,
          place.key(),
          "main changed " + names(updated, edited) + " since; " + ADVICE,
          edited,
          Optional.of(updated.before()),
          Optional.of(updated.after()),
          Optional.of(main));
    } else if (isTaken(ref(updated.table(), updated.before()), place)) {
      conflict(
          updated,
          updated.before().key(input.keyColumns(updated.table())),
          "main has another row of that key now",
          written,
          Optional.of(updated.before()),
          Optional.of(updated.after()),
          Optional.ofNullable(rows.get(ref(updated.table(), updated.before()))).map(MainRow::row));
    } else if (!cells.isEmpty()) {
      changes.add(
          new RowChange.Update(
              updated.table(), place.key(), now.get(), Cells.of(cells), updated.units()));
    }
  }

  private Optional<String> later(RowRef place) {
    return input.traps().has(Trap.UNDONE_OVER_EDITS) ? Optional.empty() : input.later().of(place);
  }

  /** What was added to a sum is told from what others added, while the row is the same. */
  private Optional<String> later(Written.Updated updated, RowRef place, int column) {
    if (input.traps().has(Trap.UNDONE_OVER_EDITS)) {
      return Optional.empty();
    }
    return takenBack.isSum(updated, column)
        ? input.later().ofWhole(place)
        : input.later().of(place, column);
  }

  private void writtenAgain(
      Written row,
      RowRef place,
      String promotion,
      Collection<Integer> columns,
      Optional<Row> before,
      Optional<Row> written) {
    conflict(
        row,
        place.key(),
        "promotion " + promotion + " wrote it again since; undo that first",
        columns,
        before,
        written,
        Optional.ofNullable(rows.get(place)).map(MainRow::row));
  }

  /** Two texts of one key are one row. */
  private boolean isTaken(RowRef wanted, RowRef itself) {
    return !wanted.equals(itself)
        && rows.containsKey(wanted)
        && !vacated.has(wanted)
        && !rows.get(wanted).equals(rows.get(itself));
  }

  private void putBack(Written.Deleted deleted, boolean hasKey) {
    if (!hasKey) {
      changes.add(
          new RowChange.Insert(
              deleted.table(), new Key(List.of()), deleted.row().values(), deleted.units()));
      return;
    }
    RowRef place = ref(deleted.table(), deleted.row());
    Optional<MainRow> now = Optional.ofNullable(rows.get(place)).filter(_ -> !vacated.has(place));
    List<Integer> other =
        now.map(row -> differing(deleted.row(), row.row(), columnsOf(deleted.row())))
            .orElse(List.of());
    Optional<String> later = later(place);
    if (later.isPresent()) {
      writtenAgain(
          deleted,
          place,
          later.get(),
          columnsOf(deleted.row()),
          Optional.of(deleted.row()),
          Optional.empty());
    } else if (now.isEmpty()) {
      changes.add(
          new RowChange.Insert(
              deleted.table(), place.key(), deleted.row().values(), deleted.units()));
    } else if (!other.isEmpty()) {
      conflict(
          deleted,
          place.key(),
          "it was deleted, and main has another row of that key now",
          other,
          Optional.of(deleted.row()),
          Optional.empty(),
          now.map(MainRow::row));
    }
  }

  /**
   * Of rows that hold the same and have no key it is all one which is which, also of those that
   * were there before.
   */
  private Optional<MainRows.Copy> copy(Written row, Row content, Optional<Row> before) {
    Optional<MainRows.Copy> found =
        Optional.ofNullable(copies.get(new MainRows.Content(row.table(), content)))
            .map(Deque::poll);
    if (found.isEmpty()) {
      reasons.add(
          UndoReason.conflict(
              input.table(row.table()),
              Map.of(),
              "the table has no key, and main has no row any more that holds what was written",
              columnsOf(content),
              before,
              Optional.of(content),
              Optional.empty(),
              row.units()));
    }
    return found;
  }

  /** A row that goes or comes as a whole must have the columns that it had. */
  private Optional<String> otherColumns(TableId table) {
    return otherColumns.computeIfAbsent(table, this::findOtherColumns);
  }

  private Optional<String> findOtherColumns(TableId id) {
    MainTable now = input.table(id);
    List<Column> before = input.standing(id).shape().columns();
    Map<Integer, Long> was =
        before.stream().collect(Collectors.toMap(Column::number, Column::typeOid));
    Map<Integer, Long> is =
        now.shape().columns().stream().collect(Collectors.toMap(Column::number, Column::typeOid));
    return was.equals(is)
        ? Optional.empty()
        : Optional.of(
            "columns of table "
                + now.shape().qualifiedName()
                + " were added, dropped or given another type on main since it was written, so"
                + " its rows can't be put in or taken out as they were");
  }

  private String altered(Written row, int column) {
    String name =
        input.standing(row.table()).shape().columns().stream()
            .filter(known -> known.number() == column)
            .map(Column::name)
            .findFirst()
            .orElse("#" + column);
    return "column "
        + name
        + " of "
        + name(row)
        + (input.table(row.table()).column(column).isPresent()
            ? " has another type on main now"
            : " was dropped on main");
  }

  private void holdFor(Written row, String sentence) {
    unfit
        .computeIfAbsent(new Unfit(name(row), sentence), _ -> new LinkedHashSet<>())
        .addAll(row.units());
  }

  private void conflict(
      Written row,
      Key key,
      String why,
      Collection<Integer> columns,
      Optional<Row> before,
      Optional<Row> written,
      Optional<Row> now) {
    MainTable table = input.table(row.table());
    reasons.add(
        UndoReason.conflict(
            table,
            table.named(input.keyColumns(row.table()), key),
            why,
            columns,
            before,
            written,
            now,
            row.units()));
  }

  private static List<Integer> columnsOf(Row row) {
    return List.copyOf(row.values().keySet());
  }

  private static List<Integer> differing(Row one, Row other, Collection<Integer> columns) {
    return columns.stream()
        .filter(column -> !one.value(column).equals(other.value(column)))
        .toList();
  }

  private String names(Written row, Collection<Integer> columns) {
    MainTable table = input.table(row.table());
    return columns.stream().map(table::columnName).collect(Collectors.joining(", "));
  }

  private String name(Written row) {
    return input.table(row.table()).shape().qualifiedName();
  }
}
