package dev.anabranch.trials.drive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A running postmaster, as the system's process table shows it: every process of a cluster works in
 * its data directory.
 *
 * @param pid the postmaster's process id
 * @param data its data directory; the name ends in {@code (deleted)} when the directory is gone
 */
public record PostgresProcess(long pid, Path data) {

  /** The postmasters whose data directories lie at or below this directory. */
  public static List<PostgresProcess> below(Path directory) {
    List<PostgresProcess> found = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return found;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      Path real = directory.toRealPath();
      for (Path process : processes) {
        addIfPostmaster(process, real, found);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading the process table", e);
    }
    return found;
  }

  private static void addIfPostmaster(Path process, Path directory, List<PostgresProcess> found) {
    try {
      Path data = Files.readSymbolicLink(process.resolve("cwd"));
      if (data.startsWith(directory)
          && Files.readSymbolicLink(process.resolve("exe"))
              .getFileName()
              .toString()
              .startsWith("postgres")
          && !data.equals(workingDirectory(parent(process)))) {
        found.add(new PostgresProcess(Long.parseLong(process.getFileName().toString()), data));
      }
    } catch (IOException e) {
      // It ended while we looked.
    }
  }

  /**
   * The parent of a process: the number after the state in {@code stat}, behind the name in
   * parentheses.
   */
  public static long parentOf(long pid) throws IOException {
    return Long.parseLong(parent(Path.of("/proc", Long.toString(pid))).getFileName().toString());
  }

  private static Path parent(Path process) throws IOException {
    String stat = Files.readString(process.resolve("stat"));
    return Path.of("/proc", stat.substring(stat.lastIndexOf(')') + 2).split(" ")[1]);
  }

  private static Path workingDirectory(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd"));
    } catch (IOException e) {
      return process; // no working directory: nobody's parent
    }
  }

  /** {@code kill -9}. */
  public void kill() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }
}
