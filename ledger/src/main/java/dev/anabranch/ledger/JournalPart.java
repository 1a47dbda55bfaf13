package dev.anabranch.ledger;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of the journal, and the memory through which it is written: a record costs no system
 * call, and does not wait for the filesystem to commit what Postgres forces to the same disk.
 *
 * @param file its name
 * @param bytes its content; the position is where the next record goes
 * @param memory gives it back
 */
record JournalPart(Path file, ByteBuffer bytes, Arena memory) {

  private static final int CHUNK_BYTES = 1 << 16;

  private static final Logger log = LoggerFactory.getLogger(JournalPart.class);

  /**
   * Makes one with all of its blocks, so that a full disk shows here and not when it is written.
   */
  static JournalPart make(Path file, int size) throws IOException {
    Arena memory = Arena.ofShared();
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);
      for (int left = size; left > 0; left -= zeros.position()) {
        zeros.clear().limit(Math.min(left, CHUNK_BYTES));
        while (zeros.hasRemaining()) {
          channel.write(zeros);
        }
      }
      return new JournalPart(
          file, channel.map(MapMode.READ_WRITE, 0, size, memory).asByteBuffer(), memory);
    } catch (IOException e) {
      memory.close();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  int remaining() {
    return bytes.remaining();
  }

  /** Begins anew: nothing in it is needed any more. */
  void rewind() {
    bytes.clear().putInt(0, 0);
  }

  /** The same under another name, and from its start. */
  JournalPart as(Path name) throws IOException {
    try {
      Files.move(file, name);
    } catch (IOException e) {
      memory.close();
      throw e;
    }
    rewind();
    return new JournalPart(name, bytes, memory);
  }

  /** Keeps the file. */
  void leave() {
    memory.close();
  }

  void delete() {
    memory.close();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("Removing {} from the journal", file, e);
    }
  }
}
