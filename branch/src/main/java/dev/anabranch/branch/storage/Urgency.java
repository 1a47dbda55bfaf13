package dev.anabranch.branch.storage;

/**
 * Whether somebody waits while files are defragmented. To write a file anew takes as long as a
 * thousand clones of it with many extents, give or take: nobody should wait for that but for files
 * that are in a very bad way.
 */
public enum Urgency {
  SOMEBODY_WAITS(1L << 14),
  NOBODY_WAITS(1L << 18);

  private final long largeExtentBytes;

  Urgency(long largeExtentBytes) {
    this.largeExtentBytes = largeExtentBytes;
  }

  /** Pieces of this size on average are large enough. */
  long largeExtentBytes() {
    return largeExtentBytes;
  }
}
