package dev.anabranch.promote.plan;

import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.predicate.rehearsal.Again;
import dev.anabranch.promote.fact.Choice;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.fact.FactRerun;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * What it means for the rest of the branch that units land as they came out when they were executed
 * again, and not as they were made.
 *
 * <p>Executing again hides nothing: a client that was told something else by then may have gone on
 * from that, and so may whoever saw a row as it was. Each of them is a fact of its own. Only the
 * statements that were executed again themselves have seen what lands.
 */
record Redoings(PlanInput input, Foldable foldable) {

  /** An answer that may not be what it was once some units land otherwise. */
  private record Concern(List<String> clauses, List<String> state, BitSet units) {}

  boolean areNone() {
    return input.offers().chosen().isEmpty();
  }

  /** The answers whose statements land as they were executed again, but for those of some units. */
  Set<Long> executed(BitSet left) {
    Set<Long> executed = input.offers().executed();
    for (int i = left.nextSetBit(0); i >= 0; i = left.nextSetBit(i + 1)) {
      input
          .offers()
          .done(input.pending().get(i).id())
          .ifPresent(done -> done.told().forEach(told -> executed.remove(told.answer())));
    }
    return executed;
  }

  /**
   * Answers that were told otherwise, or saw otherwise, than what lands.
   *
   * @param resting by place, the answers that units rest on which may land, with those units
   * @param held the answers that hold what rests on them already
   * @param left the units that never land
   */
  List<Reason> reasons(Map<Integer, BitSet> resting, LongPredicate held, BitSet left) {
    Map<Integer, Concern> concerns = new TreeMap<>();
    Set<Long> executed = executed(left);
    BitSet asked = new BitSet();
    List<Long> premises = input.provenance().premises();
    resting.keySet().stream()
        .filter(place -> !executed.contains(premises.get(place)) && !held.test(premises.get(place)))
        .forEach(asked::set);
    for (int i = 0; i < input.pending().size(); i++) {
      long id = input.pending().get(i).id();
      if (left.get(i)) {
        continue;
      }
      input
          .offers()
          .done(id)
          .ifPresent(done -> {
            if (!input.traps().has(Trap.AGAIN_TELLS_THE_SAME)) {
              told(done, resting, concerns);
            }
            if (!input.traps().has(Trap.AGAIN_IS_AS_SEEN)) {
              seen(done, asked, resting, concerns);
            }
          });
    }
    List<Reason> reasons = new ArrayList<>();
    concerns.forEach((place, concern) ->
        reasons.add(
            Reason.redone(
                input.decisions(),
                premises.get(place),
                String.join(", and ", concern.clauses()),
                concern.state(),
                concern.units())));
    return reasons;
  }

  private void told(Again.Done done, Map<Integer, BitSet> resting, Map<Integer, Concern> concerns) {
    List<Long> premises = input.provenance().premises();
    for (Again.Told told : done.told()) {
      int place = premises.indexOf(told.answer());
      BitSet units = resting.get(place);
      if (!told.same() && units != null) {
        concern(
            concerns,
            place,
            "told its client " + told.was() + ", and executed again would tell " + told.now(),
            done,
            units);
      }
    }
  }

  private void seen(
      Again.Done done, BitSet asked, Map<Integer, BitSet> resting, Map<Integer, Concern> concerns) {
    Unit original = input.offers().originals().get(done.unit().id());
    if (original == null) {
      throw new IllegalStateException("what unit " + done.unit().id() + " wrote is not known");
    }
    Unit now = done.unit();
    NetWrites.Difference difference =
        new NetWrites(original).differenceFrom(new NetWrites(now), original);
    BitSet seers = seers(asked, now, difference.whole(), Set.of());
    seers.or(seers(asked, now, difference.cells(), difference.columns()));
    seers.stream()
        .forEach(place -> {
          BitSet units = resting.get(place);
          if (units != null) {
            concern(
                concerns,
                place,
                "may have seen rows that unit " + now.id() + " leaves otherwise, executed again",
                done,
                units);
          }
        });
  }

