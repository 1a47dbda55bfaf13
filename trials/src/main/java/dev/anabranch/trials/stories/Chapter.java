package dev.anabranch.trials.stories;

import dev.anabranch.trials.drive.Step;
import java.util.List;
import java.util.Optional;

/** One part of a story, in the order it is told. */
public sealed interface Chapter {

  /** What main holds before the branch: statements run on main. */
  record Base(List<String> statements) implements Chapter {}

  /** What happens on the branch. */
  record OnBranch(List<Step> steps) implements Chapter {}

  /**
   * What happens on a branch that is started from the story's; from then on, that one is checked
   * and promoted.
   */
  record OnChild(List<Step> steps) implements Chapter {}

  /** What happens on main. */
  record OnMain(List<String> statements) implements Chapter {}

  /** A check, and the verdicts that are expected of it. */
  record Check(List<Expected> expected) implements Chapter {}

  /**
   * A promotion and how it is expected to end.
   *
   * @param accepted labels of answers that a person accepts although they do not hold
   * @param outcomes the endings that are right
   * @param decisions what is decided about facts
   * @param plan which plan is to land and no other: "as shown" by the last dry run, "as shown
   *     before" by the one before it, or "as told" by the last promotion
   * @param dropped how many units are never to land
   * @param facts each expected open fact as {@code answer LABEL}, {@code conflict TABLE} or {@code
   *     constraint}; compared as a set; empty when the story says nothing about facts
   * @param decided the expected facts that are decided, likewise
   * @param different how the plan is expected to differ from the one that was shown, each as {@code
   *     rows replaced}
   * @param own what is said of checks of the users' own
   * @param moved parts of what is told of things that are only elsewhere, one for each
   * @param notOffered parts of the reasons why transactions can't be executed again
   * @param tasks what is expected of each task, as {@code NAME: landed 1, held 2}; compared as a
   *     set
   */
  record Promote(
      boolean dryRun,
      List<String> accepted,
      List<Decide> decisions,
      Optional<String> plan,
      List<String> outcomes,
      Optional<Integer> landed,
      Optional<Integer> held,
      Optional<Integer> dropped,
      Optional<List<String>> facts,
      Optional<List<String>> decided,
      Optional<List<String>> different,
      OwnChecks own,
      Optional<List<String>> tasks,
      List<String> notOffered,
      Optional<List<String>> moved)
      implements Chapter {}

  /**
   * Checks of the users' own that a promotion is held to.
   *
   * @param given each as {@code NAME = QUERY}, where {@code schema.} is the story's
   * @param skipped names
   * @param told what is expected to come of each, as {@code NAME passed} or {@code NAME failed
   *     ROWS}; compared as a set; empty when the story does not say
   * @param error the code of the mistake that the request is expected to be, such as AB-643
   */
  record OwnChecks(
      List<String> given,
      List<String> skipped,
      Optional<List<String>> told,
      Optional<String> error) {}

  /**
   * What happens on another branch of the same base.
   *
   * @param now whether it has main as it is then, and not as it was when the base was laid
   */
  record OnSibling(String sibling, boolean now, List<Step> steps) implements Chapter {}

  /**
   * A comparison of the story's branch, called {@code it}, with its siblings.
   *
   * @param score the query, where {@code schema.} is the story's
   * @param best the branch that is expected to be better than all others, or {@code none}
   * @param branches what is expected of each, the best first, as {@code NAME SCORE [held N]}
   */
  record Compare(String score, Optional<String> best, List<String> branches) implements Chapter {}

  /**
   * What is decided about a fact.
   *
   * @param fact it, as {@code answer LABEL}, {@code conflict TABLE KEY} or {@code constraint}, or
   *     {@code task NAME} for all of a task
   * @param column one column of its row, empty for all of it
   * @param choice the choice
   * @param value the cell, when it is given by hand
   */
  record Decide(String fact, Optional<String> column, String choice, Optional<String> value) {}

  /**
   * An undoing and how it is expected to end.
   *
   * @param which of the story's promotions and undoings is undone, counted from one; the last one
   *     when the story does not say
   * @param expected the ending, told as a promotion's: what landed is what was undone
   */
  record Undo(Optional<Integer> which, Promote expected) implements Chapter {}

  /**
   * The branch moves onto main as it is then; its sessions begin anew.
   *
   * @param expected the ending, {@code synced} or {@code held}, told as a promotion's: what landed
   *     is what was carried over
   * @param gone labels of answers that must not be there any more
   */
  record Sync(Promote expected, List<String> gone) implements Chapter {}

  /** The same of a sibling. */
  record PromoteSibling(String sibling, Promote promote) implements Chapter {}

  /**
   * Columns that combine from then on.
   *
   * @param rules each as {@code TABLE.COLUMN = RULE}, or with what it is refused for, {@code
   *     TABLE.COLUMN = RULE: AB-685}
   */
  record SetRules(List<String> rules) implements Chapter {}

  /**
   * What the last promotion or undoing tells of cells that rules had a part in, each as {@code
   * COLUMN RULE BASE BRANCH MAIN = MERGED}.
   */
  record MergedCells(List<String> cells) implements Chapter {}

  /**
   * When answers can be others by the clock alone.
   *
   * @param flips each as {@code LABEL: QUERY}, a query of main that returns the moment, or {@code
   *     LABEL: never}, or {@code LABEL: any moment}
   */
  record Flips(List<String> flips) implements Chapter {}

  /** What main is expected to hold: a query and its rows in words. */
  record MainHas(String sql, List<String> rows) implements Chapter {}

  /**
   * One answer's expected verdict.
   *
   * @param verdicts those that are right
   * @param proof the proof's name, when the story insists on one
   * @param wasNow the rows then and now in words, when the story tells them
   */
  record Expected(
      String label, List<String> verdicts, Optional<String> proof, Optional<WasNow> wasNow) {}

  /** Rows then and now, in words. */
  record WasNow(String was, String now) {}
}
