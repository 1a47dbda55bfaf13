package dev.anabranch.branch.pool;

import dev.anabranch.base.BranchId;
import dev.anabranch.branch.golden.GoldenImage;

/**
 * A branch that nobody has named yet: a clone of a golden image, with a row in the control database
 * that keeps the image.
 *
 * @param id the branch's life that it will be
 * @param image what it is a clone of
 * @param ephemeral whether it was started as one that may be lost with the machine's power
 * @param password its client's password at the gateway
 */
public record WarmBranch(BranchId id, GoldenImage image, boolean ephemeral, String password) {

  boolean suits(GoldenImage wanted, boolean ephemeralWanted) {
    return image.id() == wanted.id() && ephemeral == ephemeralWanted;
  }

  @Override
  public String toString() {
    return "spare " + id + " of " + image.forkLsn();
  }
}
