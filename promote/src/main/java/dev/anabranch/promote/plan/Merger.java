package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.predicate.overlay.Drawn;
import dev.anabranch.promote.Fact;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Merges the rows of one set of landing units with main: the changes to write, or the reasons
 * against it.
 */
final class Merger {

  private final PlanInput input;
  private final Foldable foldable;
  private final Map<RowRef, MainRow> rows;
  private final Map<MainRows.Content, List<MainRows.Copy>> copies;
  private final KeyMap newKeys;
  private final Set<RowRef> vacated = new HashSet<>();
  private final List<RowChange> changes = new ArrayList<>();
  private final List<NumberRequest> numbers = new ArrayList<>();
  private final List<SequenceMove> moves = new ArrayList<>();
  private final List<Reason> reasons = new ArrayList<>();

  Merger(PlanInput input, Foldable foldable, MainRows main, List<Lineage> lineages) {
    this.input = input;
    this.foldable = foldable;
    this.rows = main.found();
    this.copies = main.copies();
    this.newKeys = new KeyMap(input.main(), List.of());
    List<Lineage> lasting = lineages.stream().filter(lineage -> !lineage.isTransient()).toList();
    List<Lineage> keyed = lasting.stream().filter(this::hasKey).toList();
    keyed.forEach(this::noteVacated);
    keyed.forEach(this::number);
    keyed.forEach(this::merge);
    mergeWithoutKeys(lasting.stream().filter(lineage -> !hasKey(lineage)).toList());
    changes.sort(Comparator.comparing(change -> change.units().getFirst()));
    DrawnNumbers drawnNumbers = new DrawnNumbers(input, changes);
    changes.forEach(drawnNumbers::look);
    moves.addAll(drawnNumbers.moves());
    reasons.addAll(drawnNumbers.reasons());
  }

  /** In the order of the units behind them. */
  List<RowChange> changes() {
    return changes;
  }

  List<NumberRequest> numbers() {
    return numbers;
  }

  /** How far main's sequences have to be moved on. */
  List<SequenceMove> moves() {
    return moves;
  }

  /** What speaks against landing these units together; empty when the changes can be written. */
  List<Reason> reasons() {
    return reasons;
  }

  private void noteVacated(Lineage lineage) {
    List<Integer> columns = foldable.keyColumns(lineage.table());
    Optional<Key> from = lineage.base().map(row -> row.key(columns));
    if (from.isPresent() && !from.equals(lineage.last().map(row -> row.key(columns)))) {
      vacated.add(new RowRef(lineage.table(), from.get()));
    }
  }

  /**
   * Asks for a key of main's own for an inserted row whose key the branch drew from a sequence. A
   * value that main's sequence has passed may belong to another row, or have belonged to one that
   * others remember, so it is never used again; a value that main has yet to give out is kept if
   * main's sequence gives it to this promotion. A row that stands on main under a value beyond the
   * sequence was put there by hand: then it is a natural key, and merges like one. So is a value
   * that the branch did not draw: somebody chose it, and it is never another.
   */
  private void number(Lineage lineage) {
    MainTable table = table(lineage);
    if (lineage.base().isPresent() || table == null) {
      return;
    }
    Row row = lineage.last().orElseThrow();
    List<Integer> columns = foldable.keyColumns(lineage.table());
    List<Value> key = new ArrayList<>(columns.stream().map(row::value).toList());
    boolean onMain = rows.containsKey(new RowRef(lineage.table(), row.key(columns)));
    boolean moves = false;
    for (int i = 0; i < columns.size(); i++) {
      Generator generator = table.generators().get(columns.get(i));
      if (generator == null) {
        continue;
      }
      long value = Long.parseLong(row.key(columns).values().get(i));
      Drawn drawn = input.drawn().get(generator.id());
      boolean chosen = drawn == null || !drawn.mayHave(value);
      if (chosen && !input.traps().has(Trap.CHOSEN_IS_DRAWN)) {
        continue;
      }
      boolean passed = generator.hasPassed(value);
      if (passed || !onMain) {
        boolean keepable = !passed && generator.reaches(value);
        NumberRequest request =
            new NumberRequest(lineage.table(), columns.get(i), generator, value, keepable);
        numbers.add(request);
        key.set(i, new Value.ToDraw(request));
        moves = true;
      }
    }
    if (moves) {
      newKeys.put(lineage.table(), columns, row.key(columns), key);
    }
  }

