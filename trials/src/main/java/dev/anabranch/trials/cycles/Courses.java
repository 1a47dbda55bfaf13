package dev.anabranch.trials.cycles;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes courses by chance. */
final class Courses {

  private Courses() {}

  /** The course of a seed, for tables in this schema. */
  static Course make(long seed, String schema) {
    SplittableRandom dice = new SplittableRandom(seed);
    Programs programs = new Programs(dice.split(), schema);
    Moves moves = new Moves(dice.split(), schema);
    List<Course.Stage> stages = new ArrayList<>();
    int count = 2 + dice.nextInt(3);
    for (int stage = 0; stage < count; stage++) {
      List<Program> work = new ArrayList<>();
      for (int i = 0; i < 3 + dice.nextInt(4); i++) {
        work.add(programs.any());
      }
      stages.add(new Course.Stage(work, moved(dice, moves), during(dice, moves)));
    }
    return new Course(dice.nextLong(), stages);
  }

  private static List<Move> moved(SplittableRandom dice, Moves moves) {
    List<Move> moved = new ArrayList<>(List.of(moves.unrelated()));
    if (dice.nextInt(100) < 70) {
      for (int i = 0; i < 1 + dice.nextInt(3); i++) {
        moved.add(moves.related());
      }
    }
    if (dice.nextInt(100) < 20) {
      moved.add(moves.migration());
    }
    return moved;
  }

  private static List<Move> during(SplittableRandom dice, Moves moves) {
    return dice.nextInt(100) < 20 ? List.of(moves.related()) : List.of();
  }
}
