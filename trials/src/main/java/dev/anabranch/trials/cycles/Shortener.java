package dev.anabranch.trials.cycles;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Makes a course with something wrong smaller, while the same goes wrong. */
final class Shortener {

  /** Tells a course again. */
  @FunctionalInterface
  interface Teller {
    List<Wrong> tell(int attempt, Course course) throws SQLException;
  }

  private final int tries;
  private int tried;

  Shortener(int tries) {
    this.tries = tries;
  }

  Course shorten(Course course, Wrong wrong, Teller teller) throws SQLException {
    Course smallest = course;
    for (int last = smallest.rounds().size() - 1; last >= 0; last--) {
      Course without = smallest.withRounds(without(smallest.rounds(), last));
      if (!without.rounds().isEmpty() && stillWrong(without, wrong, teller)) {
        smallest = without;
      }
    }
    for (int i = 0; i < smallest.rounds().size(); i++) {
      int place = i;
      Course.Stage stage = smallest.rounds().get(i);
      Course base = smallest;
      List<Program> programs =
          fewer(
              stage.programs(),
              some -> base.with(place, new Course.Stage(some, stage.moves(), stage.during())),
              wrong,
              teller);
      List<Move> moves =
          fewer(
              stage.moves(),
              some -> base.with(place, new Course.Stage(programs, some, stage.during())),
              wrong,
              teller);
      List<Move> during =
          fewer(
              stage.during(),
              some -> base.with(place, new Course.Stage(programs, moves, some)),
              wrong,
              teller);
      smallest = base.with(place, new Course.Stage(programs, moves, during));
    }
    return smallest;
  }

  private <T> List<T> fewer(
      List<T> all, Function<List<T>, Course> course, Wrong wrong, Teller teller)
      throws SQLException {
    List<T> kept = all;
    for (int i = all.size() - 1; i >= 0; i--) {
      List<T> less = without(kept, i);
      if (stillWrong(course.apply(less), wrong, teller)) {
        kept = less;
      }
    }
    return kept;
  }

  private static <T> List<T> without(List<T> all, int place) {
    List<T> less = new ArrayList<>(all);
    less.remove(place);
    return less;
  }

  private boolean stillWrong(Course course, Wrong wrong, Teller teller) throws SQLException {
    return tried < tries && teller.tell(tried++, course).stream().anyMatch(wrong::like);
  }
}
