package dev.anabranch.trials.oracle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Chance with a seed: the same seed throws the same sequence. */
final class Dice {

  private final SplittableRandom random;

  Dice(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** A number from 0 to {@code bound - 1}. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A number from {@code low} to {@code high}, both included. */
  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  boolean percent(int chance) {
    return random.nextInt(100) < chance;
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** One of the choices. */
  String of(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Up to {@code count} different choices, at least one. */
  <T> List<T> some(List<T> choices, int count) {
    List<T> shuffled = new ArrayList<>(choices);
    Collections.shuffle(shuffled, new java.util.Random(random.nextLong()));
    return shuffled.subList(0, Math.min(shuffled.size(), Math.max(1, count)));
  }
}
