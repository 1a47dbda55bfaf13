package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anabranch.cluster.Program;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small filesystem of its own, for tests of what a disk can and can't do. Needs root. */
record Mount(Path home, Path directory) implements AutoCloseable {

  private static final long MEBIBYTE = 1L << 20;

  /** XFS with reflinks in a file. */
  static Mount xfs(int mebibytes) {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/sbin/mkfs.xfs")), "NOT RUN: there is no mkfs.xfs here");
    Path home = TemporaryPostgres.temporaryDirectory("anabranch-mount-");
    Path image = home.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(mebibytes * MEBIBYTE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(run("mkfs.xfs", "-q", "-m", "reflink=1", image.toString()).succeeded()).isTrue();
    return mounted(home, "mount", "-o", "loop", image.toString());
  }

  /** Memory that is full after this much. */
  static Mount small(int mebibytes) {
    Path home = TemporaryPostgres.temporaryDirectory("anabranch-mount-");
    return mounted(home, "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m,mode=0755", "none");
  }

  private static Mount mounted(Path home, String... command) {
    Path directory = home.resolve("disk");
    try {
      Files.createDirectory(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> full = new java.util.ArrayList<>(List.of(command));
    full.add(directory.toString());
    Program.Outcome outcome = Program.run(full);
    assumeTrue(
        outcome.succeeded(), "NOT RUN: mounting needs root (" + outcome.output().strip() + ")");
    return new Mount(home, directory);
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
