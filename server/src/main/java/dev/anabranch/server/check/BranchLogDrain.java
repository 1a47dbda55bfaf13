package dev.anabranch.server.check;

import dev.anabranch.branch.Branch;

/** Reads a branch's own log into the ledger. */
public interface BranchLogDrain {

  /**
   * Returns when every transaction that had committed on the branch before the call is a unit in
   * the ledger.
   */
  void drain(Branch branch);
}
