package dev.anabranch.promote;

import dev.anabranch.base.BranchName;

/** Drains a branch's log and checks its answers. */
public interface Inspector {

  /**
   * @throws dev.anabranch.base.AnabranchException BRANCH_UNKNOWN, or CHECK_FAILED when the check
   *     can't be finished
   */
  Inspection inspect(BranchName branch);
}
