package dev.anabranch.ledger;

import dev.anabranch.ledger.Ledger.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the ledger's queue has accepted and the control database has not: kept in files, so that a
 * killed process leaves it to the next one.
 *
 * <p>A record is four bytes of length, four of CRC-32C, and an {@link EntryCodec entry}. It is
 * written to memory that the operating system shares with the file, and not forced to the disk: it
 * outlives the process, not the machine. A file ends at its first record that is not whole. What
 * stands behind that is from an earlier use of the file and durable elsewhere.
 *
 * <p>Not safe for several threads: the queue's lock guards it.
 */
final class Journal {

  /** Part of the file names: a file of another form is not read. */
  static final String FORMAT = "2";

  private static final int HEADER_BYTES = 8;

  private static final int END = 0;

  /** A file's size, unless one entry is longer. */
  private static final int PART_BYTES = 2 << 20;

  private static final int LONGEST_ENTRY_BYTES = 1 << 28;

  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  private final Path directory;
  private final ArrayDeque<Closed> closed = new ArrayDeque<>();
  private Optional<JournalPart> open = Optional.empty();

  /** Taken instead of a new one: its blocks are there, and its pages are at hand. */
  private Optional<JournalPart> spare = Optional.empty();

  private long lastNumber;
  private long added;
  private boolean failing;

  /**
   * A file that is full.
   *
   * @param last the number of the newest entry in it, all entries counted from 1
   */
  private record Closed(JournalPart part, long last) {}

  private Journal(Path directory) {
    this.directory = directory;
  }

  /** Makes the directory if need be. What an earlier process left stays until {@link #forget}. */
  static Journal in(Path directory) {
    try {
      Files.createDirectories(directory);
      // What clients asked and were answered is in it.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      Journal journal = new Journal(directory);
      journal.lastNumber = files(directory).stream().mapToLong(Journal::number).max().orElse(0);
      return journal;
    } catch (IOException e) {
      throw new UncheckedIOException("opening the journal in " + directory, e);
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> found = Files.list(directory)) {
      return found
          .filter(file -> file.getFileName().toString().endsWith(".journal" + FORMAT))
          .sorted(Comparator.comparingLong(Journal::number))
          .toList();
    }
  }

  private static long number(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  /** What an earlier process accepted last, in its order; some of it may be in the ledger. */
  List<Entry.Heard> left() {
    try {
      List<Entry.Heard> entries = new ArrayList<>();
      for (Path file : files(directory)) {
        read(ByteBuffer.wrap(Files.readAllBytes(file)), entries);
      }
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException("reading the journal in " + directory, e);
    }
  }

  private static void read(ByteBuffer file, List<Entry.Heard> into) {
    while (file.remaining() >= HEADER_BYTES) {
      int length = file.getInt();
      int checksum = file.getInt();
      if (length <= 0 || length > file.remaining()) {
        return;
      }
      byte[] bytes = new byte[length];
      file.get(bytes);
      if (checksum(bytes) != checksum) {
        return;
      }
      try {
        into.add(EntryCodec.decode(bytes));
      } catch (IOException e) {
        log.error("An entry that an earlier process left can't be read", e);
      }
    }
  }

  /** Removes what an earlier process left. */
  void forget() {
    try {
      for (Path file : files(directory)) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("emptying the journal in " + directory, e);
    }
  }

  /** Keeps an entry, as well as the disk allows: a journal that can't be written stops nobody. */
  void add(byte[] entry) {
    added++;
    try {
      if (entry.length > LONGEST_ENTRY_BYTES) {
        throw new IOException("an entry of " + entry.length + " bytes is too long for it");
      }
      write(entry);
      failing = false;
    } catch (IOException | InternalError e) { // the latter when a filesystem breaks its promise
      if (!failing) {
        log.warn(
            "The journal in {} can't be written; if this process is killed now, its last answers"
                + " are lost",
            directory,
            e);
      }
      failing = true;
      closePart();
    }
  }

  private void write(byte[] entry) throws IOException {
    int length = HEADER_BYTES + entry.length;
    if (open.isPresent() && open.get().remaining() < length) {
      closePart();
    }
    if (open.isEmpty()) {
      open = Optional.of(begin(length));
    }
    ByteBuffer bytes = open.get().bytes();
    int start = bytes.position();
    if (bytes.remaining() >= length + Integer.BYTES) {
      bytes.putInt(start + length, END);
    }
    bytes.position(start + HEADER_BYTES).put(entry);
    bytes.putInt(start, entry.length).putInt(start + Integer.BYTES, checksum(entry));
  }

  private JournalPart begin(int length) throws IOException {
    lastNumber++;
    Path file =
        directory.resolve(String.format(Locale.ROOT, "%019d.journal%s", lastNumber, FORMAT));
    if (spare.isPresent() && length <= PART_BYTES) {
      JournalPart again = spare.get();
      spare = Optional.empty();
      return again.as(file);
    }
    return JournalPart.make(file, Math.max(length, PART_BYTES));
  }

  private void closePart() {
    open.ifPresent(part -> closed.add(new Closed(part, added)));
    open = Optional.empty();
  }

  /**
   * Lets go of what is durable elsewhere.
   *
   * @param durable how many of the entries added so far are, counted from the first
   */
  void settled(long durable) {
    if (durable == added) {
      open.ifPresent(JournalPart::rewind);
    }
    while (!closed.isEmpty() && closed.element().last() <= durable) {
      retire(closed.remove().part());
    }
  }

  private void retire(JournalPart part) {
    if (spare.isEmpty() && part.bytes().capacity() == PART_BYTES) {
      part.rewind();
      spare = Optional.of(part);
    } else {
      part.delete();
    }
  }

  /** Removes its files when all that was added is settled, else leaves them to the next process. */
  void close(long durable) {
    closePart();
    settled(durable);
    closed.forEach(left -> left.part().leave());
    spare.ifPresent(JournalPart::delete);
    spare = Optional.empty();
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
