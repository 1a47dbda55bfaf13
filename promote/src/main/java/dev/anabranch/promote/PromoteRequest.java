package dev.anabranch.promote;

import dev.anabranch.base.BranchName;
import java.util.Set;

/**
 * What a caller asks for.
 *
 * @param branch the branch to fold back
 * @param dryRun true to see the plan and write nothing on main
 * @param strict true to land nothing unless what the landing units read could be locked, so that no
 *     write can slip between check and commit; false to look at that window afterwards where it
 *     could not, and to say what was seen
 * @param accept ids of answers that a person accepts although they changed or can't be told
 */
public record PromoteRequest(BranchName branch, boolean dryRun, boolean strict, Set<Long> accept) {
  public PromoteRequest {
    accept = Set.copyOf(accept);
  }
}
