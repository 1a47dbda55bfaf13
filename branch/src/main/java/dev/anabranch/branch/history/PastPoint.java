package dev.anabranch.branch.history;

import dev.anabranch.base.Lsn;
import java.time.Instant;

/** A moment in the past of a log. */
public sealed interface PastPoint {

  /** Every commit that ends at or below it, none above. */
  record AtLsn(Lsn lsn) implements PastPoint {
    @Override
    public String toString() {
      return lsn.toString();
    }
  }

  /** Every commit before the first one in the log that was made after this moment. */
  record AtTime(Instant time) implements PastPoint {
    @Override
    public String toString() {
      return time.toString();
    }
  }
}
