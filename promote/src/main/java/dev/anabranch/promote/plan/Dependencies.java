package dev.anabranch.promote.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pending units can't land without which others.
 *
 * <p>A later unit depends on an earlier one when both touch one claim and at least one of them
 * makes or unmakes it (the same row, the same unique tuple, a parent and its reference), or when an
 * answer that the later one rests on may have read what the earlier one wrote.
 */
final class Dependencies {

  /** Which of these answers may have read a unit's writes. */
  @FunctionalInterface
  interface Readers {
    BitSet of(int unit, BitSet answers);
  }

  /** The last that touched a claim: its owner, and those that leaned on it since. */
  private static final class Touched {
    private int owner = -1;
    private final List<Integer> leaning = new ArrayList<>();
  }

  private final List<BitSet> next = new ArrayList<>();
  private final Map<Claim, Touched> touched = new HashMap<>();
  private final List<BitSet> unitsRestingOn = new ArrayList<>();
  private final Readers readers;
  private final Map<Integer, BitSet> askedOf = new HashMap<>();
  private final Map<Integer, BitSet> readersOf = new HashMap<>();

  Dependencies(int units, Readers readers) {
    this.readers = readers;
    for (int i = 0; i < units; i++) {
      next.add(new BitSet());
    }
  }

  /** Units are told in order. */
  void touch(int unit, Claim claim, boolean owns) {
    Touched last = touched.computeIfAbsent(claim, _ -> new Touched());
    if (last.owner >= 0 && last.owner != unit) {
      next.get(last.owner).set(unit);
    }
    if (owns) {
      last.leaning.stream()
          .filter(leaning -> leaning != unit)
          .forEach(leaning -> next.get(leaning).set(unit));
      last.leaning.clear();
      last.owner = unit;
    } else if (last.owner != unit && (last.leaning.isEmpty() || last.leaning.getLast() != unit)) {
      last.leaning.add(unit);
    }
  }

  /** A unit can't land without an earlier one, whatever they touched. */
  void needs(int unit, int earlier) {
    next.get(earlier).set(unit);
  }

  /** The answers that a unit rests on, by place. */
  void rests(int unit, BitSet answers) {
    for (int answer = answers.nextSetBit(0); answer >= 0; answer = answers.nextSetBit(answer + 1)) {
      while (unitsRestingOn.size() <= answer) {
        unitsRestingOn.add(new BitSet());
      }
      unitsRestingOn.get(answer).set(unit);
    }
  }

  /** The units given and all that depend on them. */
  BitSet closure(BitSet seeds) {
    BitSet held = (BitSet) seeds.clone();
    BitSet mattering = new BitSet();
    mattering.set(0, unitsRestingOn.size());
    Deque<Integer> open = new ArrayDeque<>(seeds.stream().boxed().toList());
    while (!open.isEmpty()) {
      int unit = open.pop();
      hold(next.get(unit), held, open);
      BitSet reading = readersOf(unit, mattering, held);
      for (int answer = reading.nextSetBit(0);
          answer >= 0;
          answer = reading.nextSetBit(answer + 1)) {
        hold(unitsRestingOn.get(answer), held, open);
      }
    }
    return held;
  }

  /**
   * Whether an answer has read a unit is asked once, and only while something rests on the answer
   * that is not held anyway.
   */
  private BitSet readersOf(int unit, BitSet mattering, BitSet held) {
    BitSet asked = askedOf.computeIfAbsent(unit, _ -> new BitSet());
    BitSet known = readersOf.computeIfAbsent(unit, _ -> new BitSet());
    BitSet open = (BitSet) mattering.clone();
    open.andNot(asked);
    for (int answer = open.nextSetBit(0); answer >= 0; answer = open.nextSetBit(answer + 1)) {
      if (isWithin(unitsRestingOn.get(answer), held)) {
        open.clear(answer);
        mattering.clear(answer);
      }
    }
    if (!open.isEmpty()) {
      known.or(readers.of(unit, open));
      asked.or(open);
    }
    BitSet reading = (BitSet) known.clone();
    reading.and(mattering);
    return reading;
  }

  private static boolean isWithin(BitSet units, BitSet held) {
    int unit = units.nextSetBit(0);
    while (unit >= 0 && held.get(unit)) {
      unit = units.nextSetBit(held.nextClearBit(unit));
    }
    return unit < 0;
  }

  private static void hold(BitSet units, BitSet held, Deque<Integer> open) {
    for (int unit = units.nextSetBit(0); unit >= 0; unit = units.nextSetBit(unit + 1)) {
      if (!held.get(unit)) {
        held.set(unit);
        open.push(unit);
      }
    }
  }
}
