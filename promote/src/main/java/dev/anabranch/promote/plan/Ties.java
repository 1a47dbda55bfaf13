package dev.anabranch.promote.plan;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which units can only be undone together. Of a row that several of them wrote main never had any
 * state but the first and the last, so there is none in between to go back to.
 */
final class Ties {

  private final List<Long> units;
  private final Map<Long, Long> towards = new HashMap<>();

  /**
   * @param units in commit order
   */
  Ties(List<Long> units, Collection<Written> written) {
    this.units = units;
    for (Written row : written) {
      long first = root(row.units().getFirst());
      row.units().forEach(unit -> towards.put(root(unit), first));
    }
  }

  private long root(long unit) {
    long at = unit;
    for (long next = next(at); next != at; next = next(at)) {
      towards.put(at, next(next));
      at = next;
    }
    return at;
  }

  private long next(long unit) {
    return towards.getOrDefault(unit, unit);
  }

  /** These units and all that are tied to them, in commit order. */
  List<Long> all(Collection<Long> some) {
    Set<Long> roots = some.stream().map(this::root).collect(Collectors.toSet());
    return units.stream().filter(unit -> roots.contains(root(unit))).toList();
  }
}
