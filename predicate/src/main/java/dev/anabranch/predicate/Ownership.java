package dev.anabranch.predicate;

import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.timeline.Owner;
import dev.anabranch.predicate.timeline.Timeline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Which unit each transaction made, where the moments of their commits leave that open: one that
 * commits by itself has no id that the gateway learns.
 *
 * <p>A transaction makes one unit or none, a unit is made by one transaction, a session's
 * transactions commit one after the other, and a statement whose words say all that it writes made
 * no unit of another table. Only what follows from these is taken for known.
 */
final class Ownership {

  private final Map<Ending, Unit> made = new HashMap<>();
  private final Set<Ending> unclear = new HashSet<>();

  /**
   * @param units in commit order
   * @param mayBe whether a transaction's statements can have written a unit
   * @param wrote whether a transaction has surely written one of them
   */
  Ownership(
      List<Unit> units,
      Timeline timeline,
      BiPredicate<Ending, Unit> mayBe,
      Predicate<Ending> wrote) {
    Map<Unit, List<Ending>> open = new LinkedHashMap<>();
    for (Unit unit : units) {
      switch (timeline.owner(unit)) {
        case Owner.One(Ending ending) -> made.put(ending, unit);
        case Owner.Unclear(List<Ending> possible) ->
            open.put(
                unit, new ArrayList<>(possible.stream().filter(e -> mayBe.test(e, unit)).toList()));
      }
    }
    boolean more = true;
    while (more) {
      boolean singles = settleSingles(open);
      boolean sure = settleSure(open, wrote);
      boolean sessions = settleSessions(open);
      // They cost more to find, and are few once the others are known.
      more = singles || sure || sessions || clearCrowds(open, wrote);
    }
    open.values().forEach(unclear::addAll);
  }

  /** The transactions that are known to have made one, by the id of their unit. */
  Map<Long, Ending> known() {
    Map<Long, Ending> known = new HashMap<>();
    made.forEach((ending, unit) -> known.put(unit.id(), ending));
    return known;
  }

  /** The unit that a transaction made, if it is known to have made one. */
  Optional<Unit> of(Ending ending) {
    return Optional.ofNullable(made.get(ending));
  }

  /** Whether a transaction may have made one of several units, or none. */
  boolean isUnclear(Ending ending) {
    return unclear.contains(ending);
  }

  private boolean settleSingles(Map<Unit, List<Ending>> open) {
    boolean any = false;
    for (Unit unit : List.copyOf(open.keySet())) {
      List<Ending> possible = open.getOrDefault(unit, List.of());
      if (possible.size() == 1) {
        settle(unit, possible.getFirst(), open);
        any = true;
      }
    }
    return any;
  }

  /** A transaction that wrote, and can have made only one of them, made that. */
  private boolean settleSure(Map<Unit, List<Ending>> open, Predicate<Ending> wrote) {
    Map<Ending, List<Unit>> candidates = new HashMap<>();
    open.forEach((unit, possible) ->
        possible.stream()
            .filter(wrote)
            .forEach(ending ->
                candidates.computeIfAbsent(ending, ignored -> new ArrayList<>()).add(unit)));
    for (Map.Entry<Ending, List<Unit>> entry : candidates.entrySet()) {
      if (entry.getValue().size() == 1) {
        settle(entry.getValue().getFirst(), entry.getKey(), open);
        return true;
      }
    }
    return false;
  }

  /**
   * Where as many transactions wrote as there are units that they can have made, each made one, and
   * no other transaction did.
   */
  private boolean clearCrowds(Map<Unit, List<Ending>> open, Predicate<Ending> wrote) {
    boolean any = false;
    for (List<Unit> crowd : crowds(open)) {
      Set<Ending> sure = new HashSet<>();
      crowd.forEach(
          unit -> open.getOrDefault(unit, List.of()).stream().filter(wrote).forEach(sure::add));
      boolean fits =
          sure.size() == crowd.size()
              && crowd.stream()
                  .allMatch(
                      unit -> open.getOrDefault(unit, List.of()).stream().anyMatch(sure::contains));
      for (Unit unit : fits ? crowd : List.<Unit>of()) {
        any |= open.getOrDefault(unit, List.of()).retainAll(sure);
      }
    }
    return any;
  }

