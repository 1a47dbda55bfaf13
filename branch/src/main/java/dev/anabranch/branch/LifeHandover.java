package dev.anabranch.branch;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;

/** What a branch's next life is given of the one before, beside its rows. */
@FunctionalInterface
public interface LifeHandover {

  /**
   * Called once, before anybody can reach the next life.
   *
   * @param end every commit of the life before that ends at or below it is in the next, none above
   */
  void pass(BranchId next, Lsn end);
}
