package dev.anabranch.promote.apply;

import dev.anabranch.promote.plan.Numbered;
import dev.anabranch.promote.plan.Written;
import java.util.List;

/** Is told what is about to become durable on main, while it can still be stopped. */
public interface CommitWatch {

  /** A place to come back to: what is written from here on may be rolled back. */
  int mark();

  /** What was written after a mark was rolled back. */
  void backTo(int mark);

  /** These rows were written. */
  void wrote(List<Written> rows);

  /**
   * Called after everything was written and verified, before the commit. An exception rolls back.
   *
   * @param transactionId main's full transaction id
   * @param numbered what was written
   */
  void beforeCommit(long transactionId, Numbered numbered);
}
