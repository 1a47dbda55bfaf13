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
    private List<Integer> leaning = List.of();

    private void lean(int unit) {
      if (leaning.isEmpty()) {
        leaning = new ArrayList<>(1);
      }
      leaning.add(unit);
    }
  }

  private final List<BitSet> next = new ArrayList<>();
  private final Map<Claim, Touched> touched = new HashMap<>();
  private final List<BitSet> unitsRestingOn = new ArrayList<>();
  private final List<BitSet> restingOn = new ArrayList<>();
  private final BitSet restedOn = new BitSet();
  private final Readers readers;
  private final Map<Integer, BitSet> askedOf = new HashMap<>();
  private final Map<Integer, BitSet> readersOf = new HashMap<>();

  Dependencies(int units, Readers readers) {
    this.readers = readers;
    for (int i = 0; i < units; i++) {
      next.add(new BitSet());
      restingOn.add(new BitSet());
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
      last.leaning = List.of();
      last.owner = unit;
    } else if (last.owner != unit && (last.leaning.isEmpty() || last.leaning.getLast() != unit)) {
      last.lean(unit);
    }
  }

  /** All units are told: the claims, several of each row, are not needed any more. */
  void toldAll() {
    touched.clear();
  }

  /** A unit can't land without an earlier one, whatever they touched. */
  void needs(int unit, int earlier) {
    next.get(earlier).set(unit);
  }

  /** The answers that a unit rests on, by place. */
  void rests(int unit, BitSet answers) {
    restingOn.get(unit).or(answers);
    restedOn.or(answers);
    for (int answer = answers.nextSetBit(0); answer >= 0; answer = answers.nextSetBit(answer + 1)) {
      while (unitsRestingOn.size() <= answer) {
        unitsRestingOn.add(new BitSet());
      }
      unitsRestingOn.get(answer).set(unit);
    }
  }

  /** The units given and all that depend on them. */
  BitSet closure(BitSet seeds) {
    return new Closing(seeds).closed();
  }

  /** Units that are held, while it is found out which others are with them. */
  private final class Closing {

    private final BitSet held = new BitSet();
    private final Deque<Integer> open = new ArrayDeque<>();

    /** Answers that something rests on which is not held, as far as that has been looked at. */
    private final BitSet mattering = (BitSet) restedOn.clone();

    /** The only answers of which that may have become otherwise. */
    private final BitSet restedOnByHeld = new BitSet();

    Closing(BitSet seeds) {
      hold(seeds);
    }

    BitSet closed() {
      while (!open.isEmpty()) {
        int unit = open.pop();
        hold(next.get(unit));
        BitSet reading = readersOf(unit);
        for (int answer = reading.nextSetBit(0);
            answer >= 0;
            answer = reading.nextSetBit(answer + 1)) {
          hold(unitsRestingOn.get(answer));
        }
      }
      return held;
    }

    private void hold(BitSet units) {
      for (int unit = units.nextSetBit(0); unit >= 0; unit = units.nextSetBit(unit + 1)) {
        if (!held.get(unit)) {
          held.set(unit);
          open.push(unit);
          restedOnByHeld.or(restingOn.get(unit));
        }
      }
    }

    /**
     * Whether an answer has read a unit is asked once, and only while something rests on the answer
     * that is not held anyway.
     */
    private BitSet readersOf(int unit) {
      BitSet asked = askedOf.computeIfAbsent(unit, _ -> new BitSet());
      BitSet known = readersOf.computeIfAbsent(unit, _ -> new BitSet());
      BitSet unasked = (BitSet) mattering.clone();
      unasked.andNot(asked);
      BitSet closed = (BitSet) unasked.clone();
      closed.and(restedOnByHeld);
      for (int answer = closed.nextSetBit(0); answer >= 0; answer = closed.nextSetBit(answer + 1)) {
        if (isWithin(unitsRestingOn.get(answer), held)) {
          unasked.clear(answer);
          mattering.clear(answer);
        }
      }
      if (!unasked.isEmpty()) {
        known.or(readers.of(unit, unasked));
        asked.or(unasked);
      }
      BitSet reading = (BitSet) known.clone();
      reading.and(mattering);
      return reading;
    }
  }

  private static boolean isWithin(BitSet units, BitSet held) {
    int unit = units.nextSetBit(0);
    while (unit >= 0 && held.get(unit)) {
      unit = units.nextSetBit(held.nextClearBit(unit));
    }
    return unit < 0;
  }
}
