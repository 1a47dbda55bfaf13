package dev.anabranch.promote.plan;

import java.util.List;
import java.util.Set;

/**
 * Units that were made for one task.
 *
 * @param id what the task is known by; empty for units of which nobody knows whose they are
 * @param name what people call it
 * @param task what the ledger has of it, for people
 * @param answers how many answers about data were asked for it
 * @param restsOn the ids of the answers that its units rest on
 * @param units their ids, in commit order
 */
public record TaskGroup(
    String id, String name, String task, int answers, Set<Long> restsOn, List<Long> units) {
  public TaskGroup {
    restsOn = Set.copyOf(restsOn);
    units = List.copyOf(units);
  }
}
