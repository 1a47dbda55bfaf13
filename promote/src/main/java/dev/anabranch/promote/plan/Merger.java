package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.predicate.overlay.Drawn;
import dev.anabranch.promote.fact.Decision;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.merge.MergedCell;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final Vacated vacated;
  private final List<RowChange> changes = new ArrayList<>();
  private final List<NumberRequest> numbers = new ArrayList<>();
  private final List<SequenceMove> moves = new ArrayList<>();
  private final List<Reason> reasons = new ArrayList<>();
  private final List<Reason> decided = new ArrayList<>();
  private final List<Moved.Agreement> agreed = new ArrayList<>();
  private final AlsoChanged alsoChanged = new AlsoChanged();
  private final List<Unseen> unseen = new ArrayList<>();
  private final List<MergedCell> merged = new ArrayList<>();
  private final Combination combination;
  private final FactNames names;

  /** A large branch has few units beside its rows. */
  private final Map<List<Integer>, List<Long>> units = new HashMap<>();

  private final List<Lineage> lineages;

  /**
   * @param behind what the units wrote that do not land
   * @param told what holds units already
   */
  Merger(
      PlanInput input,
      Foldable foldable,
      MainRows main,
      List<Lineage> lineages,
      Collection<Step> behind,
      Collection<Reason> told) {
    this.input = input;
    this.names = new FactNames(told);
    this.foldable = foldable;
    this.combination = new Combination(input, foldable);
    this.rows = main.found();
    this.vacated = new Vacated(main.found());
    this.copies = main.copies();
    this.newKeys = new KeyMap(input.main(), List.of());
    this.lineages = lineages;
    List<Lineage> lasting = lineages.stream().filter(lineage -> !lineage.isTransient()).toList();
    List<Lineage> keyed = lasting.stream().filter(this::hasKey).toList();
    keyed.forEach(this::noteVacated);
    keyed.forEach(this::number);
    keyed.forEach(this::merge);
    mergeWithoutKeys(lasting.stream().filter(lineage -> !hasKey(lineage)).toList());
    changes.sort(Comparator.comparing(change -> change.units().getFirst()));
    DrawnNumbers drawnNumbers = new DrawnNumbers(input, changes, behind);
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

  /** The conflicts that are none because somebody decided them. */
  List<Reason> decided() {
    return decided;
  }

  /** Rows that main has as the branch has them by now. */
  List<Moved.Agreement> agreed() {
    return agreed;
  }

  /** What main has changed as well, by the ids of the units that wrote it. */
  Map<Long, Set<TableId>> alsoChanged() {
    return alsoChanged.tables();
  }

  /** The cells that rules have a part in. */
  List<MergedCell> merged() {
    return merged;
  }

  /** What of the branch's rows main will have otherwise by that. */
  List<Unseen> unseen() {
    return unseen;
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
    List<CellValue> key = new ArrayList<>(columns.stream().map(row::value).toList());
    boolean onMain = rows.containsKey(new RowRef(lineage.table(), row.key(columns)));
    boolean moves = false;
    for (int i = 0; i < columns.size(); i++) {
      Generator generator = table.generators().get(columns.get(i));
      if (generator == null || refersToAnother(table, columns.get(i))) {
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
        key.set(i, new CellValue.ToDraw(request));
        moves = true;
      }
    }
    if (moves) {
      newKeys.put(lineage.table(), columns, row.key(columns), key);
    }
  }

  /** What a foreign key says is the number of another row is called as that row is. */
  private static boolean refersToAnother(MainTable table, int column) {
    return table.references().stream()
        .anyMatch(key -> key.childColumns().contains(column) && !key.parent().equals(table.id()));
  }

  private void merge(Lineage lineage) {
    MainTable table = requireTable(lineage);
    List<Integer> key = foldable.keyColumns(lineage.table());
    Optional<Row> last = lineage.last().map(row -> newKeys.translate(lineage.table(), row));
    RowRef place =
        new RowRef(lineage.table(), lineage.base().or(() -> last).orElseThrow().key(key));
    boolean isNew =
        lineage.base().isEmpty() && (vacated.has(place) || isNumbered(last.orElseThrow(), key));
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
    if (!isNew) {
      alsoChanged.note(lineage, mainRow, foldable.comparableColumns(lineage.table()), units);
    }
    Merge merge =
        Merge.of(
            lineage.base(),
            last,
            mainRow,
            lineage.written(),
            foldable.comparableColumns(lineage.table()));
    Combination.Outcome combined = combination.of(lineage, table, last, mainRow, merge);
    merge = combined.merge();
    if (merge instanceof Merge.Conflict conflict) {
      merge = decide(lineage, table, last, mainRow, conflict, combined);
    }
    if (!(merge instanceof Merge.Conflict)) {
      merged.addAll(combined.cells());
    }
    switch (merge) {
      case Merge.Agreed ignored -> {
        if (combined.cells().isEmpty()) {
          agree(lineage, table, last, mainRow, units);
        }
      }
      case Merge.Insert(var cells) ->
          changes.add(
              new RowChange.Insert(lineage.table(), last.orElseThrow().key(key), cells, units));
      case Merge.Update(var cells) -> {
        if (takenOnMain(lineage, last.orElseThrow(), place, main.orElseThrow())) {
          reasons.add(
              conflict(
                  lineage,
                  table,
                  mainRow,
                  new Merge.Conflict(
                      Set.copyOf(key), "main has another row with the key that the branch gave it"),
                  List.of("drop")));
        } else {
          changes.add(
              new RowChange.Update(lineage.table(), place.key(), main.orElseThrow(), cells, units));
        }
      }
      case Merge.Delete delete ->
          changes.add(
              new RowChange.Delete(lineage.table(), place.key(), main.orElseThrow(), units));
      case Merge.Conflict conflict ->
          reasons.add(
              conflict(
                  lineage,
                  table,
                  mainRow,
                  conflict,
                  caseOf(lineage, last, mainRow, conflict, combined)
                      .choices(isReferredTo(lineage))));
      case Merge.Unfit(int column) -> unfit(lineage, table, column);
    }
  }

  /** Only where the branch changed it, and no decision left it to main as that has it. */
  private void agree(
      Lineage lineage,
      MainTable table,
      Optional<Row> branch,
      Optional<Row> main,
      List<Long> units) {
    Row base = lineage.base().orElse(null);
    boolean deleted = branch.isEmpty() && main.isEmpty();
    if (base != null && (deleted || branch.filter(row -> isOnMain(base, row, main)).isPresent())) {
      Map<String, String> key = named(table, base, foldable.keyColumns(lineage.table()));
      agreed.add(new Moved.Agreement(table, key, !deleted, units));
    }
  }

  private static boolean isOnMain(Row base, Row branch, Optional<Row> main) {
    Set<Integer> changed = branch.differenceFrom(base).keySet();
    return !changed.isEmpty()
        && main.filter(row -> Collections.disjoint(changed, branch.differenceFrom(row).keySet()))
            .isPresent();
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

  private Reason notAsMany(MainTable table, int found, List<Lineage> lineages) {
    BitSet units = new BitSet();
    lineages.forEach(lineage -> units.set(lineage.steps().getFirst().unit()));
    String name = table.shape().qualifiedName();
    return Reason.constraint(
        input.decisions(),
        name,
        List.of(
            "copies",
            units.stream().mapToObj(unit -> input.pending().get(unit).id()).toList().toString()),
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
    return units.computeIfAbsent(
        lineage.units(),
        places -> places.stream().map(unit -> input.pending().get(unit).id()).toList());
  }

  private boolean hasKey(Lineage lineage) {
    return !foldable.keyColumns(lineage.table()).isEmpty();
  }

  /** Whether a row's key is yet to be drawn, so that no row of main can have it. */
  private static boolean isNumbered(Row row, List<Integer> key) {
    return key.stream().anyMatch(column -> row.value(column) instanceof CellValue.ToDraw);
  }

  /** Two texts of one key (a citext, say) are one row. */
  private boolean takenOnMain(Lineage lineage, Row last, RowRef from, MainRow itself) {
    List<Integer> key = foldable.keyColumns(lineage.table());
    RowRef to = new RowRef(lineage.table(), last.key(key));
    return !isNumbered(last, key)
        && !to.equals(from)
        && rows.containsKey(to)
        && !itself.equals(rows.get(to))
        && !vacated.has(to);
  }

  /** The conflict, or what a person's decision makes of it. */
  private Merge decide(
      Lineage lineage,
      MainTable table,
      Optional<Row> branch,
      Optional<Row> main,
      Merge.Conflict conflict,
      Combination.Outcome combined) {
    Ruling.Case ours = caseOf(lineage, branch, main, conflict, combined);
    List<String> choices = ours.choices(isReferredTo(lineage));
    Reason reason = conflict(lineage, table, main, conflict, choices);
    Optional<Decision> decision =
        input
            .decisions()
            .of(reason.root())
            .filter(known -> choices.contains(known.choice().word()));
    Optional<Ruling> ruling = decision.flatMap(known -> Ruling.of(known.choice(), ours, table));
    if (ruling.isEmpty()) {
      return conflict;
    }
    decided.add(reason.decided(decision.orElseThrow()));
    ruling
        .get()
        .overruled()
        .ifPresent(overruled ->
            unseen.add(
                Unseen.of(
                    reason.root(),
                    named(reason.root(), decision.orElseThrow()),
                    overruled,
                    lineage,
                    foldable.keyColumns(lineage.table()),
                    input)));
    return ruling.get().merge();
  }

  private static String named(Fact fact, Decision decision) {
    return decision.choice().words()
        + " for row "
        + Reason.words(fact.key().orElseThrow())
        + " of "
        + fact.table().orElseThrow();
  }

  private Ruling.Case caseOf(
      Lineage lineage,
      Optional<Row> branch,
      Optional<Row> main,
      Merge.Conflict conflict,
      Combination.Outcome combined) {
    return new Ruling.Case(
        lineage.base(),
        branch,
        main,
        conflict.columns(),
        combined.together(),
        foldable.comparableColumns(lineage.table()),
        foldable.keyColumns(lineage.table()));
  }

  /** Whether another row that lands, or that did on the way, refers to this one. */
  private boolean isReferredTo(Lineage lineage) {
    if (lineage.base().isPresent() || input.traps().has(Trap.ANY_ROW_OF_THAT_KEY)) {
      return false;
    }
    Set<Claim> named = new HashSet<>();
    for (ForeignKey foreignKey : requireTable(lineage).referencedBy()) {
      List<Integer> columns =
          requireTable(lineage).numbersOf(foreignKey.parentColumns()).orElse(List.of());
      lineage.steps().stream()
          .flatMap(step -> step.after().stream())
          .flatMap(row -> row.values(columns).stream())
          .forEach(values ->
              named.add(new Claim(foreignKey.parent(), foreignKey.parentColumns(), values)));
    }
    return !named.isEmpty()
        && lineages.stream()
            .filter(other -> !other.equals(lineage))
            .flatMap(other -> other.steps().stream())
            .anyMatch(step -> refersTo(step, named));
  }

  private boolean refersTo(Step step, Set<Claim> named) {
    MainTable table = input.main().get(step.table());
    return table != null
        && table.references().stream()
            .anyMatch(foreignKey ->
                step.after().stream()
                    .flatMap(row -> row.values(foreignKey.childColumns()).stream())
                    .anyMatch(values ->
                        named.contains(
                            new Claim(foreignKey.parent(), foreignKey.parentColumns(), values))));
  }

  private Reason conflict(
      Lineage lineage,
      MainTable table,
      Optional<Row> main,
      Merge.Conflict conflict,
      List<String> choices) {
    Optional<Row> known = lineage.base().or(lineage::last);
    List<Integer> keyColumns = foldable.keyColumns(lineage.table());
    Map<String, String> key = named(table, known.orElseThrow(), keyColumns);
    String name = table.shape().qualifiedName();
    BitSet units = new BitSet();
    units.set(Merge.blamed(lineage, conflict.columns()));
    List<Integer> shown = List.copyOf(new TreeSet<>(conflict.columns()));
    List<String> about = new ArrayList<>(List.of(table.id().toString()));
    about.addAll(known.orElseThrow().key(keyColumns).values());
    List<String> state = new ArrayList<>(List.of(conflict.why(), shown.toString()));
    for (Optional<Row> side : List.of(lineage.base(), lineage.last(), main)) {
      state.add(Boolean.toString(side.isPresent()));
      shown.forEach(
          column -> state.add(String.valueOf(side.map(row -> row.cell(column)).orElse(null))));
    }
    String digest = Decisions.state(state);
    return new Reason(
        units,
        input
            .decisions()
            .told(
                new Fact(
                        names.name(input.decisions().id(Fact.Kind.CONFLICT, about), digest),
                        Fact.Kind.CONFLICT,
                        Fact.Nature.MEANING,
                        digest,
                        "row " + Reason.words(key) + " of " + name + ": " + conflict.why(),
                        Optional.empty(),
                        Optional.of(name),
                        Optional.of(key),
                        lineage.base().map(row -> cells(table, row, shown)),
                        lineage.last().map(row -> cells(table, row, shown)),
                        main.map(row -> cells(table, row, shown)),
                        List.of(),
                        List.of(),
                        choices,
                        Optional.empty())
                    .advising(advice(lineage, choices))));
  }

  private static String advice(Lineage lineage, List<String> choices) {
    return "; choose with --decide ("
        + String.join(", ", choices)
        + "), or "
        + (lineage.base().isEmpty()
            ? "delete it on the branch, or on main, and promote again"
            : "give the row main's values on the branch, or main the branch's, and promote"
                + " again");
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
        Reason.constraint(
            input.decisions(),
            name,
            List.of("column", Integer.toString(column)),
            "column " + branchName + " of " + name + " " + what,
            units));
  }

  private static Map<String, String> named(MainTable table, Row row, List<Integer> columns) {
    Map<String, String> values = new LinkedHashMap<>();
    cells(table, row, columns)
        .forEach((column, text) -> values.put(column, Objects.requireNonNullElse(text, "NULL")));
    return values;
  }

  /** A side of a conflict; NULL is no text. */
  private static Map<String, @Nullable String> cells(
      MainTable table, Row row, List<Integer> columns) {
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    for (int column : columns) {
      values.put(
          table.columnName(column),
          row.cell(column) instanceof Cell.Text(String text) ? text : null);
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
