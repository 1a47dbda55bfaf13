package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.Reruns;
import dev.anabranch.predicate.rehearsal.Again;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.promote.fact.Decision;
import dev.anabranch.promote.plan.Decisions;
import dev.anabranch.promote.plan.Offers;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Sees what units whose own statements read what has changed would write on main now. It is asked
 * for each check once, and again when what was decided is another.
 */
final class Rerunning {

  private final Set<Inspection> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private Map<String, Decision> decided = Map.of();
  private Set<Long> accepted = Set.of();
  private Set<Long> pending = Set.of();
  private Offers offers = Offers.NONE;

  /** What is offered and chosen of these units. */
  Offers of(Inspection inspection, List<Unit> units, Set<Long> acceptedNow, Decisions decisions) {
    Set<Long> ids = units.stream().map(Unit::id).collect(Collectors.toSet());
    boolean known =
        seen.contains(inspection)
            && decisions.newest().equals(decided)
            && acceptedNow.equals(accepted)
            && ids.equals(pending);
    if (!known) {
      offers = look(inspection, units, acceptedNow, decisions);
      seen.clear();
      seen.add(inspection);
      decided = Map.copyOf(decisions.newest());
      accepted = Set.copyOf(acceptedNow);
      pending = ids;
    }
    return offers;
  }

  private static Offers look(
      Inspection inspection, List<Unit> units, Set<Long> accepted, Decisions decisions) {
    Map<Long, Unit> byId = new HashMap<>();
    units.forEach(unit -> byId.put(unit.id(), unit));
    Map<Long, Judged> judged = new TreeMap<>();
    Map<Long, Long> unitOf = new HashMap<>();
    for (Judged one : inspection.report().verdicts()) {
      long answer = one.answer().id();
      boolean stale = !(one.verdict() instanceof Verdict.Holds) && !one.byOwnWork();
      if (stale && one.answer().told() == Told.EFFECT && !accepted.contains(answer)) {
        inspection
            .provenance()
            .madeBy(answer)
            .filter(byId::containsKey)
            .filter(unit -> !decisions.isAccepted(one))
            .ifPresent(unit -> {
              judged.put(answer, one);
              unitOf.put(answer, unit);
            });
      }
    }
    if (unitOf.isEmpty()) {
      return Offers.NONE;
    }
    Set<Long> dropped = new HashSet<>();
    decisions.drops().forEach(decision -> dropped.addAll(decision.units()));
    Map<Long, Again> came = new HashMap<>();
    Set<Long> chosen = new LinkedHashSet<>();
    Set<Long> candidates = new HashSet<>(unitOf.values());
    Reruns.Choosing choosing =
        (unit, done) -> {
          boolean isChosen =
              isKnown(inspection, done)
                  && judged.values().stream()
                      .anyMatch(one ->
                          unit == unitOf.getOrDefault(one.answer().id(), -1L)
                              && decisions.isToBeRedone(one, done));
          if (isChosen) {
            chosen.add(unit);
          }
          return isChosen;
        };
    try {
      came.putAll(inspection.reexecution().run(candidates, dropped, choosing));
    } catch (AnabranchException e) {
      // The rest of the branch can land without it, unless nobody waits for that any more.
      if (e.code() == ErrorCode.CHECK_FAILED) {
        throw e;
      }
      String why = "no copy of main could be had: " + e.getMessage();
      chosen.clear();
      candidates.forEach(unit -> came.put(unit, new Again.Not(why)));
    }
    came.replaceAll((unit, again) ->
        again instanceof Again.Done done && !isKnown(inspection, done)
            ? new Again.Not("it is not known which tables it would be watched by")
            : again);
    chosen.retainAll(came.keySet());
    Map<Long, Unit> originals = new HashMap<>();
    chosen.forEach(unit -> originals.put(unit, Objects.requireNonNull(byId.get(unit))));
    return new Offers(came, unitOf, chosen, originals);
  }

  /**
   * Up to the commit main is watched for what the statements read; where their words do not tell,
   * it has to be what they read when they were judged.
   */
  private static boolean isKnown(Inspection inspection, Again.Done done) {
    return done.told().stream()
        .allMatch(told ->
            inspection
                .provenance()
                .reads(told.answer())
                .filter(tables -> done.saysAll() || tables.containsAll(done.reads()))
                .isPresent());
  }
}
