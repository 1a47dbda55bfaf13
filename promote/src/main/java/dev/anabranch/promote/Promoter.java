package dev.anabranch.promote;

/** Folds a branch's units back into main: plan, fence, apply, and a receipt. */
public interface Promoter {

  /**
   * @throws dev.anabranch.base.AnabranchException BRANCH_UNKNOWN, BRANCH_BUSY, CHECK_FAILED, MAIN_UNREACHABLE; an
   *     expected ending is a {@link Promotion}
   */
  Promotion promote(PromoteRequest request);
}
