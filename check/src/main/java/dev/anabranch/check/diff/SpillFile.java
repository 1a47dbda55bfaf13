package dev.anabranch.check.diff;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are written once and read once. Few of them stay in memory, more go to a file that has
 * no name any more, so that whatever ends the process, nothing of it is left.
 */
final class SpillFile extends OutputStream {

  private static final int IN_MEMORY = 64 * 1024;
  private static final int READ_AT_ONCE = 32 * 1024;

  private final Path directory;
  private byte[] memory = new byte[1024];
  private int used;
  private @Nullable FileChannel file;

  /**
   * @param directory on a disk, and nobody else's
   */
  SpillFile(Path directory) {
    this.directory = directory;
  }

  @Override
  public void write(int value) throws IOException {
    makeRoom(1);
    memory[used++] = (byte) value;
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (length > IN_MEMORY) {
      spill();
      toFile(ByteBuffer.wrap(bytes, from, length));
      return;
    }
    makeRoom(length);
    System.arraycopy(bytes, from, memory, used, length);
    used += length;
  }

  private void makeRoom(int length) throws IOException {
    if (used + length > IN_MEMORY) {
      spill();
    }
    if (used + length > memory.length) {
      byte[] larger = new byte[Math.min(IN_MEMORY, Math.max(2 * memory.length, used + length))];
      System.arraycopy(memory, 0, larger, 0, used);
      memory = larger;
    }
  }

  private void spill() throws IOException {
    if (used > 0) {
      toFile(ByteBuffer.wrap(memory, 0, used));
      used = 0;
    }
  }

  private void toFile(ByteBuffer bytes) throws IOException {
    FileChannel open = file;
    if (open == null) {
      open = open(directory);
      file = open;
    }
    while (bytes.hasRemaining()) {
      open.write(bytes);
    }
  }

  private static FileChannel open(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path path = directory.resolve("diff-" + UUID.randomUUID());
    Files.createFile(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Files.delete(path);
    return channel;
  }

  /** All that was written, from its beginning. */
  InputStream read() throws IOException {
    InputStream rest = new ByteArrayInputStream(memory, 0, used);
    FileChannel open = file;
    if (open == null) {
      return rest;
    }
    open.position(0);
    InputStream first = new BufferedInputStream(Channels.newInputStream(open), READ_AT_ONCE);
    return new SequenceInputStream(first, rest);
  }

  @Override
  public void close() throws IOException {
    memory = new byte[0];
    used = 0;
    if (file != null) {
      file.close();
    }
  }

  /** A disk that is full is no defect of ours. */
  static AnabranchException failed(Path directory, Exception e) {
    String told = String.valueOf(e.getMessage());
    return told.contains("No space left")
        ? new AnabranchException(ErrorCode.STORAGE_FULL, e, directory)
        : new AnabranchException(ErrorCode.DIFF_FAILED, e, told);
  }
}
