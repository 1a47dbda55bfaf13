package dev.anabranch.branch;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import java.sql.Connection;
import java.time.Instant;
import java.util.function.Supplier;

/** Puts into a branch's next life what it is to begin with, beside main as it is now. */
@FunctionalInterface
public interface Renewal {

  /**
   * A life that nobody can reach yet; the one before goes on meanwhile.
   *
   * @param forkLsn every commit of main at or below it is inside, none above
   * @param forkTime when that was
   * @param owner a superuser's connection to it; the caller closes it
   */
  record NextLife(BranchId id, Lsn forkLsn, Instant forkTime, Supplier<Connection> owner) {}

  /**
   * Called once, with the name's lock held. When it returns, the next life takes over; when it
   * throws, nothing is left of it and the one before goes on.
   */
  void fill(NextLife next);
}
