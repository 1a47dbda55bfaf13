package dev.anabranch.promote.apply;

import dev.anabranch.promote.plan.Numbered;

/** Is told what is about to become durable on main, while it can still be stopped. */
@FunctionalInterface
public interface CommitWatch {

  /**
   * Called after everything was written and verified, before the commit. An exception rolls back.
   *
   * @param transactionId main's full transaction id
   * @param numbered what was written
   */
  void beforeCommit(long transactionId, Numbered numbered);
}
