package dev.anabranch.cluster;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The archive of Postgres programs on the class path, unpacked once per machine and release. */
final class EmbeddedBinaries {

  private EmbeddedBinaries() {}

  /**
   * Unpacks aside and renames, so that a kill halfway or two processes at once leave a whole
   * directory or none.
   */
  static Path unpack(Path into) {
    URL archive = archive();
    try {
      Path target = into.resolve("embedded-" + archive.openConnection().getContentLengthLong());
      if (Files.isDirectory(target)) {
        return target;
      }
      makeReadable(Files.createDirectories(into));
      Path aside = Files.createTempDirectory(into, "unpacking-");
      try (InputStream stream = archive.openStream()) {
        extract(stream, aside);
        makeReadable(aside);
        moveUnlessThere(aside, target);
      } finally {
        Trees.delete(aside);
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException("unpacking Postgres into " + into, e);
    }
  }

  private static void moveUnlessThere(Path aside, Path target) throws IOException {
    try {
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.isDirectory(target)) { // another process was faster: its copy is as good as ours
        throw e;
      }
    }
  }

  private static URL archive() {
    String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    String system =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
            ? "darwin"
            : "linux";
    String name = "/postgres-" + system + "-" + machine + ".txz";
    URL found = EmbeddedBinaries.class.getResource(name);
    if (found == null) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED,
          "looking for its binaries",
          "none come with Anabranch for "
              + system
              + " on "
              + machine
              + ": install Postgres and use --postgres-bin.");
    }
    return found;
  }

  private static void extract(InputStream stream, Path into) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(stream)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = into.resolve(entry.getName()).normalize();
        if (!path.startsWith(into)) {
          throw new IOException("an entry outside of the archive: " + entry.getName());
        }
        extract(tar, entry, path);
      }
    }
  }

  private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path path)
      throws IOException {
    if (entry.isDirectory()) {
      makeReadable(Files.createDirectories(path));
      return;
    }
    Path parent = path.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      makeReadable(Files.createDirectories(parent));
    }
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, path);
    boolean executable = (entry.getMode() & 0100) != 0;
    Files.setPosixFilePermissions(
        path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
  }

  private static void makeReadable(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
