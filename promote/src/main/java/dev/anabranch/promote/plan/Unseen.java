package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.promote.fact.Fact;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the branch's own questions saw of a row and main will not have, since a person decided so.
 *
 * @param fact the conflict that was decided
 * @param words what was decided, for people
 * @param columns the columns, by number; empty for the whole row
 * @param told the units that made the row so, each with its writes to the row alone
 */
record Unseen(Fact fact, String words, Set<Integer> columns, List<Unit> told) {

  Unseen {
    columns = Set.copyOf(columns);
    told = List.copyOf(told);
  }

  static Unseen of(
      Fact fact,
      String words,
      Ruling.Overruled overruled,
      Lineage lineage,
      List<Integer> key,
      PlanInput input) {
    Map<Unit, List<Write>> writes = new LinkedHashMap<>();
    Set<Integer> columns =
        switch (overruled) {
          case Ruling.Overruled.WholeRow ignored -> Set.of();
          case Ruling.Overruled.Cells(var cells) -> cells.keySet();
        };
    boolean began = false;
    for (Step step : lineage.steps()) {
      began |= columns.isEmpty() || writesOne(step, columns);
      if (began) {
        Unit unit = input.pending().get(step.unit());
        writes
            .computeIfAbsent(unit, _ -> new ArrayList<>())
            .add(asSeen(step.write(), shape(unit, step.table()), told(overruled, key, input)));
      }
    }
    return new Unseen(
        fact,
        words,
        columns,
        writes.entrySet().stream().map(entry -> entry.getKey().with(entry.getValue())).toList());
  }

  private static boolean writesOne(Step step, Set<Integer> columns) {
    return step.before().isEmpty()
        || step.after().isEmpty()
        || step.after().get().differenceFrom(step.before().get()).keySet().stream()
            .anyMatch(columns::contains);
  }

  private static TableShape shape(Unit unit, TableId table) {
    return unit.shapes().stream()
        .filter(shape -> shape.id().equals(table))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no layout of table " + table));
  }

  /**
   * What is told of the row: its key as the branch has it, and what main will have in some columns.
   *
   * @param columns whose cells are told, the key among them
   * @param others what main will have; empty when the row as a whole is another
   */
  private record Told(Set<Integer> columns, Optional<Map<Integer, CellValue>> others) {}

  /**
   * Whoever looked for the row by what is told may have seen it; of other cells it is not known
   * what main and the branch had when they looked. Main's numbers of rows are not the branch's
   * where some were renumbered.
   */
  private static Told told(Ruling.Overruled overruled, List<Integer> key, PlanInput input) {
    Set<Integer> columns = new HashSet<>(key);
    return switch (overruled) {
      case Ruling.Overruled.WholeRow ignored -> new Told(columns, Optional.empty());
      case Ruling.Overruled.Cells(var cells) -> {
        if (!input.earlier().isEmpty()) {
          yield new Told(columns, Optional.of(Map.of()));
        }
        columns.addAll(cells.keySet());
        yield new Told(columns, Optional.of(cells));
      }
    };
  }

  private static Write asSeen(Write write, TableShape shape, Told told) {
    Image row =
        switch (write) {
          case Write.Insert insert -> insert.after();
          case Write.Update update -> update.after();
          case Write.Delete delete -> delete.before();
          case Write.Truncate truncate ->
              throw new IllegalStateException("a truncated table has no rows to decide of");
        };
    Image before = only(row, shape, told.columns(), Map.of());
    return write instanceof Write.Delete || told.others().isEmpty()
        ? new Write.Delete(write.table(), write.lsn(), before)
        : new Write.Update(
            write.table(),
            write.lsn(),
            before,
            only(row, shape, told.columns(), told.others().get()));
  }

  private static Image only(
      Image row, TableShape shape, Set<Integer> told, Map<Integer, CellValue> others) {
    List<Cell> cells = new ArrayList<>();
    for (int place = 0; place < row.cells().size(); place++) {
      int column = shape.columns().get(place).number();
      Cell own = told.contains(column) ? row.cells().get(place) : Cell.Absent.UNCHANGED;
      cells.add(Optional.ofNullable(others.get(column)).map(CellValue::cell).orElse(own));
    }
    return new Image(cells);
  }
}
