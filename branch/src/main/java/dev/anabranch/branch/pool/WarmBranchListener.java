package dev.anabranch.branch.pool;

import dev.anabranch.base.BranchId;

/**
 * Told of branches before anybody can know of them, so that what their first login needs is ready
 * when it comes. Called by the pool's workers; may take some milliseconds.
 */
public interface WarmBranchListener {

  /** Nobody prepares anything. */
  WarmBranchListener UNANNOUNCED =
      new WarmBranchListener() {
        @Override
        public void expect(BranchId branch, String password) {}

        @Override
        public void forget(BranchId branch) {}
      };

  /** This branch, which nobody has logged in to yet, will want this password. */
  void expect(BranchId branch, String password);

  /** Nobody was given it, and it is gone. */
  void forget(BranchId branch);
}