  private void merge(Lineage lineage) {
    MainTable table = requireTable(lineage);
    List<Integer> key = foldable.keyColumns(lineage.table());
    Optional<Row> last = lineage.last().map(row -> newKeys.translate(lineage.table(), row));
    RowRef place =
        new RowRef(lineage.table(), lineage.base().or(() -> last).orElseThrow().key(key));
    boolean isNew =
        lineage.base().isEmpty()
            && (vacated.contains(place) || isNumbered(last.orElseThrow(), key));
    Optional<MainRow> main = isNew ? Optional.empty() : Optional.ofNullable(rows.get(place));
    Optional<Row> mainRow =
        main.map(MainRow::row)
            .map(row ->
                lineage
                    .base()
                    .map(base -> foldable.likeBranch(lineage.table(), row, base))
                    .orElse(row))
            .map(row ->
                last.map(wanted -> foldable.likeBranch(lineage.table(), row, wanted)).orElse(row));
    List<Long> units = unitsOf(lineage);
    switch (Merge.of(
        lineage.base(),
        last,
        mainRow,
        lineage.written(),
        foldable.comparableColumns(lineage.table()))) {
      case Merge.Agreed agreed -> {}
      case Merge.Insert(var cells) ->
          changes.add(new RowChange.Insert(lineage.table(), place.key(), cells, units));
      case Merge.Update(var cells) -> {
        if (takenOnMain(lineage, last.orElseThrow(), place, main.orElseThrow())) {
          conflict(
              lineage,
              table,
              mainRow,
              Set.copyOf(key),
              "main has another row with the key that the branch gave it");
        } else {
          changes.add(
              new RowChange.Update(lineage.table(), place.key(), main.orElseThrow(), cells, units));
        }
      }
      case Merge.Delete delete ->
          changes.add(
              new RowChange.Delete(lineage.table(), place.key(), main.orElseThrow(), units));
      case Merge.Conflict(var columns, String why) ->
          conflict(lineage, table, mainRow, columns, why);
      case Merge.Unfit(int column) -> unfit(lineage, table, column);
    }
  }

  /**
   * Rows without a key: a new one is added, whatever else is there. One that was there is found
   * again by all that it held, when main has as many of them as the branch changed: then it is all
   * one which is which.
   */
  private void mergeWithoutKeys(List<Lineage> lineages) {
    Map<MainRows.Content, List<Lineage>> changed = new LinkedHashMap<>();
    for (Lineage lineage : lineages) {
      Optional<Row> base = lineage.base();
      if (base.isEmpty()) {
        add(lineage, requireTable(lineage));
      } else if (!base.equals(lineage.last())) {
        changed
            .computeIfAbsent(
                new MainRows.Content(lineage.table(), base.get()), _ -> new ArrayList<>())
            .add(lineage);
      }
    }
    changed.forEach(this::changeCopies);
  }

  private void add(Lineage lineage, MainTable table) {
    Row row = newKeys.translate(lineage.table(), lineage.last().orElseThrow());
    switch (Merge.of(
        Optional.empty(),
        Optional.of(row),
        Optional.empty(),
        Set.of(),
        foldable.comparableColumns(lineage.table()))) {
      case Merge.Insert(var cells) ->
          changes.add(
              new RowChange.Insert(lineage.table(), new Key(List.of()), cells, unitsOf(lineage)));
      case Merge.Unfit(int column) -> unfit(lineage, table, column);
      case Merge.Agreed agreed -> {}
      case Merge.Update update -> throw new IllegalStateException("a new row is no update");
      case Merge.Delete delete -> throw new IllegalStateException("a new row is no delete");
      case Merge.Conflict conflict -> throw new IllegalStateException("a new row meets no other");
    }
  }

  private void changeCopies(MainRows.Content content, List<Lineage> lineages) {
    MainTable table = requireTable(lineages.getFirst());
    List<MainRows.Copy> found = copies.getOrDefault(content, List.of());
    if (found.size() != lineages.size()) {
      reasons.add(notAsMany(table, found.size(), lineages));
      return;
    }
    for (int i = 0; i < found.size(); i++) {
      MainRows.Copy copy = found.get(i);
      Lineage lineage = lineages.get(i);
      Optional<Row> last = lineage.last().map(row -> newKeys.translate(lineage.table(), row));
      changes.add(
          last.isEmpty()
              ? new RowChange.Delete(table.id(), copy.place(), copy.row(), unitsOf(lineage))
              : new RowChange.Update(
                  table.id(),
                  copy.place(),
                  copy.row(),
                  last.get().differenceFrom(content.row()),
                  unitsOf(lineage)));
    }
  }

