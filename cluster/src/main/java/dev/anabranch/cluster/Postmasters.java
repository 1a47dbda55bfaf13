package dev.anabranch.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The Postgres servers that run below a directory, as the system's process table shows them. */
public final class Postmasters {

  private Postmasters() {}

  /**
   * Tells them all to drop everything, at once, and waits for none: what was committed is found
   * again when they are started next.
   *
   * @return their data directories
   */
  public static List<Path> dropAllBelow(Path directory) {
    Map<Path, Long> running = running(directory);
    running.values().forEach(Signal.QUIT::send);
    return new ArrayList<>(running.keySet());
  }

  /** The data directories of those that run. */
  public static List<Path> below(Path directory) {
    return new ArrayList<>(running(directory).keySet());
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
