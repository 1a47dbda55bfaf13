package dev.anabranch.promote.plan;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /** Whether it was both made and unmade by these units. */
  boolean isTransient() {
    return base().isEmpty() && last().isEmpty();
  }

  /** The places of the units behind it. */
  List<Integer> units() {
    return List.copyOf(new LinkedHashSet<>(steps.stream().map(Step::unit).toList()));
  }

  /** Follows every row through the steps. */
  static List<Lineage> follow(Collection<Step> steps, Map<TableId, List<Integer>> keyColumns) {
    List<List<Step>> all = new ArrayList<>();
    Map<RowRef, List<Step>> at = new HashMap<>();
    for (Step step : steps) {
      List<Integer> columns = keyColumns.getOrDefault(step.table(), List.of());
      Key from = step.before().or(step::after).orElseThrow().key(columns);
      Key to = step.after().or(step::before).orElseThrow().key(columns);
      List<Step> lineage = at.remove(new RowRef(step.table(), from));
      if (lineage == null) {
        lineage = new ArrayList<>();
        all.add(lineage);
      }
      lineage.add(step);
      at.put(new RowRef(step.table(), to), lineage);
    }
    return all.stream()
        .map(lineage -> new Lineage(lineage.getFirst().table(), List.copyOf(lineage)))
        .toList();
  }
}
