package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the claims that a step touches. */
final class Claims {

  /**
   * Columns of a table whose values are a claim.
   *
   * @param table whose tuple it is
   * @param names of the columns there
   * @param columns of the row
   * @param owns whether the row is what others refer to
   * @param onlyIfMoved whether a write that leaves the values as they are does not touch it
   */
  private record Tuple(
      TableId table, List<String> names, List<Integer> columns, boolean owns, boolean onlyIfMoved) {

    /** Touches the values before and the values after. */
    void tell(Step step, Dependencies dependencies) {
      Optional<List<String>> before = step.before().flatMap(row -> row.values(columns));
      Optional<List<String>> after = step.after().flatMap(row -> row.values(columns));
      boolean same = before.equals(after);
      if (onlyIfMoved && same) {
        return;
      }
      before.ifPresent(
          values -> dependencies.touch(step.unit(), new Claim(table, names, values), owns));
      if (!same) {
        after.ifPresent(
            values -> dependencies.touch(step.unit(), new Claim(table, names, values), owns));
      }
    }
  }

  private final Map<TableId, List<Tuple>> tuplesOf = new HashMap<>();
  private final Map<TableId, MainTable> tables;
  private final Foldable foldable;
  private final Set<TableId> truncated;

  Claims(Map<TableId, MainTable> tables, Foldable foldable, Set<TableId> truncated) {
    this.tables = tables;
    this.foldable = foldable;
    this.truncated = truncated;
  }

  /** The whole table, which a TRUNCATE owns and every write to it then refers to. */
  static Claim wholeTable(TableId table) {
    return new Claim(table, List.of(), List.of());
  }

  void tell(Step step, Dependencies dependencies) {
    MainTable table = tables.get(step.table());
    if (table == null) {
      return;
    }
    if (truncated.contains(step.table())) {
      dependencies.touch(step.unit(), wholeTable(step.table()), false);
    }
    if (foldable.keyColumns(step.table()).isEmpty()) {
      step.before().ifPresent(row -> dependencies.touch(step.unit(), content(step, row), true));
      step.after().ifPresent(row -> dependencies.touch(step.unit(), content(step, row), true));
    }
    tuplesOf
        .computeIfAbsent(step.table(), _ -> tuplesOf(table))
        .forEach(tuple -> tuple.tell(step, dependencies));
  }

  private List<Tuple> tuplesOf(MainTable table) {
    List<Tuple> tuples = new ArrayList<>();
    List<Integer> key = foldable.keyColumns(table.id());
    tuples.add(new Tuple(table.id(), names(table, key), key, true, false));
    for (Set<Integer> unique : table.uniques()) {
      List<Integer> columns = unique.stream().sorted().toList();
      if (!columns.equals(key)) {
        tuples.add(new Tuple(table.id(), names(table, columns), columns, true, true));
      }
    }
    for (ForeignKey foreignKey : table.references()) {
      tuples.add(
          new Tuple(
              foreignKey.parent(),
              foreignKey.parentColumns(),
              foreignKey.childColumns(),
              false,
              true));
    }
    for (ForeignKey foreignKey : table.referencedBy()) {
      List<Integer> columns = table.numbersOf(foreignKey.parentColumns()).orElse(List.of());
      tuples.add(new Tuple(foreignKey.parent(), foreignKey.parentColumns(), columns, true, true));
    }
    tuples.removeIf(tuple -> tuple.columns().isEmpty());
    return List.copyOf(tuples);
  }

  /** A row without a key, by all that it holds. */
  private static Claim content(Step step, Row row) {
    return new Claim(
        step.table(),
        List.of("*"),
        row.values().values().stream().map(value -> String.valueOf(value.cell())).toList());
  }

  private static List<String> names(MainTable table, List<Integer> columns) {
    return columns.stream().map(table::columnName).toList();
  }
}
