package dev.anabranch.trials.oracle;

import dev.anabranch.trials.drive.Product;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Tells random scenarios to a server until enough verdicts have been judged. A {@code holds} that
 * brute force does not confirm is made smaller and told to a person as a story.
 */
public final class Oracle {

  private final World world;
  private final long seed;
  private final int questionsPerRound;
  private final int shrinkTries;
  private final Consumer<String> progress;
  private final List<String> stories = new ArrayList<>();

  /**
   * @param questionsPerRound how many questions one branch is asked
   * @param shrinkTries how often a wrong round may be told again to make it smaller; 0 leaves it as
   *     it is
   * @param progress told one line after each round
   */
  public Oracle(
      Product product,
      long seed,
      int questionsPerRound,
      int shrinkTries,
      Consumer<String> progress) {
    this(World.of(product), seed, questionsPerRound, shrinkTries, progress);
  }

  Oracle(
      World world, long seed, int questionsPerRound, int shrinkTries, Consumer<String> progress) {
    this.world = world;
    this.seed = seed;
    this.questionsPerRound = questionsPerRound;
    this.shrinkTries = shrinkTries;
    this.progress = progress;
  }

  /** Judges at least so many verdicts. */
  public Tally judge(int verdicts) throws SQLException {
    Tally total = new Tally();
    for (int round = 0; total.judged() < verdicts; round++) {
      String name =
          "oracle-" + Long.toString(seed, Character.MAX_RADIX).replace('-', 'm') + "-" + round;
      Scenario scenario = Scenarios.make(seedOf(round), questionsPerRound);
      Round told = new Round(world, name, scenario);
      Tally tally = told.run();
      total.add(tally);
      progress.accept(
          String.format(
              Locale.ROOT,
              "round %d: %d verdicts, %d false holds, %d defects",
              round,
              total.judged(),
              total.falseHolds().size(),
              total.defects().size()));
      if (!told.wrongs().isEmpty()) {
        makeSmaller(name, scenario, told.wrongs().getFirst());
      }
    }
    return total;
  }

  /** The smallest stories found in which something is wrong. */
  public List<String> stories() {
    return List.copyOf(stories);
  }

  private void makeSmaller(String name, Scenario scenario, Round.Wrong wrong) throws SQLException {
    progress.accept("wrong: " + wrong.report());
    if (shrinkTries > 0) {
      Scenario smaller = new Shrinker(world, name, wrong.label(), shrinkTries).shrink(scenario);
      String story =
          smaller.asStory(
              "What went wrong with seed " + seed + " in " + name + " at " + wrong.label());
      stories.add(story);
      progress.accept(story);
    }
  }

  private long seedOf(int round) {
    return seed * 1_000_003L + round;
  }
}
