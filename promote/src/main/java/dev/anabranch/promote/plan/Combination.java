package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.promote.merge.MergeRule;
import dev.anabranch.promote.merge.Merged;
import dev.anabranch.promote.merge.MergedCell;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of its columns make of a row that the branch and main both changed. Two sides that
 * took three each from ten have the same seven, and four are left: so a cell that combines is
 * looked at also where both sides have the same.
 */
final class Combination {

  private final PlanInput input;
  private final Foldable foldable;

  Combination(PlanInput input, Foldable foldable) {
    this.input = input;
    this.foldable = foldable;
  }

  /**
   * What is written of a row.
   *
   * @param cells those that rules have a part in, which land where the rest of the row does
   * @param together what main gets there, by column
   */
  record Outcome(Merge merge, List<MergedCell> cells, NavigableMap<Integer, CellValue> together) {}

  /** The three states of a row. */
  private record Sides(Row base, Row branch, Row main) {}

  /** What a rule makes of one cell. */
  private record Found(MergeRule rule, long version, boolean operated, Merged merged) {}

  /**
   * Combines.
   *
   * @param branch the row after the branch's last write
   * @param main the row on main
   * @param merge what comes of it cell by cell
   */
  Outcome of(
      Lineage lineage, MainTable table, Optional<Row> branch, Optional<Row> main, Merge merge) {
    Map<Integer, Combining.Rule> rules = input.provenance().combining().of(lineage.table());
    if (rules.isEmpty()
        || lineage.base().isEmpty()
        || branch.isEmpty()
        || main.isEmpty()
        || merge instanceof Merge.Unfit) {
      return new Outcome(merge, List.of(), new TreeMap<>());
    }
    Sides sides = new Sides(lineage.base().get(), branch.get(), main.get());
    Set<Integer> conflicts =
        merge instanceof Merge.Conflict(Set<Integer> columns, String ignored)
            ? new HashSet<>(columns)
            : new HashSet<>();
    NavigableMap<Integer, CellValue> chosen = new TreeMap<>();
    List<MergedCell> cells = new ArrayList<>();
    String why = "";
    Set<Integer> concerned = new TreeSet<>(lineage.written());
    concerned.addAll(rules.keySet());
    for (int column : concerned) {
      Found found = find(lineage, table, sides, column, rules.get(column));
      if (found == null) {
        continue;
      }
      switch (found.merged()) {
        case Merged.Together(String text) -> {
          chosen.put(column, CellValue.of(text));
          conflicts.remove(column);
          cells.add(told(lineage, table, sides, column, found, text));
        }
        case Merged.Apart(String clause) -> {
          if (conflicts.contains(column) || found.operated()) {
            conflicts.add(column);
            why = "; rule " + found.rule().word() + " does not combine them: " + clause;
          }
        }
      }
    }
    if (!conflicts.isEmpty()) {
      String sentence =
          merge instanceof Merge.Conflict known
              ? known.why()
              : "the branch and main both changed it";
      return new Outcome(new Merge.Conflict(conflicts, sentence + why), cells, chosen);
    }
    return chosen.isEmpty()
        ? new Outcome(merge, List.of(), chosen)
        : new Outcome(
            Merge.decided(
                lineage.base(),
                sides.branch(),
                sides.main(),
                foldable.comparableColumns(lineage.table()),
                chosen),
            cells,
            chosen);
  }

  /** Nothing where the cell is no matter of a rule's. */
  private @Nullable Found find(
      Lineage lineage, MainTable table, Sides sides, int column, Combining.@Nullable Rule kept) {
    Optional<MergeRule> rule =
        kept == null || !foldable.comparableColumns(lineage.table()).contains(column)
            ? Optional.empty()
            : ruleOf(kept, table, column);
    boolean written = lineage.written().contains(column);
    if (kept != null && rule.isPresent() && written && !isContinuous(lineage, column)) {
      return new Found(
          rule.get(),
          kept.version(),
          true,
          new Merged.Apart("it lands otherwise than a later statement found it"));
    }
    boolean same = sides.main().value(column).equals(sides.base().value(column));
    if (kept == null || rule.isEmpty() || (same && !rule.get().needsOperations())) {
      return null;
    }
    if (!same && isLeft(lineage, column)) {
      return new Found(
          rule.get(),
          kept.version(),
          true,
          new Merged.Apart(
              "an operation that changed nothing on the branch may change it on main"));
    }
    boolean agreed = sides.main().value(column).equals(sides.branch().value(column));
    if (!written || (agreed && !rule.get().needsOperations())) {
      return null;
    }
    boolean operated = isOperated(lineage, column);
    if (same && !operated) {
      return null;
    }
    Merged merged =
        operated || !rule.get().needsOperations()
            ? merge(rule.get(), lineage, sides, column)
            : new Merged.Apart("a statement gave it a value, whatever was there");
    boolean counts = operated && rule.get().needsOperations();
    return new Found(rule.get(), kept.version(), counts, merged);
  }

