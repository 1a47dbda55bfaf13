package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the claims that a step touches. */
final class Claims {

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
    List<Integer> key = foldable.keyColumns(step.table());
    if (key.isEmpty()) {
      step.before().ifPresent(row -> dependencies.touch(step.unit(), content(step, row), true));
      step.after().ifPresent(row -> dependencies.touch(step.unit(), content(step, row), true));
    }
    both(step, step.table(), names(table, key), key, true, false, dependencies);
    for (Set<Integer> unique : table.uniques()) {
      List<Integer> columns = unique.stream().sorted().toList();
      if (!columns.equals(key)) {
        both(step, step.table(), names(table, columns), columns, true, true, dependencies);
      }
    }
    for (ForeignKey foreignKey : table.references()) {
      both(
          step,
          foreignKey.parent(),
          foreignKey.parentColumns(),
          foreignKey.childColumns(),
          false,
          true,
          dependencies);
    }
    for (ForeignKey foreignKey : table.referencedBy()) {
      List<Integer> columns = table.numbersOf(foreignKey.parentColumns()).orElse(List.of());
      both(
          step, foreignKey.parent(), foreignKey.parentColumns(), columns, true, true, dependencies);
    }
  }

  /** A row without a key, by all that it holds. */
  private static Claim content(Step step, Row row) {
    return new Claim(
        step.table(),
        List.of("*"),
        row.values().values().stream().map(value -> String.valueOf(value.cell())).toList());
  }

  /**
   * Touches the tuple before and the tuple after; with {@code onlyIfMoved}, only where they differ.
   */
  private static void both(
      Step step,
      TableId table,
      List<String> names,
      List<Integer> columns,
      boolean owns,
      boolean onlyIfMoved,
      Dependencies dependencies) {
    Optional<List<String>> before = step.before().flatMap(row -> row.values(columns));
    Optional<List<String>> after = step.after().flatMap(row -> row.values(columns));
    if (columns.isEmpty() || (onlyIfMoved && before.equals(after))) {
      return;
    }
    before.ifPresent(
        values -> dependencies.touch(step.unit(), new Claim(table, names, values), owns));
    after.ifPresent(
        values -> dependencies.touch(step.unit(), new Claim(table, names, values), owns));
  }

  private static List<String> names(MainTable table, List<Integer> columns) {
    return columns.stream().map(table::columnName).toList();
  }
}
