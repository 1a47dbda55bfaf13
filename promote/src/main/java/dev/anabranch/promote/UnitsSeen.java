package dev.anabranch.promote;

import dev.anabranch.base.BranchName;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.promote.UnitSeen.RowCount;
import dev.anabranch.promote.UnitSeen.State;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.TaskGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A branch's units, a page of them.
 *
 * @param branch the branch
 * @param asOf the position that its answers were checked as of
 * @param counts how many units there are of each state, whatever the page
 * @param units those of the page
 * @param answers what they said and rest on, as it was checked; of each unit only the first {@value
 *     #ANSWERS_EACH}, those that don't hold before the others
 * @param next the last unit of the page, if there are more
 */
public record UnitsSeen(
    BranchName branch,
    Lsn asOf,
    Map<State, Integer> counts,
    List<UnitSeen> units,
    List<Judged> answers,
    Optional<Long> next) {

  /** A unit may rest on thousands, and nobody reads them all. */
  public static final int ANSWERS_EACH = 50;

  /**
   * @param plan what a promotion would do now with the units that have not come to main
   * @param undone tells those that were taken back
   */
  static UnitsSeen of(Inspection inspection, Plan plan, Undoings undone, UnitsWanted wanted) {
    return new Making(
            inspection,
            plan,
            Set.copyOf(plan.landing()),
            Set.copyOf(plan.held()),
            Set.copyOf(plan.dropped()),
            undone.byUnit(inspection.branch().id()))
        .page(wanted);
  }

  /** What is known of all units while a page of them is made. */
  private record Making(
      Inspection inspection,
      Plan plan,
      Set<Long> landing,
      Set<Long> held,
      Set<Long> dropped,
      Map<Long, String> undone) {

    UnitsSeen page(UnitsWanted wanted) {
      Map<State, Integer> counts = new EnumMap<>(State.class);
      inspection.units().forEach(unit -> counts.merge(state(unit.id()), 1, Integer::sum));
      Map<Long, TaskGroup> tasks = new LinkedHashMap<>(); // in the order that they are told in
      for (TaskGroup task :
          inspection.provenance().tasks(inspection.units().stream().map(Unit::id).toList())) {
        task.units().forEach(unit -> tasks.put(unit, task));
      }
      List<Long> all =
          tasks.keySet().stream()
              .filter(unit -> wanted.state().filter(state -> state != state(unit)).isEmpty())
              .toList();
      int from = wanted.after().map(last -> all.indexOf(last) + 1).orElse(0);
      int to = Math.min(all.size(), from + wanted.limit());
      List<UnitSeen> units = seen(all.subList(from, to), tasks);
      return new UnitsSeen(
          inspection.branch().name(),
          inspection.report().asOf(),
          counts,
          units,
          answers(units),
          to < all.size() ? Optional.of(all.get(to - 1)) : Optional.empty());
    }

    private State state(long unit) {
      if (landing.contains(unit)) {
        return State.LANDING;
      }
      if (dropped.contains(unit)) {
        return State.DROPPED;
      }
      if (held.contains(unit)) {
        return State.HELD;
      }
      return undone.containsKey(unit) ? State.UNDONE : State.LANDED;
    }

    private List<UnitSeen> seen(List<Long> ids, Map<Long, TaskGroup> tasks) {
      Map<Long, Unit> byId = new HashMap<>();
      inspection.units().forEach(unit -> byId.put(unit.id(), unit));
      Map<Long, List<Long>> statements = statements(Set.copyOf(ids));
      List<UnitSeen> units = new ArrayList<>();
      for (long id : ids) {
        Unit unit = Objects.requireNonNull(byId.get(id));
        TaskGroup task = Objects.requireNonNull(tasks.get(id));
        units.add(
            new UnitSeen(
                id,
                unit.committedAt(),
                state(id),
                task.id(),
                task.name(),
                statements.getOrDefault(id, List.of()),
                restsOn(id),
                plan.facts().stream()
                    .filter(fact -> fact.units().contains(id))
                    .map(Fact::id)
                    .toList(),
                rows(unit),
                Optional.ofNullable(undone.get(id))));
      }
      return units;
    }

    private Map<Long, List<Long>> statements(Set<Long> units) {
      Map<Long, List<Long>> statements = new HashMap<>();
      for (Judged judged : inspection.report().verdicts()) {
        long answer = judged.answer().id();
        inspection
            .provenance()
            .madeBy(answer)
            .filter(units::contains)
            .ifPresent(
                unit -> statements.computeIfAbsent(unit, _ -> new ArrayList<>()).add(answer));
      }
      return statements;
    }

    private List<Long> restsOn(long unit) {
      List<Long> premises = inspection.provenance().premises();
      return inspection.provenance().restsOn(unit).stream().mapToObj(premises::get).toList();
    }

    private List<Judged> answers(List<UnitSeen> units) {
      Set<Long> holding = new HashSet<>();
      for (Judged judged : inspection.report().verdicts()) {
        if (judged.verdict() instanceof Verdict.Holds) {
          holding.add(judged.answer().id());
        }
      }
      Set<Long> wanted = new HashSet<>();
      for (UnitSeen unit : units) {
        unit.statements().stream().limit(ANSWERS_EACH).forEach(wanted::add);
        unit.restsOn().stream()
            .sorted(Comparator.comparing(holding::contains))
            .limit(ANSWERS_EACH)
            .forEach(wanted::add);
      }
      return inspection.report().verdicts().stream()
          .filter(judged -> wanted.contains(judged.answer().id()))
          .toList();
    }

    private static List<RowCount> rows(Unit unit) {
      Map<TableId, List<Write>> writes = new LinkedHashMap<>();
      unit.writes()
          .forEach(
              write -> writes.computeIfAbsent(write.table(), _ -> new ArrayList<>()).add(write));
      Map<TableId, String> names = new HashMap<>();
      for (TableShape shape : unit.shapes()) {
        names.put(shape.id(), shape.qualifiedName());
      }
      List<RowCount> rows = new ArrayList<>();
      writes.forEach((table, own) ->
          rows.add(
              new RowCount(
                  names.getOrDefault(table, table.toString()),
                  count(own, Write.Insert.class),
                  count(own, Write.Update.class),
                  count(own, Write.Delete.class),
                  count(own, Write.Truncate.class) > 0)));
      return rows;
    }

    private static int count(List<Write> writes, Class<? extends Write> kind) {
      return (int) writes.stream().filter(kind::isInstance).count();
    }
  }
}
