package dev.anabranch.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    List<Path> told = new ArrayList<>();
    if (!Files.isDirectory(Path.of("/proc/self")) || !Files.isDirectory(directory)) {
      return told;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      Path real = directory.toRealPath();
      for (Path process : processes) {
        long pid = Long.parseLong(process.getFileName().toString());
        Path data = workingDirectory(process);
        if (data.startsWith(real)
            && PostmasterFile.ofLiving(data).filter(file -> file.pid() == pid).isPresent()) {
          Signal.QUIT.send(pid);
          told.add(data);
        }
      }
      return told;
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
