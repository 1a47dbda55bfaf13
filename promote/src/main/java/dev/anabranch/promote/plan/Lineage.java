package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
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
    if (steps.size() == 1) {
      return written(steps.getFirst());
    }
    Set<Integer> columns = new TreeSet<>();
    steps.forEach(step -> columns.addAll(written(step)));
    return columns;
  }

  private static Set<Integer> written(Step step) {
    return step.before().isPresent() && step.after().isPresent()
        ? step.after().get().differenceFrom(step.before().get()).keySet()
        : step.after().or(step::before).orElseThrow().values().keySet();
  }

  /** Whether it was both made and unmade by these units. */
  boolean isTransient() {
    return base().isEmpty() && last().isEmpty();
  }

  /** The places of the units behind it. */
  List<Integer> units() {
    if (steps.size() == 1) {
      return List.of(steps.getFirst().unit());
    }
    return List.copyOf(new LinkedHashSet<>(steps.stream().map(Step::unit).toList()));
  }

  /**
   * Follows every row through the steps: by its key, or by all that it holds where there is none.
   */
  static List<Lineage> follow(Collection<Step> steps, Map<TableId, List<Integer>> keyColumns) {
    List<List<Step>> all = new ArrayList<>();
    Map<RowRef, List<Step>> byKey = new HashMap<>();
    Map<MainRows.Content, Deque<List<Step>>> byContent = new HashMap<>();
    for (Step step : steps) {
      List<Integer> columns = keyColumns.getOrDefault(step.table(), List.of());
      if (columns.isEmpty()) {
        followCopy(step, byContent, all);
      } else {
        Row from = step.before().or(step::after).orElseThrow();
        Row to = step.after().or(step::before).orElseThrow();
        List<Step> lineage = byKey.remove(new RowRef(step.table(), from.key(columns)));
        if (lineage == null) {
          lineage = new ArrayList<>(1);
          all.add(lineage);
        }
        lineage.add(step);
        byKey.put(new RowRef(step.table(), to.key(columns)), lineage);
      }
    }
    return all.stream()
        .map(lineage -> new Lineage(lineage.getFirst().table(), List.copyOf(lineage)))
        .toList();
  }

  /**
   * Of rows that hold the same and have no key it is all one which is which, so one that the branch
   * made itself is taken before one that was there.
   */
  private static void followCopy(
      Step step, Map<MainRows.Content, Deque<List<Step>>> at, List<List<Step>> all) {
    List<Step> lineage =
        step.before()
            .map(row -> at.get(new MainRows.Content(step.table(), row)))
            .map(Deque::poll)
            .orElseGet(() -> {
              List<Step> begun = new ArrayList<>();
              all.add(begun);
              return begun;
            });
    lineage.add(step);
    step.after()
        .ifPresent(row ->
            at.computeIfAbsent(new MainRows.Content(step.table(), row), _ -> new ArrayDeque<>())
                .push(lineage));
  }

  /**
   * Whether main has otherwise, too, what the branch changed of the row.
   *
   * @param columns those that can be compared
   */
  boolean isChangedIn(Optional<Row> main, Set<Integer> columns) {
    if (base().isEmpty() || main.isEmpty()) {
      return base().isPresent() || main.isPresent();
    }
    Set<Integer> changed =
        new HashSet<>(Merge.only(base().get().differenceFrom(main.get()), columns).keySet());
    last()
        .ifPresent(row -> {
          Set<Integer> own = new HashSet<>(row.differenceFrom(base().get()).keySet());
          own.addAll(written());
          changed.retainAll(own);
        });
    return !changed.isEmpty();
  }
}
