package dev.anabranch.promote.plan;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The three-way merge of one row: its base, the branch's last state of it, and main's state now.
 *
 * <p>Cells are compared as text. Two texts of one value (1.0 and 1.00) are two values here, which
 * can only hold a unit that might have landed, never land one that must not.
 */
sealed interface Merge {

  /** Main already is what the branch wants. */
  record Agreed() implements Merge {}

  record Insert(Cells cells) implements Merge {}

  record Update(Cells cells) implements Merge {}

  record Delete() implements Merge {}

  /** Both sides changed the row, and differently. */
  record Conflict(Set<Integer> columns, String why) implements Merge {
    public Conflict {
      columns = Set.copyOf(columns);
    }
  }

  /** The branch wrote a column that main no longer has, or has with another type. */
  record Unfit(int column) implements Merge {}

  /**
   * Merges.
   *
   * @param base the row before the branch's first write, empty if the branch made it
   * @param branch the row after the branch's last write, empty if the branch deleted it
   * @param main the row on main, empty if there is none
   * @param written the columns that the branch changed on the way, whatever they came to
   * @param columns the columns that main has with the type they had at the fork point
   */
  static Merge of(
      Optional<Row> base,
      Optional<Row> branch,
      Optional<Row> main,
      Set<Integer> written,
      Set<Integer> columns) {
    if (base.isEmpty()) {
      return branch.isEmpty() ? new Agreed() : inserted(branch.get(), main, columns);
    }
    return branch.isEmpty()
        ? deleted(base.get(), main, columns)
        : updated(base.get(), branch.get(), main, written, columns);
  }

  /** A row that is put there anew. */
  static Merge inserted(Row branch, Optional<Row> main, Set<Integer> columns) {
    for (var cell : branch.values().entrySet()) {
      if (!columns.contains(cell.getKey()) && !cell.getValue().equals(CellValue.none())) {
        return new Unfit(cell.getKey());
      }
    }
    if (main.isEmpty()) {
      return new Insert(only(branch.values(), columns));
    }
    Set<Integer> differing = only(branch.differenceFrom(main.get()), columns).keySet();
    // The same to the letter is no agreement: main would have refused the second of the two.
    return differing.isEmpty()
        ? new Conflict(branch.values().keySet(), "the branch and main both inserted it")
        : new Conflict(differing, "the branch and main both inserted it, with different values");
  }

  private static Merge deleted(Row base, Optional<Row> main, Set<Integer> columns) {
    if (main.isEmpty()) {
      return new Agreed();
    }
    Set<Integer> differing = only(base.differenceFrom(main.get()), columns).keySet();
    return differing.isEmpty()
        ? new Delete()
        : new Conflict(differing, "the branch deleted it and main changed it");
  }

  private static Merge updated(
      Row base, Row branch, Optional<Row> main, Set<Integer> written, Set<Integer> columns) {
    Cells wanted = branch.differenceFrom(base);
    if (wanted.isEmpty() && written.isEmpty()) {
      return new Agreed();
    }
    for (int column : wanted.keySet()) {
      if (!columns.contains(column)) {
        return new Unfit(column);
      }
    }
    if (main.isEmpty()) {
      Set<Integer> changed = new TreeSet<>(written);
      changed.addAll(wanted.keySet());
      return new Conflict(changed, "the branch changed it and main deleted it");
    }
    Set<Integer> setBack = new TreeSet<>(written);
    setBack.removeAll(wanted.keySet());
    setBack.retainAll(columns);
    setBack.removeIf(column -> main.get().value(column).equals(base.value(column)));
    NavigableMap<Integer, CellValue> cells = new TreeMap<>();
    Set<Integer> conflicts = new TreeSet<>();
    for (var cell : wanted.entrySet()) {
      CellValue current = main.get().value(cell.getKey());
      if (current.equals(cell.getValue())) {
        continue;
      }
      cells.put(cell.getKey(), cell.getValue());
      if (!current.equals(base.value(cell.getKey()))) {
        conflicts.add(cell.getKey());
      }
    }
    if (!setBack.isEmpty()) {
      conflicts.addAll(setBack);
      return new Conflict(
          conflicts, "the branch changed it and set it back, and main changed it meanwhile");
    }
    if (!conflicts.isEmpty()) {
      return new Conflict(conflicts, "the branch and main both changed it, to different values");
    }
    return cells.isEmpty() ? new Agreed() : new Update(Cells.of(cells));
  }

  static Cells only(Cells cells, Set<Integer> columns) {
    return cells.only(columns::contains);
  }

  /**
   * The merge of a conflict that was decided cell by cell; all other cells merge as ever.
   *
   * @param chosen what each column in conflict gets
   */
  static Merge decided(
      Optional<Row> base,
      Row branch,
      Row main,
      Set<Integer> columns,
      NavigableMap<Integer, CellValue> chosen) {
    NavigableMap<Integer, CellValue> cells =
        new TreeMap<>(
            base.map(row -> only(branch.differenceFrom(row), columns)).orElseGet(Cells::none));
    cells.putAll(chosen);
    cells.entrySet().removeIf(cell -> main.value(cell.getKey()).equals(cell.getValue()));
    return cells.isEmpty() ? new Agreed() : new Update(Cells.of(cells));
  }

  /**
   * The steps that a conflict blames: those that wrote one of its columns, or the first when none
   * did.
   */
  static int blamed(Lineage lineage, Set<Integer> columns) {
    List<Step> steps = lineage.steps();
    if (lineage.base().isEmpty()) {
      return steps.getFirst().unit();
    }
    for (Step step : steps) {
      if (step.after().isEmpty()) {
        return step.unit();
      }
      if (step.before().isPresent()
          && step.after().get().differenceFrom(step.before().get()).keySet().stream()
              .anyMatch(columns::contains)) {
        return step.unit();
      }
    }
    return steps.getFirst().unit();
  }
}
