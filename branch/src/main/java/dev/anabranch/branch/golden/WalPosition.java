package dev.anabranch.branch.golden;

import dev.anabranch.base.Lsn;

/** One position in the log can be written in two ways where a page begins. */
final class WalPosition {

  private static final long PAGE_BYTES = 8192;
  private static final long LONGEST_PAGE_HEADER_BYTES = 40;

  private WalPosition() {}

  /**
   * Where the last record ended. Postgres names the place for the next record behind a new page's
   * header, and the end of the last one before it; nothing lies between.
   */
  static Lsn endOfRecord(Lsn position) {
    long inPage = Long.remainderUnsigned(position.value(), PAGE_BYTES);
    return inPage <= LONGEST_PAGE_HEADER_BYTES ? new Lsn(position.value() - inPage) : position;
  }
}
