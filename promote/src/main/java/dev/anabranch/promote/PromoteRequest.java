package dev.anabranch.promote;

import dev.anabranch.base.BranchName;
import java.util.Set;

/**
 * What a caller asks for.
 *
 * @param branch the branch to fold back
 * @param dryRun true to see the plan and write nothing on main
 * @param strict true to lock what the landing units wrote and read, so that no write can slip
 *     between check and commit; false to look at that window afterwards and say what was seen
 * @param accept ids of answers that a person accepts although they changed or can't be told
 */
public record PromoteRequest(BranchName branch, boolean dryRun, boolean strict, Set<Long> accept) {
  public PromoteRequest {
    accept = Set.copyOf(accept);
  }
}
