package dev.anabranch.trials.cycles;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Tells random courses to a server until enough promotions have been judged. */
public final class CyclesOracle {

  private final Product product;
  private final Address judge;
  private final long seed;
  private final int shrinkTries;
  private final Consumer<String> progress;

  /**
   * @param judge a Postgres of the trial's own
   * @param shrinkTries how often a wrong course may be told again to make it smaller
   * @param progress told one line after each course
   */
  public CyclesOracle(
      Product product, Address judge, long seed, int shrinkTries, Consumer<String> progress) {
    this.product = product;
    this.judge = judge;
    this.seed = seed;
    this.shrinkTries = shrinkTries;
    this.progress = progress;
  }

  /** Judges at least so many promotions. */
  public Tally judge(int promotions) throws SQLException {
    Tally tally = new Tally();
    for (int i = 0; tally.promotions() < promotions; i++) {
      String name =
          "cycles-" + Long.toString(seed, Character.MAX_RADIX).replace('-', 'm') + "-" + i;
      Course course = Courses.make(seed * 1_000_003L + i, Life.schema(name));
      List<Wrong> wrongs = new Life(product, judge, name, course, tally).tell();
      progress.accept(
          String.format(
              Locale.ROOT,
              "course %d: %d promotions, %d wrong",
              i,
              tally.promotions(),
              tally.wrongs().size()));
      if (!wrongs.isEmpty()) {
        report(name, course, wrongs);
      }
    }
    return tally;
  }

  private void report(String name, Course course, List<Wrong> wrongs) throws SQLException {
    wrongs.forEach(wrong -> progress.accept("wrong: " + wrong.nature() + " " + wrong.report()));
    List<Wrong> last = new ArrayList<>(wrongs);
    Course smaller =
        new Shortener(shrinkTries)
            .shorten(
                course,
                wrongs.getFirst(),
                (attempt, shorter) -> {
                  String again = name + "-s" + attempt;
                  Course moved = shorter.inSchema(Life.schema(name), Life.schema(again));
                  List<Wrong> found = new Life(product, judge, again, moved, new Tally()).tell();
                  if (found.stream().anyMatch(wrong -> wrong.like(wrongs.getFirst()))) {
                    last.clear();
                    last.addAll(found);
                  }
                  return found;
                });
    progress.accept("smallest:\n" + smaller.script());
    last.forEach(wrong -> progress.accept("  wrong: " + wrong.nature() + " " + wrong.report()));
  }
}
