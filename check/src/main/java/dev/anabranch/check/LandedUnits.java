package dev.anabranch.check;

import dev.anabranch.base.BranchId;
import dev.anabranch.predicate.timeline.Landed;
import java.util.Optional;

/** Tells what of a branch's work promotions have brought to main. */
@FunctionalInterface
public interface LandedUnits {

  /**
   * Empty while a promotion of the branch is being written, and nobody can say yet whether it is on
   * main.
   *
   * @throws dev.anabranch.base.AnabranchException when what a crash left open can't be settled
   */
  Optional<Landed> of(BranchId branch);
}
