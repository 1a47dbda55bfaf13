package dev.anabranch.branch.history;

import dev.anabranch.base.Lsn;
import dev.anabranch.branch.storage.DataDirectory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * The files that one timeline of a write-ahead log lies in.
 *
 * @param directory a cluster's {@code pg_wal}
 * @param timeline which of the log's timelines
 * @param bytes the size of each file
 */
public record LogSegments(Path directory, long timeline, long bytes) {

  private static final int TIMELINE_DIGITS = 8;
  private static final long BYTES_PER_NAME = 1L << 32;

  /** The file that holds this position. */
  Path holding(long position) {
    long segment = Long.divideUnsigned(position, bytes);
    long perName = BYTES_PER_NAME / bytes;
    return directory.resolve(
        String.format(
            Locale.ROOT,
            "%0" + TIMELINE_DIGITS + "X%08X%08X",
            timeline,
            Long.divideUnsigned(segment, perName),
            Long.remainderUnsigned(segment, perName)));
  }

  /** Of a copy's log, takes along the files before the one that holds this position. */
  public Predicate<Path> filesBefore(Lsn position) {
    return DataDirectory.walBetween(Lsn.ZERO, new Lsn(startOf(position.value())), bytes);
  }

  /** Where the file that holds this position begins. */
  long startOf(long position) {
    return position - Long.remainderUnsigned(position, bytes);
  }
}
