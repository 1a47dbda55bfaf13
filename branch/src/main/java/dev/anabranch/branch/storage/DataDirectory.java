package dev.anabranch.branch.storage;

import dev.anabranch.base.Lsn;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;

/** What Anabranch knows about the files in a stopped cluster's data directory. */
public final class DataDirectory {

  private static final int SEGMENT_NAME_LENGTH = 24;
  private static final int TIMELINE_DIGITS = 8;
  private static final int MIN_RECOVERY_POINT_OFFSET = 136;
  private static final int CHECKPOINT_OFFSET = 32;

  /** Files that belong to one life of one cluster and must not go into a copy of it. */
  private static final Set<String> OF_ONE_LIFE =
      Set.of(
          "postmaster.pid",
          "postmaster.opts",
          "standby.signal",
          "recovery.signal",
          "backup_label.old",
          "tablespace_map.old",
          "anabranch.conf",
          "current_logfiles",
          "log",
          "pg_internal.init");

  /** Directories that must be there and start empty. */
  private static final Set<String> EMPTIED =
      Set.of("pg_stat_tmp", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_subtrans");

  private DataDirectory() {}

  /**
   * What a copy of a cluster takes along: all but the marks of the original's own life. Its slots
   * are kept.
   */
  public static Predicate<Path> withSlots() {
    return relative -> {
      String top = relative.getName(0).toString();
      String name = relative.getFileName().toString();
      boolean insideEmptied = EMPTIED.contains(top) && relative.getNameCount() > 1;
      boolean ofOneLife = relative.getNameCount() == 1 && OF_ONE_LIFE.contains(name);
      return !insideEmptied && !ofOneLife && !name.startsWith("pgsql_tmp");
    };
  }

  /** The same without replication slots, which belong to the original. */
  public static Predicate<Path> withoutSlots() {
    return withSlots()
        .and(relative -> !relative.startsWith("pg_replslot") || relative.getNameCount() == 1);
  }

  /** Of the write-ahead log, takes along what lies between these positions. */
  public static Predicate<Path> walBetween(Lsn from, Lsn to, long segmentBytes) {
    return relative ->
        !isSegment(relative)
            || (startOf(relative, segmentBytes) + segmentBytes > from.value()
                && startOf(relative, segmentBytes) < to.value());
  }

  /** Leaves out the write-ahead log itself and keeps its directories. */
  public static Predicate<Path> withoutWal() {
    return relative -> !relative.startsWith("pg_wal") || relative.getNameCount() == 1;
  }

  private static boolean isSegment(Path path) {
    String name = path.getFileName().toString();
    Path parent = path.getParent();
    return name.length() == SEGMENT_NAME_LENGTH
        && name.chars().allMatch(c -> Character.digit(c, 16) >= 0)
        && parent != null
        && parent.endsWith("pg_wal");
  }

  private static long startOf(Path segment, long segmentBytes) {
    String name = segment.getFileName().toString();
    long high = Long.parseLong(name.substring(TIMELINE_DIGITS, 2 * TIMELINE_DIGITS), 16);
    long low = Long.parseLong(name.substring(2 * TIMELINE_DIGITS), 16);
    return (high << 32) + low * segmentBytes;
  }

  /**
   * Makes the write-ahead log end exactly here, so that recovery stops here and nowhere else: later
   * segments go, and the rest of the one that holds the position becomes zeros, which Postgres
   * reads as the end of the log.
   */
  public static void endWalAt(Path data, Lsn end, long segmentBytes) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(data.resolve("pg_wal"))) {
      for (Path file : files) {
        if (!isSegment(file)) {
          continue;
        }
        long start = startOf(file, segmentBytes);
        if (start >= end.value()) {
          Files.delete(file);
        } else if (start + segmentBytes > end.value()) {
          try (RandomAccessFile segment = new RandomAccessFile(file.toFile(), "rw")) {
            segment.setLength(end.value() - start);
            segment.setLength(segmentBytes);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("ending the WAL in " + data + " at " + end, e);
    }
  }

  /**
   * Removes log that is neither needed from this position on nor written yet: a smaller directory
   * clones faster.
   */
  public static void trimWal(Path data, Lsn from, Lsn to, long segmentBytes) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(data.resolve("pg_wal"))) {
      for (Path file : files) {
        if (isSegment(file)) {
          long start = startOf(file, segmentBytes);
          if (start + segmentBytes <= from.value() || start > to.value() + segmentBytes) {
            Files.delete(file);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("trimming the WAL in " + data, e);
    }
  }

  /**
   * How far a cleanly stopped standby must be replayed to be consistent: the end of the last record
   * that it replayed, or at least of the last whose effects are in its files. Offset 136 of the
   * control file in every release from 13 to 18; whoever relies on it compares it with {@code
   * pg_control_recovery()} first.
   */
  public static Lsn minRecoveryEnd(Path data) throws IOException {
    byte[] control = Files.readAllBytes(data.resolve("global").resolve("pg_control"));
    return new Lsn(
        ByteBuffer.wrap(control).order(ByteOrder.nativeOrder()).getLong(MIN_RECOVERY_POINT_OFFSET));
  }

  /** The control file of a data directory. */
  public static Path control(Path data) {
    return data.resolve("global").resolve("pg_control");
  }

  /**
   * The last checkpoint that a control file knows.
   *
   * @param position where its record starts
   * @param redo where recovery from it starts
   * @param timeline the timeline of its log
   */
  public record Checkpoint(Lsn position, Lsn redo, long timeline) {}

  /** At offsets that are the same in every release from 13 to 18. */
  public static Checkpoint lastCheckpoint(Path control) {
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(Files.readAllBytes(control)).order(ByteOrder.nativeOrder());
      return new Checkpoint(
          new Lsn(bytes.getLong(CHECKPOINT_OFFSET)),
          new Lsn(bytes.getLong(CHECKPOINT_OFFSET + Long.BYTES)),
          Integer.toUnsignedLong(bytes.getInt(CHECKPOINT_OFFSET + 2 * Long.BYTES)));
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + control, e);
    }
  }

  /**
   * The cluster's identity, which physical copies share: the first eight bytes of its control file.
   */
  public static long systemIdentifier(Path data) throws IOException {
    byte[] control = Files.readAllBytes(data.resolve("global").resolve("pg_control"));
    return ByteBuffer.wrap(control).order(ByteOrder.nativeOrder()).getLong();
  }
}
