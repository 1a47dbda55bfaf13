package dev.anabranch.branch.history;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Steps through the records of a write-ahead log and tells where each ends and, of a commit, when
 * it was made. It understands nothing else of them.
 *
 * <pre>
 * page    8192 bytes; a header of 24 bytes, of 40 at the beginning of a file:
 *           2 magic | 2 flags | 4 timeline | 8 own address | 4 bytes left of a record begun before
 * record  begins at a multiple of 8 and goes on behind the next page's header; a header of 24 bytes:
 *           4 length | 4 xid | 8 previous record | 1 info | 1 resource manager | 2 | 4 CRC
 *         then, of a commit: 253 and 2 bytes (origin), 252 and 4 bytes (top xid), each if present,
 *           255 and 1 byte or 254 and 4 bytes (length), 8 microseconds since 2000
 * </pre>
 *
 * (access/xlog_internal.h, access/xlogrecord.h, access/xact.h; the same in every release since
 * 9.5.) It reads only what a standby has replayed, which Postgres has verified; every step is
 * checked against the page's own address, what it says is left of a record, and the address of the
 * record before. Recovery ends where it was told to by these steps, or the copy is refused.
 *
 * <p>pg_waldump would tell the same, but the Postgres that comes with us has none; pg_walinspect is
 * an extension, which main need not have and a standby can't make.
 */
final class LogRecords implements AutoCloseable {

  private static final int PAGE_BYTES = 8192;
  private static final int SHORT_PAGE_HEADER_BYTES = 24;
  private static final int LONG_PAGE_HEADER_BYTES = 40;
  private static final int FLAGS_AT = 2;
  private static final int ADDRESS_AT = 8;
  private static final int LEFT_AT = 16;
  private static final int GOES_ON = 1;
  private static final int REPLACES_UNFINISHED = 8;

  private static final int RECORD_HEADER_BYTES = 24;
  private static final int PREVIOUS_AT = 8;
  private static final int INFO_AT = 16;
  private static final int MANAGER_AT = 17;
  private static final int ALIGNMENT = 8;

  private static final int LOG_MANAGER = 0;
  private static final int SWITCH = 0x40;
  private static final int LOG_OPERATION = 0xF0;
  private static final int TRANSACTION_MANAGER = 1;
  private static final int COMMIT = 0;
  private static final int COMMIT_PREPARED = 0x30;
  private static final int TRANSACTION_OPERATION = 0x70;

  private static final int ORIGIN = 253;
  private static final int TOP_TRANSACTION = 252;
  private static final int SHORT_DATA = 255;

