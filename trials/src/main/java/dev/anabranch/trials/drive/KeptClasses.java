package dev.anabranch.trials.drive;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The classes of a server as the JVM of the first one left them at its end. Trials start hundreds
 * of servers, and loading classes is a third of what the start of each takes.
 *
 * <p>Java keeps the classes of jars only: a quick build, which has none, keeps nothing. An archive
 * that is of other jars, or is not all written, is passed over by Java itself.
 */
final class KeptClasses {

  private static final Path ROOT = Path.of(System.getProperty("anabranch.root", ".."));
  private static final Path TARGET = ROOT.resolve("trials/target");
  private static final Path ARCHIVE = TARGET.resolve("server.jsa");

  private KeptClasses() {}

  /** The class path of a server, which has none of the trials' own classes. */
  static String classPath() {
    return entries().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * Options of a server's JVM.
   *
   * @param server what tells it from others that run at the same time
   */
  static List<String> options(int server) {
    if (Files.isRegularFile(ARCHIVE)) {
      return List.of("-XX:SharedArchiveFile=" + ARCHIVE, "-Xlog:cds=off", "-Xlog:aot=off");
    }
    return entries().stream().allMatch(Files::isRegularFile) && Files.isDirectory(TARGET)
        ? List.of(
            "-XX:ArchiveClassesAtExit=" + archiveOf(server),
            "-Xlog:cds=off",
            "-Xlog:cds+dynamic=off")
        : List.of();
  }

  /** Keeps what a server that has ended left, if it left anything: the next ones start with it. */
  static void keep(int server) {
    try {
      if (Files.isRegularFile(archiveOf(server))) {
        Files.move(archiveOf(server), ARCHIVE, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("keeping a server's classes", e);
    }
  }

  private static Path archiveOf(int server) {
    return TARGET.resolve("server-" + server + ".jsa");
  }

  private static List<Path> entries() {
    Path trials = ROOT.resolve("trials").toAbsolutePath().normalize();
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().normalize())
        .filter(
            entry -> !entry.startsWith(trials) || entry.startsWith(trials.resolve("target/lib")))
        .filter(Files::exists)
        .toList();
  }
}
