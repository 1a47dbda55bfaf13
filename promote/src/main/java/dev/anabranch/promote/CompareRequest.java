package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A wish to compare branches.
 *
 * @param branches two or more
 * @param score a query that returns one number
 * @param lowest whether the lowest number is the best
 */
public record CompareRequest(List<BranchName> branches, String score, boolean lowest) {

  /** A copy of main waits while each is checked. */
  private static final int MOST = 100;

  /**
   * @throws AnabranchException REQUEST_INVALID
   */
  public CompareRequest {
    branches = List.copyOf(branches);
    Set<BranchName> names = new HashSet<>();
    for (BranchName branch : branches) {
      if (!names.add(branch)) {
        throw new AnabranchException(
            ErrorCode.REQUEST_INVALID, "Branch '" + branch + "' is named twice.");
      }
    }
    if (branches.size() < 2 || branches.size() > MOST) {
      throw new AnabranchException(
          ErrorCode.REQUEST_INVALID, "Name 2 to " + MOST + " branches to compare.");
    }
  }
}
