package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.promote.fact.DecisionAsked;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a caller asks for.
 *
 * @param branch the branch to fold back
 * @param dryRun true to see the plan and write nothing on main
 * @param strict true to land nothing unless what the landing units read could be locked, so that no
 *     write can slip between check and commit; false to look at that window afterwards where it
 *     could not, and to say what was seen
 * @param accept ids of answers that a person accepts although they changed or can't be told, this
 *     time
 * @param decide what is to be done about facts, from now on
 * @param who asks
 * @param why they decide so
 * @param plan the plan that is to land, and no other; empty: whatever can land
 * @param ownChecks what is said of checks of the users' own
 */
public record PromoteRequest(
    BranchName branch,
    boolean dryRun,
    boolean strict,
    Set<Long> accept,
    List<DecisionAsked> decide,
    String who,
    Optional<String> why,
    Optional<String> plan,
    OwnChecksAsked ownChecks) {
  public PromoteRequest {
    accept = Set.copyOf(accept);
    decide = List.copyOf(decide);
  }

  /** One that decides nothing and approves nothing. */
  public PromoteRequest(BranchName branch, boolean dryRun, boolean strict, Set<Long> accept) {
    this(branch, dryRun, strict, accept, List.of(), "", Optional.empty(), Optional.empty());
  }

  /** One that says nothing of checks of the users' own. */
  public PromoteRequest(
      BranchName branch,
      boolean dryRun,
      boolean strict,
      Set<Long> accept,
      List<DecisionAsked> decide,
      String who,
      Optional<String> why,
      Optional<String> plan) {
    this(branch, dryRun, strict, accept, decide, who, why, plan, OwnChecksAsked.NOTHING);
  }

  /** A look at what there is to decide. */
  public static PromoteRequest look(BranchName branch) {
    return new PromoteRequest(branch, true, false, Set.of());
  }

  /**
   * @throws AnabranchException REQUEST_INVALID when the branch has no answer that is to be accepted
   */
  void requireKnown(Inspection inspection) {
    Set<Long> unknown = new HashSet<>(accept);
    inspection.report().verdicts().forEach(judged -> unknown.remove(judged.answer().id()));
    if (!unknown.isEmpty()) {
      throw new AnabranchException(
          ErrorCode.REQUEST_INVALID,
          "Branch '" + branch + "' has no answer " + unknown.iterator().next() + " to accept.");
    }
  }
}
