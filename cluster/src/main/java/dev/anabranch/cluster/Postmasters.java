package dev.anabranch.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The Postgres servers that run below a directory, as the system's process table shows them. */
public final class Postmasters {

  private Postmasters() {}

  /**
   * For a process that is ending: it starts no Postgres server from now on, and those that run drop
   * everything at once. What was committed is found again when they are started next.
   *
   * @param patience how long to wait for starts that are under way, and again for all to be gone
   * @return their data directories
   */
  public static List<Path> endAllBelow(Path directory, Duration patience) {
    Starts.HERE.close(patience);
    Map<Path, Long> running = running(directory);
    running.values().forEach(Signal.QUIT::send);
    Poll.until(patience, () -> running(directory).isEmpty());
    return new ArrayList<>(running.keySet());
  }

  private static Map<Path, Long> running(Path directory) {
    Map<Path, Long> found = new TreeMap<>();
    if (!Files.isDirectory(Path.of("/proc/self")) || !Files.isDirectory(directory)) {
      return found;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      Path real = directory.toRealPath();
      for (Path process : processes) {
        long pid = Long.parseLong(process.getFileName().toString());
        Path data = workingDirectory(process);
        if (data.startsWith(real)
            && PostmasterFile.ofLiving(data).filter(file -> file.pid() == pid).isPresent()) {
          found.put(data, pid);
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException("looking for Postgres below " + directory, e);
    }
  }

  private static Path workingDirectory(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd"));
    } catch (IOException e) {
      return process; // it ended, or is somebody else's
    }
  }
}
