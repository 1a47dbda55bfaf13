package dev.anabranch.promote.plan;

import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Unit;
import dev.anabranch.promote.fact.Decision;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What a person dropped. With it goes what can't land without it, as far as that was there to be
 * seen; work that came later and rests on it was in nobody's mind, so it is held and asked about.
 *
 * @param units the places of what never lands
 * @param later what holds the work that came later
 */
record Drops(BitSet units, List<Reason> later) {

  static Drops of(PlanInput input, Dependencies dependencies) {
    List<Decision> decisions = input.decisions().drops();
    BitSet dropped = new BitSet();
    if (input.traps().has(Trap.DROPPED_ALONE)) {
      decisions.forEach(drop -> dropped.or(input.placesOf(drop.units())));
      return new Drops(dropped, List.of());
    }
    List<BitSet> later = new ArrayList<>();
    for (Decision drop : decisions) {
      BitSet named = input.placesOf(drop.units());
      BitSet all = dependencies.closure(named);
      BitSet since = (BitSet) all.clone();
      since.andNot(named);
      since.stream().filter(unit -> !isLater(input, unit, drop)).forEach(since::clear);
      later.add(since);
      all.andNot(since);
      dropped.or(all);
    }
    List<Reason> reasons = new ArrayList<>();
    for (int i = 0; i < decisions.size(); i++) {
      BitSet held = later.get(i);
      held.andNot(dropped);
      if (!held.isEmpty()) {
        reasons.add(Reason.afterDrop(decisions.get(i), held));
      }
    }
    return new Drops(dropped, reasons);
  }

  private static boolean isLater(PlanInput input, int place, Decision drop) {
    Unit unit = input.pending().get(place);
    return unit.committedAt().isAfter(drop.at());
  }
}
