package dev.anabranch.server.watch;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.Branch;
import dev.anabranch.predicate.CheckReport;
import java.util.Optional;

/** What watching a branch needs of the server. */
public interface Watched {

  /**
   * @throws dev.anabranch.base.AnabranchException BRANCH_UNKNOWN
   */
  Branch get(BranchName name);

  /** This life of a branch; empty when it is over. */
  Optional<Branch> find(BranchId branch);

  /** Whether another life has a name. */
  boolean isTaken(BranchName name);

  /** How far main's changes are known. */
  Lsn main();

  /** Another number when more was asked on the branch. */
  long asked(BranchId branch);

  /** Whether somebody is connected to the branch. */
  boolean isUsed(BranchId branch);

  /** Checks it in passing: that wakes it and does not keep it awake. */
  CheckReport check(Branch branch);
}
