package dev.anabranch.trials.oracle;

import dev.anabranch.trials.drive.Step;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes a scenario with a wrong verdict smaller, by leaving out statements while the verdict stays
 * wrong.
 */
final class Shrinker {

  private final World world;
  private final String name;
  private final String label;
  private int triesLeft;
  private int tried;

  /**
   * @param label the answer whose verdict is wrong
   * @param tries how many times the scenario may be told
   */
  Shrinker(World world, String name, String label, int tries) {
    this.world = world;
    this.name = name;
    this.label = label;
    this.triesLeft = tries;
  }

  Scenario shrink(Scenario scenario) throws SQLException {
    Scenario smaller = scenario;
    List<Step> alone = smaller.steps().stream().filter(step -> !isOtherQuestion(step)).toList();
    if (stillWrong(smaller.withSteps(alone))) {
      smaller = smaller.withSteps(alone);
    }
    smaller = smaller.withMain(fewer(smaller.main(), smaller::withMain));
    smaller = smaller.withSteps(fewer(smaller.steps(), smaller::withSteps));
    return smaller.withBase(fewer(smaller.base(), smaller::withBase));
  }

  private boolean isOtherQuestion(Step step) {
    return step instanceof Step.Ask ask
        && !ask.label().equals(label)
        && !ask.sql().contains("RETURNING");
  }

  private <T> List<T> fewer(List<T> all, Function<List<T>, Scenario> scenario) throws SQLException {
    List<T> kept = all;
    for (int chunk = Math.max(1, all.size() / 2); ; chunk /= 2) {
      for (int from = 0; from < kept.size(); ) {
        List<T> without = new ArrayList<>(kept.subList(0, from));
        without.addAll(kept.subList(Math.min(kept.size(), from + chunk), kept.size()));
        if (stillWrong(scenario.apply(without))) {
          kept = without;
        } else {
          from += chunk;
        }
      }
      if (chunk <= 1) {
        return kept;
      }
    }
  }

  private boolean stillWrong(Scenario scenario) throws SQLException {
    if (triesLeft-- <= 0) {
      return false;
    }
    Round round = new Round(world, name + "-s" + tried++, scenario);
    round.run();
    return round.wrongs().stream().anyMatch(wrong -> wrong.label().equals(label));
  }
}
