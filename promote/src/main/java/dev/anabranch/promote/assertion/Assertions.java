package dev.anabranch.promote.assertion;

import java.util.ArrayList;
import java.util.List;

/**
 * The checks of the user's own that one promotion is held to, and what came of them the last time
 * that they were run. Used by the promotion's thread alone.
 */
public final class Assertions {

  private final AssertionRules rules;
  private final List<Assertion> toRun;
  private final List<String> skipped;
  private List<AssertionResult> last = List.of();

  /**
   * @param toRun those that are run, in this order
   * @param skipped the names of those that somebody wanted skipped
   */
  public Assertions(AssertionRules rules, List<Assertion> toRun, List<String> skipped) {
    this.rules = rules;
    this.toRun = List.copyOf(toRun);
    this.skipped = List.copyOf(skipped);
  }

  public AssertionRules rules() {
    return rules;
  }

  public List<Assertion> toRun() {
    return toRun;
  }

  /** They were run, on main as it would be. */
  public void ran(List<AssertionResult> results) {
    last = List.copyOf(results);
  }

  /** Whether nothing stands against what they were run on last. */
  public boolean areMet() {
    return last.stream().noneMatch(AssertionResult::stops);
  }

  /** One for each, those that were skipped last. */
  public List<AssertionResult> results() {
    List<AssertionResult> all = new ArrayList<>(last);
    if (last.isEmpty()) {
      toRun.forEach(assertion -> all.add(AssertionResult.notRun(assertion.name())));
    }
    skipped.forEach(name -> all.add(AssertionResult.skipped(name)));
    return List.copyOf(all);
  }
}
