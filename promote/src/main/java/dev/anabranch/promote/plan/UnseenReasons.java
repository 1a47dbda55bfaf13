package dev.anabranch.promote.plan;

import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Unit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/**
 * Answers that saw of the branch what main will not have, and work that rests on them: that such an
 * answer is accepted as it came out does not say that it would do without what it saw.
 */
final class UnseenReasons {

  private final PlanInput input;
  private final Map<Integer, BitSet> resting;
  private final Map<String, Reason> decided;
  private final BitSet asked = new BitSet();

  /**
   * @param resting by place, the answers that landing units rest on, with those units
   * @param decided takes what a person has decided of it before
   */
  UnseenReasons(PlanInput input, Map<Integer, BitSet> resting, Map<String, Reason> decided) {
    this.input = input;
    this.resting = resting;
    this.decided = decided;
    resting.keySet().forEach(asked::set);
  }

  /**
   * @param unseen what decisions take away
   * @param gone the units that do not land
   * @param accepted tells the answers that were accepted although they do not hold: units that rest
   *     on others do not land without what those read
   */
  List<Reason> of(List<Unseen> unseen, BitSet gone, LongPredicate accepted) {
    List<Reason> reasons = new ArrayList<>();
    if (!input.traps().has(Trap.OVERRULED_IS_AS_SEEN)) {
      overruled(unseen)
          .forEach((place, rows) ->
              add(
                  reasons,
                  place,
                  Reason.overruled(input.decisions(), answer(place), rows, units(place))));
    }
    if (!input.traps().has(Trap.ACCEPTED_WITHOUT_WHAT_IT_SAW)) {
      leftBehind(gone, accepted)
          .forEach((place, left) ->
              add(
                  reasons,
                  place,
                  Reason.leftBehind(input.decisions(), answer(place), left, units(place))));
    }
    return reasons;
  }

  private void add(List<Reason> reasons, int place, Reason reason) {
    if (input.decisions().isAccepted(reason.root())) {
      input
          .decisions()
          .of(reason.root())
          .ifPresent(decision -> decided.putIfAbsent(reason.root().id(), reason.decided(decision)));
    } else if (!input.accepted().contains(answer(place))) {
      reasons.add(reason);
    }
  }

  private Map<Integer, List<Unseen>> overruled(List<Unseen> unseen) {
    Map<Integer, List<Unseen>> seen = new TreeMap<>();
    for (Unseen one : unseen) {
      for (Unit told : one.told()) {
        input.provenance().mayHaveSeen(asked, told, one.columns()).stream()
            .forEach(place -> seen.computeIfAbsent(place, _ -> new ArrayList<>()).add(one));
      }
    }
    return seen;
  }

  /** By answer, the units of which it may have seen rows, and which stay on the branch. */
  private Map<Integer, List<Long>> leftBehind(BitSet gone, LongPredicate accepted) {
    BitSet left = new BitSet();
    asked.stream().filter(place -> accepted.test(answer(place))).forEach(left::set);
    Map<Integer, TreeSet<Long>> seen = new TreeMap<>();
    if (!left.isEmpty()) {
      gone.stream()
          .mapToObj(place -> input.pending().get(place))
          .forEach(unit ->
              input.readersOf(left, unit).stream()
                  .forEach(
                      place -> seen.computeIfAbsent(place, _ -> new TreeSet<>()).add(unit.id())));
    }
    Map<Integer, List<Long>> units = new TreeMap<>();
    seen.forEach((place, ids) -> units.put(place, List.copyOf(ids)));
    return units;
  }

  private long answer(int place) {
    return input.provenance().premises().get(place);
  }

  private BitSet units(int place) {
    return Objects.requireNonNull(resting.get(place));
  }
}