  private BitSet seers(BitSet asked, Unit unit, List<Write> writes, Set<Integer> columns) {
    return writes.isEmpty()
        ? new BitSet()
        : (BitSet) input.provenance().mayHaveSeen(asked, unit.with(writes), columns).clone();
  }

  private static void concern(
      Map<Integer, Concern> concerns, int place, String clause, Again.Done done, BitSet units) {
    Concern concern =
        concerns.computeIfAbsent(
            place, _ -> new Concern(new ArrayList<>(), new ArrayList<>(), new BitSet()));
    concern.clauses().add(clause);
    concern.state().add(Offers.digest(done));
    concern.units().or(units);
  }

  /** A fact of a unit's own statement, with what executing it again came to. */
  Fact offered(Fact fact, long answer) {
    Long unit = input.offers().unitOf().get(answer);
    Again came = unit == null ? null : input.offers().came().get(unit);
    if (unit == null || came == null) {
      return fact;
    }
    return switch (came) {
      case Again.Not(String why) ->
          askedAgain(fact, "")
              .with(new FactRerun(false, why, "", unit, List.of(), 0, List.of()), fact.choices());
      case Again.Done done -> {
        List<String> choices = new ArrayList<>(fact.choices());
        choices.add(1, "rerun");
        yield askedAgain(fact, Offers.digest(done))
            .with(shown(done, original(unit, done)), choices);
      }
    };
  }

  /** Says so where another thing was to be written when that was decided. */
  private Fact askedAgain(Fact fact, String state) {
    return input
        .decisions()
        .of(fact)
        .filter(decision ->
            decision.choice() instanceof Choice.Rerun(String then) && !then.equals(state))
        .map(decision ->
            fact.saying(
                "; it was decided (rerun by "
                    + decision.who()
                    + ") and would write something else now, so it is asked again"))
        .orElse(fact);
  }

  private Unit original(long unit, Again.Done done) {
    Unit chosen = input.offers().originals().get(unit);
    return chosen != null
        ? chosen
        : input.pending().stream()
            .filter(known -> known.id() == unit)
            .findFirst()
            .orElse(done.unit());
  }

  private static FactRerun shown(Again.Done done, Unit original) {
    List<FactRerun.Row> rows = new NetWrites(original).beside(new NetWrites(done.unit()));
    int shown = Math.min(rows.size(), FactRerun.ROWS_LIMIT);
    return new FactRerun(
        true,
        "",
        Offers.digest(done),
        original.id(),
        rows.subList(0, shown),
        rows.size() - shown,
        done.told().stream()
            .filter(told -> !told.same())
            .map(told -> new FactRerun.Told(told.answer(), told.was(), told.now()))
            .toList());
  }

  /**
   * All steps, those that are not made any more among them: whoever went on from them needs their
   * unit.
   */
  List<Step> stepsEver(List<Step> steps) {
    if (areNone()) {
      return steps;
    }
    List<Unit> asMade =
        input.pending().stream()
            .map(unit -> input.offers().originals().getOrDefault(unit.id(), unit))
            .toList();
    List<Step> all =
        new ArrayList<>(
            Work.of(input.with(asMade), foldable).steps().stream()
                .filter(
                    step -> input.offers().done(input.pending().get(step.unit()).id()).isPresent())
                .toList());
    all.addAll(steps);
    all.sort(Comparator.comparingInt(Step::unit));
    return all;
  }

  /** Where words don't tell what was read, it was any row of the tables. */
  void tell(Dependencies dependencies) {
    Map<Integer, Again.Done> hidden = new HashMap<>();
    for (int i = 0; i < input.pending().size(); i++) {
      int place = i;
      input
          .offers()
          .done(input.pending().get(i).id())
          .filter(done -> !done.saysAll())
          .ifPresent(done -> hidden.put(place, done));
    }
    hidden.forEach((later, done) -> {
      for (int earlier = 0; earlier < later; earlier++) {
        if (input.pending().get(earlier).writes().stream()
            .anyMatch(write -> done.reads().contains(write.table()))) {
          dependencies.needs(later, earlier);
        }
      }
    });
  }
}
