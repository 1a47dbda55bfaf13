package dev.anabranch.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Processes that a dead postmaster left in its data directory. Most notice within moments; one that
 * computes does not, and as long as it lives Postgres refuses to start there again ("pre-existing
 * shared memory block is still in use"). Nothing that it does can be committed any more.
 */
final class Orphans {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Postgres, and what we start it through. */
  private static final Set<String> PROGRAMS =
      Set.of("postgres", "setpriv", "runuser", "setsid", "unshare");

  private Orphans() {}

  /** Ends them all; only to be called for a cluster that has no postmaster. */
  static void end(Path data) {
    if (Files.isDirectory(data) && !of(data).isEmpty()) {
      Poll.until(
          PATIENCE,
          () -> {
            List<ProcessHandle> left = of(data);
            left.forEach(ProcessHandle::destroyForcibly);
            return left.isEmpty();
          });
    }
  }

  private static List<ProcessHandle> of(Path data) {
    List<ProcessHandle> found = new ArrayList<>();
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      return found;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      Path real = data.toRealPath();
      for (Path process : processes) {
        if (worksIn(process, real)) {
          ProcessHandle.of(Long.parseLong(process.getFileName().toString())).ifPresent(found::add);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("looking for processes in " + data, e);
    }
    return found;
  }

  private static boolean worksIn(Path process, Path data) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).equals(data)
          && PROGRAMS.contains(
              Files.readSymbolicLink(process.resolve("exe")).getFileName().toString());
    } catch (IOException e) {
      return false; // it ended, or is somebody else's
    }
  }
}
