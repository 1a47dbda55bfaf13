package dev.anabranch.server.home;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.storage.DataLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The right to a data directory. One server holds it at a time; the kernel takes it back when the
 * process ends, however it ends.
 */
public final class HomeLock implements AutoCloseable {

  private final FileChannel channel;

  private HomeLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the directory when it is missing, and takes it.
   *
   * @throws AnabranchException SETTINGS_INVALID when it can't be made; DATA_IN_USE when another
   *     server has it
   */
  public static HomeLock take(DataLayout home) {
    try {
      make(home.directory());
      FileChannel channel =
          FileChannel.open(
              home.directory().resolve("anabranch.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new AnabranchException(ErrorCode.DATA_IN_USE, home.directory());
      }
      return new HomeLock(channel);
    } catch (IOException e) {
      throw new AnabranchException(
          ErrorCode.SETTINGS_INVALID,
          e,
          " --data is '"
              + home.directory()
              + "', which can't be used as a directory ("
              + e.getMessage()
              + ").");
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another server in this very process
    }
  }

  /** Nobody else can see what is in it; who may pass through is {@link PrivateHome}'s. */
  private static void make(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("letting go of the data directory", e);
    }
  }
}
