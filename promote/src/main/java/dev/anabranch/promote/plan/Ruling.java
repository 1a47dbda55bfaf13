package dev.anabranch.promote.plan;

import dev.anabranch.promote.fact.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What becomes of a conflict that a person has decided.
 *
 * @param merge what is written
 * @param overruled what of the row main will have otherwise than the branch had it; empty when it
 *     will have all of it as the branch had it
 */
record Ruling(Merge merge, Optional<Overruled> overruled) {

  /** What of a row a decision takes from the branch. */
  sealed interface Overruled {

    /** That the row is there, or is not. */
    record WholeRow() implements Overruled {}

    /**
     * Some cells.
     *
     * @param cells what main will have there
     */
    record Cells(NavigableMap<Integer, CellValue> cells) implements Overruled {}
  }

  /**
   * A conflict of one row.
   *
   * @param base the row at the fork point
   * @param branch the row on the branch
   * @param main the row on main
   * @param columns the columns in conflict
   * @param together what main gets of other columns, by their rules, whatever is decided
   * @param comparable the columns that main has as they were at the fork point
   * @param key the key's columns
   */
  record Case(
      Optional<Row> base,
      Optional<Row> branch,
      Optional<Row> main,
      Set<Integer> columns,
      NavigableMap<Integer, CellValue> together,
      Set<Integer> comparable,
      List<Integer> key) {

    boolean isAboutCells() {
      return branch.isPresent() && main.isPresent();
    }

    /** The columns that can get a value one by one; a row keeps its key. */
    Set<Integer> decidable() {
      Set<Integer> decidable = new TreeSet<>(isAboutCells() ? columns : Set.of());
      key.forEach(decidable::remove);
      return decidable;
    }

    boolean bothInserted() {
      return base.isEmpty() && isAboutCells();
    }

    boolean isTheSame() {
      return isAboutCells()
          && columns.stream()
              .allMatch(column ->
                  branch.orElseThrow().value(column).equals(main.orElseThrow().value(column)));
    }

    /**
     * What a person can say.
     *
     * @param isReferredTo whether other rows of the branch refer to it
     */
    List<String> choices(boolean isReferredTo) {
      List<String> choices = new ArrayList<>(List.of("branch"));
      // Main's row of that key may be about something else than what the branch's rows refer to.
      if (!bothInserted() || !isReferredTo) {
        choices.add("main");
        if (!isTheSame() && !decidable().isEmpty()) {
          choices.add("value");
        }
      }
      choices.add("drop");
      return choices;
    }
  }

  /** What a choice makes of it, empty where it decides nothing or not all of it. */
  static Optional<Ruling> of(Choice choice, Case conflict, MainTable table) {
    return switch (choice) {
      case Choice.Accept ignored -> Optional.empty();
      case Choice.Drop ignored -> Optional.empty();
      case Choice.Rerun ignored -> Optional.empty();
      case Choice.Open ignored -> Optional.empty();
      case Choice.Branch ignored ->
          Optional.of(
              conflict.isAboutCells()
                  ? cells(conflict, conflict.branch().orElseThrow())
                  : new Ruling(asTheBranchHasIt(conflict), Optional.empty()));
      case Choice.Main ignored ->
          Optional.of(
              conflict.isAboutCells()
                  ? cells(conflict, conflict.main().orElseThrow())
                  : new Ruling(new Merge.Agreed(), Optional.of(new Overruled.WholeRow())));
      case Choice.Value(Map<String, Choice.Cell> cells) -> byHand(cells, conflict, table);
    };
  }

  private static Merge asTheBranchHasIt(Case conflict) {
    return conflict.branch().isPresent()
        ? Merge.inserted(conflict.branch().get(), Optional.empty(), conflict.comparable())
        : new Merge.Delete();
  }

  private static Ruling cells(Case conflict, Row row) {
    NavigableMap<Integer, CellValue> chosen = new TreeMap<>();
    conflict.columns().forEach(column -> chosen.put(column, row.value(column)));
    return cells(conflict, chosen);
  }

  private static Optional<Ruling> byHand(
      Map<String, Choice.Cell> cells, Case conflict, MainTable table) {
    NavigableMap<Integer, CellValue> chosen = new TreeMap<>();
    for (int column : conflict.columns()) {
      Choice.Cell cell = cells.get(table.columnName(column));
      if (cell == null) {
        return Optional.empty();
      }
      chosen.put(
          column,
          switch (cell) {
            case Choice.Cell.OfBranch ignored -> conflict.branch().orElseThrow().value(column);
            case Choice.Cell.OfMain ignored -> conflict.main().orElseThrow().value(column);
            case Choice.Cell.Given(Optional<String> text) ->
                text.map(CellValue::of).orElseGet(CellValue::none);
          });
    }
    return conflict.isAboutCells() ? Optional.of(cells(conflict, chosen)) : Optional.empty();
  }

  private static Ruling cells(Case conflict, NavigableMap<Integer, CellValue> chosen) {
    Row branch = conflict.branch().orElseThrow();
    NavigableMap<Integer, CellValue> overruled = new TreeMap<>(chosen);
    overruled.entrySet().removeIf(cell -> branch.value(cell.getKey()).equals(cell.getValue()));
    NavigableMap<Integer, CellValue> all = new TreeMap<>(conflict.together());
    all.putAll(chosen);
    return new Ruling(
        Merge.decided(
            conflict.base(), branch, conflict.main().orElseThrow(), conflict.comparable(), all),
        overruled.isEmpty() ? Optional.empty() : Optional.of(new Overruled.Cells(overruled)));
  }
}
