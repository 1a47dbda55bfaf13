package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One row's way through the landing units, whatever keys it had: where it began, where it ended,
 * and each step between.
 *
 * @param table its table
 * @param steps at least one, in order
 */
record Lineage(TableId table, List<Step> steps) {

  /** The row before the first step: what both sides began with. */
  Optional<Row> base() {
    return steps.getFirst().before();
  }

  /** The row after the last step. */
  Optional<Row> last() {
    return steps.getLast().after();
  }

  /** The columns that a step changed, whatever they came to; all of them where the row was gone. */
  Set<Integer> written() {
    Set<Integer> columns = new TreeSet<>();
    for (Step step : steps) {
      if (step.before().isPresent() && step.after().isPresent()) {
        columns.addAll(step.after().get().differenceFrom(step.before().get()).keySet());
      } else {
        columns.addAll(step.after().or(step::before).orElseThrow().values().keySet());
      }
    }
    return columns;
  }

  /** Whether it was both made and unmade by these units. */
  boolean isTransient() {
    return base().isEmpty() && last().isEmpty();
  }

  /** The places of the units behind it. */
  List<Integer> units() {
    return List.copyOf(new LinkedHashSet<>(steps.stream().map(Step::unit).toList()));
  }

  /** What a row is known by: its key, or all that it holds where there is none. */
  private record Identity(TableId table, Object what) {}

  private static Identity identity(Step step, Row row, List<Integer> keyColumns) {
    return new Identity(step.table(), keyColumns.isEmpty() ? row : row.key(keyColumns));
  }

  /**
   * Follows every row through the steps. Of rows that hold the same and have no key it is all one
   * which is which, so one that the branch made itself is taken before one that was there.
   */
  static List<Lineage> follow(Collection<Step> steps, Map<TableId, List<Integer>> keyColumns) {
    List<List<Step>> all = new ArrayList<>();
    Map<Identity, Deque<List<Step>>> at = new HashMap<>();
    for (Step step : steps) {
      List<Integer> columns = keyColumns.getOrDefault(step.table(), List.of());
      Identity from = identity(step, step.before().or(step::after).orElseThrow(), columns);
      Identity to = identity(step, step.after().or(step::before).orElseThrow(), columns);
      boolean isAnother = columns.isEmpty() && step.before().isEmpty();
      List<Step> lineage = isAnother ? null : at.getOrDefault(from, new ArrayDeque<>()).poll();
      if (lineage == null) {
        lineage = new ArrayList<>();
        all.add(lineage);
      }
      lineage.add(step);
      if (!columns.isEmpty() || step.after().isPresent()) {
        at.computeIfAbsent(to, _ -> new ArrayDeque<>()).push(lineage);
      }
    }
    return all.stream()
        .map(lineage -> new Lineage(lineage.getFirst().table(), List.copyOf(lineage)))
        .toList();
  }
}
