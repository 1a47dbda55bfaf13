package dev.anabranch.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code postmaster.pid}, which Postgres keeps in a running cluster's data directory.
 *
 * <pre>
 *   1 process id   2 data directory   3 start time   4 port   5 socket directory   6 address   7 shared memory   8 status
 * </pre>
 *
 * @param pid the postmaster
 * @param ready whether line 8 says that connections are accepted
 */
record PostmasterFile(long pid, boolean ready) {

  private static final int STATUS_LINE = 7;

  /**
   * Reads the file and makes sure that the process it names is alive and is this directory's
   * postmaster.
   */
  static Optional<PostmasterFile> ofLiving(Path data) {
    try {
      List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
      if (lines.isEmpty()) {
        return Optional.empty(); // being written just now
      }
      long pid = Long.parseLong(lines.getFirst().strip());
      boolean ready = lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
      return belongsTo(pid, data) ? Optional.of(new PostmasterFile(pid, ready)) : Optional.empty();
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("reading " + data.resolve("postmaster.pid"), e);
    }
  }

  /**
   * After a crash the number may belong to somebody else. A postmaster's working directory is its
   * data directory, and a dead process (a zombie, too) has none.
   */
  private static boolean belongsTo(long pid, Path data) {
    Path process = Path.of("/proc", Long.toString(pid));
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).equals(data.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }
}
