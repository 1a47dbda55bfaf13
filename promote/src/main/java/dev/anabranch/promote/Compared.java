package dev.anabranch.promote;

import dev.anabranch.base.BranchName;
import dev.anabranch.base.Lsn;
import dev.anabranch.promote.Promotion.UnitCounts;
import dev.anabranch.promote.assertion.AssertionResult;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One branch among several, as it would be landed on main as it is now.
 *
 * @param branch the branch
 * @param score what the scoring query returned of main with the branch's plan; empty for NULL or no
 *     row
 * @param asOf the position its answers were checked as of
 * @param units what would land and what would be held
 * @param open how many facts a person has to decide
 * @param checks what came of the users' own checks
 * @param plan the digest by which exactly this can be landed
 */
public record Compared(
    BranchName branch,
    Optional<BigDecimal> score,
    Lsn asOf,
    UnitCounts units,
    int open,
    List<AssertionResult> checks,
    String plan) {

  public Compared {
    checks = List.copyOf(checks);
  }

  /** Whether nothing of it could land, because a check of the users' own stands against it. */
  public boolean isStopped() {
    return checks.stream().anyMatch(AssertionResult::stops);
  }

  /**
   * The best first: those that could land before those that could not, and those with a score
   * before those without.
   *
   * @param lowest whether the lowest score is the best
   */
  static Comparator<Compared> best(boolean lowest) {
    Comparator<BigDecimal> order = lowest ? Comparator.naturalOrder() : Comparator.reverseOrder();
    return Comparator.comparing(Compared::isStopped)
        .thenComparing(one -> one.score().isEmpty())
        .thenComparing(one -> one.score().orElse(BigDecimal.ZERO), order)
        .thenComparing(one -> one.branch().value());
  }
}
