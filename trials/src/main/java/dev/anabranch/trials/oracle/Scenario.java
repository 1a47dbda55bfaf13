package dev.anabranch.trials.oracle;

import dev.anabranch.trials.drive.Step;
import java.util.List;
import java.util.Map;

/**
 * Everything that happens in one round, as data, so that it can be told again and made smaller.
 *
 * @param base statements that make main's tables, in the round's schema
 * @param steps what the branch's sessions do
 * @param legal which results are right, by answer's label
 * @param main what main does after that; a statement that fails is left out by main itself
 */
record Scenario(
    List<String> base, List<Step> steps, Map<String, Query.Legal> legal, List<String> main) {

  Scenario {
    base = List.copyOf(base);
    steps = List.copyOf(steps);
    legal = Map.copyOf(legal);
    main = List.copyOf(main);
  }

  Scenario withSteps(List<Step> fewer) {
    return new Scenario(base, fewer, legal, main);
  }

  Scenario withMain(List<String> fewer) {
    return new Scenario(base, steps, legal, fewer);
  }

  Scenario withBase(List<String> fewer) {
    return new Scenario(fewer, steps, legal, main);
  }

  /** It as a story file, for a person and for the stories' folder. */
  String asStory(String title) {
    StringBuilder text = new StringBuilder("-- story: " + title + "\n-- base\n");
    base.forEach(sql -> text.append(sql).append(";\n"));
    text.append("-- branch\n");
    for (Step step : steps) {
      switch (step) {
        case Step.Act act ->
            text.append(act.session()).append("> ").append(act.sql()).append(";\n");
        case Step.Ask ask -> {
          String parameters =
              ask.parameters().isEmpty() ? "" : "(" + String.join(", ", ask.parameters()) + ")";
          text.append(ask.session()).append("> ").append(ask.label()).append(parameters);
          text.append(": ").append(ask.sql()).append(";\n");
        }
      }
    }
    text.append("-- main\n");
    main.forEach(sql -> text.append(sql).append(";\n"));
    return text.append("-- check\n").toString();
  }
}
