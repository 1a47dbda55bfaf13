package dev.anabranch.predicate.timeline;

import dev.anabranch.ledger.Unit;
import java.util.List;
import java.util.Set;

/**
 * Work of a branch that has landed and is taken off a copy of main again, so that a statement is
 * executed in the place that it had on the branch: what it had seen of that work is laid over like
 * any other, and what came later is not there.
 *
 * @param units the ids of the units
 * @param inverses what takes them off, in this order
 */
public record TakenOff(Set<Long> units, List<Unit> inverses) {

  public static final TakenOff NOTHING = new TakenOff(Set.of(), List.of());

  /** Takes copies. */
  public TakenOff {
    units = Set.copyOf(units);
    inverses = List.copyOf(inverses);
  }

  public boolean isEmpty() {
    return units.isEmpty();
  }
}
