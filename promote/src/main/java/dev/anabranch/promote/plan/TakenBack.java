package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.promote.merge.MergeRule;
import dev.anabranch.promote.merge.Merged;
import dev.anabranch.promote.merge.MergedCell;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a promotion added to counters, taken back from what main has made of them since. That is
 * known of cells that the promotion's receipt names, by the keys that main's rows had before it,
 * while the column has the rule that it had then.
 */
final class TakenBack {

  private static final String COUNTER = "counter";

  private final UndoInput input;
  private final Map<Place, MergedCell> known = new HashMap<>();
  private final List<MergedCell> cells = new ArrayList<>();
  private final boolean allFound;

  private record Place(String table, Map<String, String> key, String column) {}

  TakenBack(UndoInput input) {
    this.input = input;
    input.merged().stream()
        .filter(cell -> cell.rule().equals(COUNTER))
        // What came to nothing was not written.
        .filter(cell -> !cell.merged().equals(cell.main()))
        .forEach(cell -> known.put(new Place(cell.table(), cell.key(), cell.column()), cell));
    this.allFound =
        known.isEmpty()
            || found().containsAll(known.values().stream().filter(this::isLeft).toList());
  }

  private boolean isLeft(MergedCell cell) {
    return cell.units().stream().anyMatch(input.units()::contains);
  }

  private Set<MergedCell> found() {
    Set<MergedCell> found = new HashSet<>();
    for (Written row : input.written()) {
      if (row instanceof Written.Updated updated) {
        updated.after().values().keySet().stream()
            .flatMap(column -> find(updated, column).stream())
            .forEach(found::add);
      }
    }
    return found;
  }

  /** Those that were taken back so. */
  List<MergedCell> cells() {
    return cells;
  }

  /** Whether a cell is one of them. */
  boolean isSum(Written.Updated updated, int column) {
    return find(updated, column).isPresent();
  }

  /**
   * Whether a cell is one of them, or may be: main having what it had before is then a sum, too,
   * whatever the column's rule is by now. A receipt that is full does not name all of them, and one
   * that names a cell which was not written as it says may mean any.
   */
  boolean mayBeSum(Written.Updated updated, int column) {
    return input.merged().size() >= MergedCell.LIMIT || !allFound || isSum(updated, column);
  }

  /** The cell without what was added to it; empty where that is not known. */
  Optional<CellValue> of(Written.Updated updated, Row main, int column) {
    Optional<MergedCell> cell =
        find(updated, column).filter(known -> isStill(known, updated, column));
    Optional<MergeRule> rule = cell.flatMap(_ -> rule(updated, column));
    if (cell.isEmpty() || rule.isEmpty()) {
      return Optional.empty();
    }
    Cell became = updated.after().cell(column);
    Cell was = updated.before().cell(column);
    if (!(rule.get().merge(became, was, main.cell(column))
        instanceof Merged.Together(String sum))) {
      return Optional.empty();
    }
    // As main has it now: whoever undoes this undoing finds it by what main had then.
    MainTable table = input.table(updated.table());
    cells.add(
        new MergedCell(
            table.shape().qualifiedName(),
            table.named(
                input.keyColumns(updated.table()), main.key(input.keyColumns(updated.table()))),
            table.columnName(column),
            COUNTER,
            cell.get().version(),
            String.valueOf(became.text()),
            String.valueOf(was.text()),
            String.valueOf(main.cell(column).text()),
            sum,
            updated.units()));
    return Optional.of(CellValue.of(sum));
  }

  private Optional<MergedCell> find(Written.Updated updated, int column) {
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Footing.Standing standing = input.standing(updated.table());
    int place = standing.shape().indexOf(column);
    return place < 0
        ? Optional.empty()
        : Optional.ofNullable(
            known.get(
                new Place(
                    standing.shape().qualifiedName(),
                    key(standing, updated.before()),
                    standing.shape().columns().get(place).name())));
  }

  private boolean isStill(MergedCell cell, Written.Updated updated, int column) {
    return Optional.ofNullable(input.combining().of(updated.table()).get(column))
        .filter(rule -> rule.equals(new Combining.Rule(Combining.Kind.COUNTER, cell.version())))
        .isPresent();
  }

  private static Map<String, String> key(Footing.Standing standing, Row row) {
    Map<String, String> key = new HashMap<>();
    for (int column : standing.keyColumns()) {
      int place = standing.shape().indexOf(column);
      key.put(
          place < 0 ? "" : standing.shape().columns().get(place).name(),
          String.valueOf(row.cell(column).text()));
    }
    return key;
  }

  private Optional<MergeRule> rule(Written.Updated updated, int column) {
    MainTable table = input.table(updated.table());
    return table
        .column(column)
        .flatMap(known ->
            MergeRule.of(
                COUNTER, table.typeOf(column).orElse(known.typeOid()), known.typeModifier()));
  }
}
