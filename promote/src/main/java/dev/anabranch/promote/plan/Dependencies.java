package dev.anabranch.promote.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which pending units can't land without which others.
 *
 * <p>A later unit depends on an earlier one when both touch one claim and at least one of them
 * makes or unmakes it (the same row, the same unique tuple, a parent and its reference), or when an
 * answer that the later one rests on may have read what the earlier one wrote.
 */
final class Dependencies {

  private record Touch(int unit, boolean owns) {}

  private final List<List<Claim>> claimsOfUnit = new ArrayList<>();
  private final Map<Claim, List<Touch>> touches = new HashMap<>();
  private final Map<Long, BitSet> unitsRestingOn = new LinkedHashMap<>();
  private final Readers readers;
  private final Map<Integer, List<Long>> readersOfUnit = new HashMap<>();

  /** Which of the answers given may have read a unit's writes. */
  @FunctionalInterface
  interface Readers {
    List<Long> of(int unit, Set<Long> answers);
  }

  Dependencies(int units, Readers readers) {
    this.readers = readers;
    for (int i = 0; i < units; i++) {
      claimsOfUnit.add(new ArrayList<>());
    }
  }

  /** Units are told in order. */
  void touch(int unit, Claim claim, boolean owns) {
    List<Touch> before = touches.computeIfAbsent(claim, _ -> new ArrayList<>());
    Touch touch = new Touch(unit, owns);
    if (before.isEmpty() || !before.getLast().equals(touch)) {
      before.add(touch);
      claimsOfUnit.get(unit).add(claim);
    }
  }

  void rests(int unit, long answer) {
    unitsRestingOn.computeIfAbsent(answer, _ -> new BitSet()).set(unit);
  }

  /** The units given and all that depend on them. */
  BitSet closure(BitSet seeds) {
    BitSet held = new BitSet();
    Deque<Integer> open = new ArrayDeque<>();
    seeds.stream().forEach(unit -> hold(unit, held, open));
    while (!open.isEmpty()) {
      int unit = open.pop();
      for (Claim claim : claimsOfUnit.get(unit)) {
        holdLaterTouches(unit, touches.getOrDefault(claim, List.of()), held, open);
      }
      for (long answer : readersOf(unit)) {
        BitSet resting = unitsRestingOn.getOrDefault(answer, new BitSet());
        resting.stream().forEach(dependant -> hold(dependant, held, open));
      }
    }
    return held;
  }

  private static void holdLaterTouches(
      int unit, List<Touch> touches, BitSet held, Deque<Integer> open) {
    boolean owns = touches.stream().anyMatch(touch -> touch.unit() == unit && touch.owns());
    for (Touch touch : touches) {
      if (touch.unit() > unit && (owns || touch.owns())) {
        hold(touch.unit(), held, open);
      }
    }
  }

  private List<Long> readersOf(int unit) {
    return readersOfUnit.computeIfAbsent(
        unit, absent -> readers.of(absent, unitsRestingOn.keySet()));
  }

  private static void hold(int unit, BitSet held, Deque<Integer> open) {
    if (!held.get(unit)) {
      held.set(unit);
      open.push(unit);
    }
  }
}
