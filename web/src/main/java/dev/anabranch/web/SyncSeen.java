package dev.anabranch.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What moving a branch onto main as it is now does, or would do, as the API tells it.
 *
 * @param outcome {@code synced}, or {@code held} where something is to be decided first
 * @param facts what that is
 */
public record SyncSeen(
    String outcome, @Nullable Answers answers, @Nullable Units units, List<JsonNode> facts) {

  /** What becomes of its answers. */
  public record Answers(int carried, List<Left> left) {}

  /** Answers that stay behind for one reason. */
  public record Left(String why, List<Long> answers) {

    /** It in words. */
    public String sentence() {
      return PageTexts.count(answers.size(), "answer") + ": " + why;
    }
  }

  /** What becomes of its units. */
  public record Units(int carried, int dropped, int landed) {}

  /** Whether something is to be decided first. */
  public boolean isHeld() {
    return !outcome.equals("synced");
  }

  /** What comes along, in words. */
  public String comes() {
    int carriedAnswers = answers == null ? 0 : answers.carried();
    int carriedUnits = units == null ? 0 : units.carried();
    return PageTexts.count(carriedUnits, "unit")
        + " of its work and "
        + PageTexts.count(carriedAnswers, "answer")
        + " come along.";
  }

  /** What stays behind. */
  public List<Left> left() {
    return answers == null ? List.of() : answers.left();
  }

  /** How much there is to decide, in words. */
  public String toDecide() {
    long open = facts.stream().filter(fact -> !fact.path("decided").isObject()).count();
    return PageTexts.count(open, "fact") + (open == 1 ? " has" : " have") + " to be decided first.";
  }
}
