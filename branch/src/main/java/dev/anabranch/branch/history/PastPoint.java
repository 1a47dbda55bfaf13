package dev.anabranch.branch.history;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** A moment in the past of a log. */
public sealed interface PastPoint {

  /**
   * As people write it: {@code 0/3A0}, or {@code 2026-12-24T18:00:00Z}.
   *
   * @throws AnabranchException with {@link ErrorCode#BRANCH_MOMENT_INVALID} when it is neither
   */
  static PastPoint parse(String text) {
    try {
      return text.contains("/")
          ? new AtLsn(Lsn.parse(text))
          : new AtTime(OffsetDateTime.parse(text).toInstant());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new AnabranchException(ErrorCode.BRANCH_MOMENT_INVALID, e, text);
    }
  }

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
