package dev.anabranch.server;

import dev.anabranch.base.BranchId;
import dev.anabranch.branch.pool.WarmBranchListener;
import dev.anabranch.gateway.Gateway;

/**
 * Has the gateway ready for the first login of a branch.
 *
 * @param gateway through which it will come
 */
record FirstLogins(Gateway gateway) implements WarmBranchListener {

  @Override
  public void expect(BranchId branch, String password) {
    gateway.expect(branch, password);
  }

  @Override
  public void forget(BranchId branch) {
    gateway.forget(branch);
  }
}