  private static Optional<MergeRule> ruleOf(Combining.Rule kept, MainTable table, int column) {
    String word = kept.kind().name().toLowerCase(Locale.ROOT);
    return table
        .column(column)
        .flatMap(known ->
            MergeRule.of(word, table.typeOf(column).orElse(known.typeOid()), known.typeModifier()));
  }

  /** Whether a statement did to the cell what it says, and that was nothing. */
  private boolean isLeft(Lineage lineage, int column) {
    return !input.traps().has(Trap.NOTHING_DONE_IS_NOTHING_SAID)
        && lineage.steps().stream()
            .anyMatch(step ->
                step.before().isPresent()
                    && step.after().isPresent()
                    && step.before().get().value(column).equals(step.after().get().value(column))
                    && input
                        .provenance()
                        .mayHaveLeft(input.pending().get(step.unit()).id(), step.table(), column));
  }

  private Merged merge(MergeRule rule, Lineage lineage, Sides sides, int column) {
    CellValue ours = sides.branch().value(column);
    if (!(ours instanceof CellValue.Known(Cell branch))) {
      return new Merged.Apart("main has yet to give it a number");
    }
    if (input.traps().has(Trap.COMBINED_IS_AS_ON_THE_BRANCH)
        && branch instanceof Cell.Text(String text)) {
      return new Merged.Together(text);
    }
    Cell base = sides.base().cell(column);
    Cell main = sides.main().cell(column);
    Merged whole = rule.merge(base, branch, main);
    if (!whole.equals(oneByOne(rule, lineage, column, main))) {
      return whole instanceof Merged.Apart
          ? whole
          : new Merged.Apart("a later statement took back what an earlier one did");
    }
    boolean mayOperate =
        lineage.units().stream()
            .anyMatch(unit ->
                input
                    .provenance()
                    .mayOperate(input.pending().get(unit).id(), lineage.table(), column));
    Optional<String> again =
        mayOperate ? rule.mayBeSaidAgain(base, branch, main) : Optional.empty();
    return again.<Merged>map(Merged.Apart::new).orElse(whole);
  }

  /** What comes of the steps if each of them is combined with what came of the one before. */
  private static Merged oneByOne(MergeRule rule, Lineage lineage, int column, Cell main) {
    Merged merged = new Merged.Apart("no statement changed it");
    Cell now = main;
    for (Step step : lineage.steps()) {
      if (step.before().isEmpty() || step.after().isEmpty()) {
        return new Merged.Apart("the row was gone in between");
      }
      CellValue found = step.before().get().value(column);
      CellValue left = step.after().get().value(column);
      if (found.equals(left)) {
        continue;
      }
      if (!(found instanceof CellValue.Known(Cell was)
          && left instanceof CellValue.Known(Cell is))) {
        return new Merged.Apart("main has yet to give it a number");
      }
      merged = rule.merge(was, is, now);
      if (!(merged instanceof Merged.Together(String text))) {
        return merged;
      }
      now = new Cell.Text(text);
    }
    return merged;
  }

  /** Whether each step began with what the one before left; not so where one was executed again. */
  private static boolean isContinuous(Lineage lineage, int column) {
    for (int i = 1; i < lineage.steps().size(); i++) {
      Optional<Row> left = lineage.steps().get(i - 1).after();
      Optional<Row> found = lineage.steps().get(i).before();
      if (left.isPresent()
          && found.isPresent()
          && !left.get().value(column).equals(found.get().value(column))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether each statement that gave the cell a value, were it the same, says in itself what it
   * does to what it finds.
   */
  private boolean isOperated(Lineage lineage, int column) {
    return lineage.steps().stream()
        .allMatch(step ->
            step.before().isPresent()
                && step.after().isPresent()
                && input
                    .provenance()
                    .onlyOperates(input.pending().get(step.unit()).id(), step.table(), column));
  }

  private MergedCell told(
      Lineage lineage, MainTable table, Sides sides, int column, Found found, String merged) {
    Map<String, String> key = new LinkedHashMap<>();
    for (int part : foldable.keyColumns(lineage.table())) {
      key.put(table.columnName(part), shown(sides.main(), part));
    }
    return new MergedCell(
        table.shape().qualifiedName(),
        key,
        table.columnName(column),
        found.rule().word(),
        found.version(),
        shown(sides.base(), column),
        shown(sides.branch(), column),
        shown(sides.main(), column),
        merged,
        lineage.units().stream().map(unit -> input.pending().get(unit).id()).toList());
  }

  private static String shown(Row row, int column) {
    return row.cell(column) instanceof Cell.Text(String text) ? text : "NULL";
  }
}
