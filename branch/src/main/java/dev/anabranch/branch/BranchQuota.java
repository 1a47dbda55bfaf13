package dev.anabranch.branch;

import java.util.HashMap;
import java.util.Map;

/** How many branches there are while some are added, one after the other. */
final class BranchQuota {

  private final BranchLimits limits;
  private final Map<String, Long> held;

  /**
   * @param held how many each owner has
   */
  BranchQuota(BranchLimits limits, Map<String, Long> held) {
    this.limits = limits;
    this.held = new HashMap<>(held);
  }

  /**
   * Counts one more.
   *
   * @throws dev.anabranch.base.AnabranchException with {@link
   *     dev.anabranch.base.ErrorCode#BRANCH_LIMIT} when there are enough
   */
  void add(String owner) {
    limits
        .refusal(held, owner)
        .ifPresent(refusal -> {
          throw refusal;
        });
    held.merge(owner, 1L, Long::sum);
  }
}
