package dev.anabranch.promote;

import dev.anabranch.base.ShortDigest;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.TaskGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a promotion does with the work of one task.
 *
 * @param id what the task is known by, as in {@code task:ID=drop}; empty for units of which nobody
 *     knows whose they are
 * @param name what people call it: its name, its request, or its application and first statement
 * @param task what the ledger has of it: a name, a trace, or who worked where
 * @param state a digest of its units and of the facts that hold them
 * @param answers how many answers about data were asked for it
 * @param landed the ids of its units that landed, or would
 * @param held of those that stay behind until something is decided
 * @param dropped of those that never land, as was decided
 */
public record TaskWork(
    String id,
    String name,
    String task,
    String state,
    int answers,
    List<Long> landed,
    List<Long> held,
    List<Long> dropped) {

  private static final int STATE_DIGITS = 16;

  public TaskWork {
    state = Objects.requireNonNullElse(state, "");
    landed = List.copyOf(landed);
    held = List.copyOf(held);
    dropped = List.copyOf(dropped);
  }

  /** Of all units of a plan. */
  static List<TaskWork> of(List<TaskGroup> groups, Plan plan) {
    Set<Long> landing = new HashSet<>(plan.landing());
    Set<Long> dropped = new HashSet<>(plan.dropped());
    IdentityHashMap<TaskGroup, List<Fact>> holding = holding(groups, plan.facts());
    return groups.stream()
        .map(group ->
            new TaskWork(
                group.id(),
                group.name(),
                group.task(),
                stateOf(group, holding.getOrDefault(group, List.of())),
                group.answers(),
                group.units().stream().filter(landing::contains).toList(),
                group.units().stream()
                    .filter(unit -> !landing.contains(unit) && !dropped.contains(unit))
                    .toList(),
                group.units().stream().filter(dropped::contains).toList()))
        .toList();
  }

  /** The facts that hold units of each group, without comparing each with all. */
  private static IdentityHashMap<TaskGroup, List<Fact>> holding(
      List<TaskGroup> groups, List<Fact> facts) {
    Map<Long, List<TaskGroup>> byUnit = new HashMap<>();
    groups.forEach(group ->
        group
            .units()
            .forEach(unit -> byUnit.computeIfAbsent(unit, _ -> new ArrayList<>()).add(group)));
    IdentityHashMap<TaskGroup, List<Fact>> holding = new IdentityHashMap<>();
    for (Fact fact : facts) {
      Set<TaskGroup> held = Collections.newSetFromMap(new IdentityHashMap<>());
      fact.units().forEach(unit -> held.addAll(byUnit.getOrDefault(unit, List.of())));
      held.forEach(group -> holding.computeIfAbsent(group, _ -> new ArrayList<>()).add(fact));
    }
    return holding;
  }

  /** What a task's work is known to be the same by. */
  static String state(TaskGroup group, Collection<Fact> facts) {
    return stateOf(group, facts.stream().filter(fact -> holds(fact, group)).toList());
  }

  private static String stateOf(TaskGroup group, List<Fact> holding) {
    List<String> parts = new ArrayList<>(List.of(group.units().toString()));
    for (Fact fact : holding) {
      if (fact.isOpen()) {
        parts.addAll(List.of(fact.id(), fact.state()));
      }
    }
    return ShortDigest.of(STATE_DIGITS, parts);
  }

  /** Whether a fact holds some of a task's units. */
  static boolean holds(Fact fact, TaskGroup group) {
    return !Collections.disjoint(fact.units(), group.units());
  }
}
