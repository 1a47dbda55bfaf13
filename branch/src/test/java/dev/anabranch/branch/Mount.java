package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anabranch.cluster.Program;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small filesystem of its own, for tests of what a disk can and can't do. Needs root. */
record Mount(Path home, Path directory) implements AutoCloseable {

  private static final long MEBIBYTE = 1L << 20;
  private static final String PREFIX = "anabranch-mount-";

  /** XFS with reflinks in a file. */
  static Mount xfs(int mebibytes) {
    return inFile(mebibytes, "mkfs.xfs", "-q", "-m", "reflink=1");
  }

  /** btrfs in a file. */
  static Mount btrfs(int mebibytes) {
    return inFile(mebibytes, "mkfs.btrfs", "-q");
  }

  private static Mount inFile(int mebibytes, String... format) {
    assumeTrue(
        Program.run(List.of("sh", "-c", "command -v " + format[0])).succeeded(),
        "NOT RUN: there is no " + format[0] + " here");
    Path home = newHome();
    Path image = home.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(mebibytes * MEBIBYTE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(run(with(format, image.toString())).succeeded()).isTrue();
    return mounted(home, "mount", "-o", "loop", image.toString());
  }

  /** Memory that is full after this much. */
  static Mount small(int mebibytes) {
    return mounted(
        newHome(), "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m,mode=0755", "none");
  }

  private static Path newHome() {
    removeThoseOfTheDead();
    return TemporaryPostgres.temporaryDirectory(PREFIX + ProcessHandle.current().pid() + "-");
  }

  /** A test that was killed could not unmount: its process id is in the name of what it left. */
  private static void removeThoseOfTheDead() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (DirectoryStream<Path> homes =
        Files.newDirectoryStream(temporary, PREFIX + "[0-9]*-[0-9]*")) {
      for (Path home : homes) {
        String[] words = home.getFileName().toString().split("-", -1);
        if (ProcessHandle.of(Long.parseLong(words[2])).isEmpty()) {
          new Mount(home, home.resolve("disk")).close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Mount mounted(Path home, String... command) {
    Path directory = home.resolve("disk");
    try {
      Files.createDirectory(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Program.Outcome outcome = run(with(command, directory.toString()));
    assumeTrue(
        outcome.succeeded(), "NOT RUN: mounting needs root (" + outcome.output().strip() + ")");
    return new Mount(home, directory);
  }

  private static String[] with(String[] command, String last) {
    List<String> full = new ArrayList<>(List.of(command));
    full.add(last);
    return full.toArray(String[]::new);
  }

  private static Program.Outcome run(String... command) {
    return Program.run(List.of(command));
  }

  long usedBytes() {
    try {
      var store = Files.getFileStore(directory);
      run("sync", "-f", directory.toString());
      return store.getTotalSpace() - store.getUnallocatedSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    run("umount", "-l", directory.toString());
    run("rm", "-rf", "--one-file-system", home.toString());
  }
}