  private static Reason notAsMany(MainTable table, int found, List<Lineage> lineages) {
    BitSet units = new BitSet();
    lineages.forEach(lineage -> units.set(lineage.steps().getFirst().unit()));
    String name = table.shape().qualifiedName();
    return Reason.constraint(
        name,
        "table "
            + name
            + " has no key, and of a row that the branch changed "
            + (lineages.size() == 1 ? "once" : lineages.size() + " copies of")
            + " main has "
            + (found == 0 ? "none" : Integer.toString(found))
            + " now, so it can't be told which it is",
        units);
  }

  private List<Long> unitsOf(Lineage lineage) {
    return lineage.units().stream().map(unit -> input.pending().get(unit).id()).toList();
  }

  private boolean hasKey(Lineage lineage) {
    return !foldable.keyColumns(lineage.table()).isEmpty();
  }

  /** Whether a row's key is yet to be drawn, so that no row of main can have it. */
  private static boolean isNumbered(Row row, List<Integer> key) {
    return key.stream().anyMatch(column -> row.value(column) instanceof Value.ToDraw);
  }

  /** Two texts of one key (a citext, say) are one row. */
  private boolean takenOnMain(Lineage lineage, Row last, RowRef from, MainRow itself) {
    List<Integer> key = foldable.keyColumns(lineage.table());
    RowRef to = new RowRef(lineage.table(), last.key(key));
    return !isNumbered(last, key)
        && !to.equals(from)
        && rows.containsKey(to)
        && !itself.equals(rows.get(to))
        && !vacated.contains(to);
  }

  private void conflict(
      Lineage lineage, MainTable table, Optional<Row> main, Set<Integer> columns, String why) {
    Optional<Row> known = lineage.base().or(lineage::last);
    Map<String, String> key =
        named(table, known.orElseThrow(), foldable.keyColumns(lineage.table()));
    String name = table.shape().qualifiedName();
    BitSet units = new BitSet();
    units.set(Merge.blamed(lineage, columns));
    List<Integer> shown = List.copyOf(new TreeSet<>(columns));
    reasons.add(
        new Reason(
            units,
            new Fact(
                Fact.Kind.CONFLICT,
                "row "
                    + Reason.words(key)
                    + " of "
                    + name
                    + ": "
                    + why
                    + (lineage.base().isEmpty()
                        ? "; delete it on the branch, or on main, and promote again"
                        : "; give the row main's values on the branch, or main the branch's, and"
                            + " promote again"),
                Optional.empty(),
                Optional.of(name),
                Optional.of(key),
                lineage.base().map(row -> named(table, row, shown)),
                lineage.last().map(row -> named(table, row, shown)),
                main.map(row -> named(table, row, shown)),
                List.of(),
                List.of())));
  }

  private void unfit(Lineage lineage, MainTable table, int column) {
    BitSet units = new BitSet();
    units.set(Merge.blamed(lineage, Set.of(column)));
    String branchName =
        Optional.ofNullable(input.shapesAtFork().get(lineage.table()))
            .filter(shape -> shape.indexOf(column) >= 0)
            .map(shape -> shape.columns().get(shape.indexOf(column)).name())
            .orElse("#" + column);
    String what =
        table.column(column).isPresent() ? "has another type on main now" : "was dropped on main";
    String name = table.shape().qualifiedName();
    reasons.add(
        Reason.constraint(name, "column " + branchName + " of " + name + " " + what, units));
  }

  private static Map<String, String> named(MainTable table, Row row, List<Integer> columns) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int column : columns) {
      values.put(
          table.columnName(column),
          row.cell(column) instanceof Cell.Text(String text) ? text : "NULL");
    }
    return values;
  }

  private MainTable requireTable(Lineage lineage) {
    MainTable table = table(lineage);
    if (table == null) {
      throw new IllegalStateException("table " + lineage.table() + " is not on main");
    }
    return table;
  }

  private @Nullable MainTable table(Lineage lineage) {
    TableId id = lineage.table();
    return input.main().get(id);
  }
}