  /** Enough for everything up to a commit's time. */
  private static final int HEAD_BYTES = 64;

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final LogSegments segments;
  private final long limit;
  private final ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES).order(ByteOrder.nativeOrder());
  private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.nativeOrder());
  private long position;
  private long previous; // where the last record began; 0: not known
  private long pageAt = -1;
  private long openAt = -1;
  private @Nullable FileChannel open;

  /**
   * @param end where a record ends
   * @param committedAt when the transaction was committed, if it is a commit
   */
  record Step(Lsn end, Optional<Instant> committedAt) {}

  /**
   * @param from the end of a record
   * @param limit nothing behind it is read
   */
  LogRecords(LogSegments segments, Lsn from, Lsn limit) {
    this.segments = segments;
    this.position = from.value();
    this.limit = limit.value();
  }

  /** The next record; empty when there is none that ends at or below the limit. */
  Optional<Step> next() {
    while (true) {
      long start = behindHeader(aligned(position));
      if (isBeyond(start + RECORD_HEADER_BYTES)) {
        return Optional.empty();
      }
      long length = Integer.toUnsignedLong(read(start).getInt(inPage(start)));
      if (length < RECORD_HEADER_BYTES) {
        throw broken(start, "a length of " + length);
      }
      Optional<Long> end = passOver(start, length);
      if (end.isPresent()) {
        return isBeyond(end.get()) ? Optional.empty() : Optional.of(step(start, end.get()));
      }
    }
  }

  /**
   * Where it ends, with its first bytes in {@link #head}; empty when main crashed while it was
   * being written and went on behind it, or when it goes beyond the limit.
   */
  private Optional<Long> passOver(long start, long length) {
    head.clear();
    long at = start;
    long left = length;
    while (true) {
      long here = Math.min(left, PAGE_BYTES - inPage(at));
      keepHead(at, here);
      at += here;
      left -= here;
      if (left == 0) {
        return Optional.of(at);
      }
      if (isBeyond(at + SHORT_PAGE_HEADER_BYTES)) {
        return Optional.of(at + SHORT_PAGE_HEADER_BYTES + left);
      }
      ByteBuffer next = read(at);
      int flags = next.getShort(FLAGS_AT);
      if ((flags & REPLACES_UNFINISHED) != 0) {
        position = at;
        return Optional.empty();
      }
      long told = Integer.toUnsignedLong(next.getInt(LEFT_AT));
      if ((flags & GOES_ON) == 0 || told != left) {
        throw broken(at, told + " bytes left of a record and not " + left);
      }
      at = behindHeader(at);
    }
  }

  private void keepHead(long at, long bytes) {
    int wanted = (int) Math.min(bytes, head.remaining());
    head.put(read(at).array(), inPage(at), wanted);
  }

  private Step step(long start, long rawEnd) {
    head.flip();
    long before = head.getLong(PREVIOUS_AT);
    if (previous != 0 && before != previous) {
      throw broken(start, "another record before it than " + new Lsn(previous));
    }
    previous = start;
    int manager = Byte.toUnsignedInt(head.get(MANAGER_AT));
    int info = Byte.toUnsignedInt(head.get(INFO_AT));
    position = aligned(rawEnd);
    if (manager == LOG_MANAGER && (info & LOG_OPERATION) == SWITCH) {
      position = endOfSegment(position);
    }
    boolean commits =
        manager == TRANSACTION_MANAGER
            && ((info & TRANSACTION_OPERATION) == COMMIT
                || (info & TRANSACTION_OPERATION) == COMMIT_PREPARED);
    return new Step(new Lsn(position), commits ? Optional.of(commitTime(start)) : Optional.empty());
  }

  private Instant commitTime(long start) {
    int at = RECORD_HEADER_BYTES;
    int kind = Byte.toUnsignedInt(head.get(at));
    if (kind == ORIGIN) {
      at += 1 + Short.BYTES;
      kind = Byte.toUnsignedInt(head.get(at));
    }
    if (kind == TOP_TRANSACTION) {
      at += 1 + Integer.BYTES;
      kind = Byte.toUnsignedInt(head.get(at));
    }
    at +=
        switch (kind) {
          case SHORT_DATA -> 1 + Byte.BYTES;
          case SHORT_DATA - 1 -> 1 + Integer.BYTES;
          default -> throw broken(start, "a commit of an unknown layout");
        };
    return EPOCH.plus(Duration.ofNanos(Math.multiplyExact(head.getLong(at), 1000L)));
  }

  private long endOfSegment(long at) {
    long start = segments.startOf(at);
    return start == at ? at : start + segments.bytes();
  }

  private static long aligned(long at) {
    return (at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static int inPage(long at) {
    return (int) Long.remainderUnsigned(at, PAGE_BYTES);
  }

  /** Where a page begins, its header comes first. */
  private long behindHeader(long at) {
    if (inPage(at) != 0) {
      return at;
    }
    return at + (segments.startOf(at) == at ? LONG_PAGE_HEADER_BYTES : SHORT_PAGE_HEADER_BYTES);
  }

  private boolean isBeyond(long at) {
    return Long.compareUnsigned(at, limit) > 0;
  }

  /** The page that holds this position. */
  private ByteBuffer read(long at) {
    long start = at - inPage(at);
    if (start != pageAt) {
      readPage(start);
      long told = page.getLong(ADDRESS_AT);
      if (told != start) {
        throw broken(start, "a page of " + new Lsn(told));
      }
      pageAt = start;
    }
    return page;
  }

  private void readPage(long start) {
    try {
      FileChannel file = fileHolding(start);
      page.clear();
      long at = start - openAt;
      while (page.hasRemaining()) {
        if (file.read(page, at + page.position()) < 0) {
          throw broken(start, "the end of its file");
        }
      }
      page.clear();
    } catch (NoSuchFileException e) {
      throw broken(start, "no file");
    } catch (IOException e) {
      throw new UncheckedIOException("reading the WAL at " + new Lsn(start), e);
    }
  }

  private FileChannel fileHolding(long at) throws IOException {
    FileChannel now = open;
    if (now == null || segments.startOf(at) != openAt) {
      close();
      Path file = segments.holding(at);
      now = FileChannel.open(file, StandardOpenOption.READ);
      open = now;
      openAt = segments.startOf(at);
    }
    return now;
  }

  private static AnabranchException broken(long at, String what) {
    return new AnabranchException(
        ErrorCode.POSTGRES_FAILED,
        "reading the WAL that was kept",
        "there is " + what + " at " + new Lsn(at) + ".");
  }

  @Override
  public void close() {
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException("closing a file of the WAL", e);
      }
      open = null;
    }
  }
}