  /**
   * Units that have a transaction in common that can have made them, directly or through others.
   */
  private static List<List<Unit>> crowds(Map<Unit, List<Ending>> open) {
    Map<Ending, List<Unit>> of = new HashMap<>();
    open.forEach((unit, possible) ->
        possible.forEach(
            ending -> of.computeIfAbsent(ending, ignored -> new ArrayList<>()).add(unit)));
    Set<Unit> met = new HashSet<>();
    List<List<Unit>> crowds = new ArrayList<>();
    for (Unit first : open.keySet()) {
      List<Unit> crowd = new ArrayList<>();
      if (met.add(first)) {
        crowd.add(first);
      }
      for (int i = 0; i < crowd.size(); i++) {
        for (Ending ending : open.getOrDefault(crowd.get(i), List.of())) {
          of.getOrDefault(ending, List.of()).stream().filter(met::add).forEach(crowd::add);
        }
      }
      if (!crowd.isEmpty()) {
        crowds.add(crowd);
      }
    }
    return crowds;
  }

  private void settle(Unit unit, Ending ending, Map<Unit, List<Ending>> open) {
    made.put(ending, unit);
    open.remove(unit);
    open.values().forEach(possible -> possible.remove(ending));
  }

  /**
   * Units that can only be one session's: where giving each the first transaction that can have
   * made it, and giving each the last, comes to the same, there is only one way.
   */
  private boolean settleSessions(Map<Unit, List<Ending>> open) {
    Map<UUID, List<Unit>> bySession = new HashMap<>();
    open.forEach((unit, possible) -> {
      Set<UUID> sessions = new HashSet<>();
      possible.forEach(ending -> sessions.add(ending.session()));
      if (sessions.size() == 1) {
        bySession
            .computeIfAbsent(sessions.iterator().next(), ignored -> new ArrayList<>())
            .add(unit);
      }
    });
    boolean any = false;
    for (List<Unit> units : bySession.values()) {
      Map<Unit, Ending> first = firstWay(units, open);
      Map<Unit, Ending> last = lastWay(units, open);
      for (Unit unit : units) {
        Ending ending = first.get(unit);
        if (ending != null && ending.equals(last.get(unit))) {
          settle(unit, ending, open);
          any = true;
        }
      }
    }
    return any;
  }

  private static Map<Unit, Ending> firstWay(List<Unit> units, Map<Unit, List<Ending>> open) {
    Map<Unit, Ending> way = new HashMap<>();
    long after = Long.MIN_VALUE;
    for (Unit unit : units) {
      long least = after;
      Optional<Ending> next =
          open.getOrDefault(unit, List.of()).stream()
              .filter(ending -> ending.transaction() > least)
              .min(Comparator.comparingLong(Ending::transaction));
      if (next.isEmpty()) {
        return Map.of();
      }
      way.put(unit, next.get());
      after = next.get().transaction();
    }
    return way;
  }

  private static Map<Unit, Ending> lastWay(List<Unit> units, Map<Unit, List<Ending>> open) {
    Map<Unit, Ending> way = new HashMap<>();
    long before = Long.MAX_VALUE;
    for (Unit unit : units.reversed()) {
      long most = before;
      Optional<Ending> next =
          open.getOrDefault(unit, List.of()).stream()
              .filter(ending -> ending.transaction() < most)
              .max(Comparator.comparingLong(Ending::transaction));
      if (next.isEmpty()) {
        return Map.of();
      }
      way.put(unit, next.get());
      before = next.get().transaction();
    }
    return way;
  }
}
