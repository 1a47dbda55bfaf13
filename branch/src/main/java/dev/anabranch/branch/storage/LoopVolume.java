package dev.anabranch.branch.storage;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.cluster.Program;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * An XFS volume in a sparse file, for hosts whose disks can't share blocks. It takes room as it is
 * filled.
 *
 * @param image the file
 * @param directory where it is mounted
 */
public record LoopVolume(Path image, Path directory) {

  /** {@code mkfs.xfs} refuses less. */
  public static final long SMALLEST_BYTES = 300L << 20;

  private static final String PROGRAM_HINT = ": install xfsprogs and util-linux";

  /** What was done. */
  public enum Outcome {
    MADE,
    MOUNTED,
    THERE_ALREADY
  }

  /** Mounted at this directory, in the file beside it. */
  public static LoopVolume at(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    return new LoopVolume(absolute.resolveSibling(absolute.getFileName() + ".xfs"), absolute);
  }

  /**
   * Makes and mounts it; mounts one that was made before; leaves one alone that is mounted.
   *
   * @param bytes how large it can become
   * @throws AnabranchException with {@link ErrorCode#VOLUME_FAILED}
   */
  public Outcome make(long bytes) {
    requireRootAndPrograms();
    if (run("mountpoint", "-q", directory.toString()).succeeded()) {
      return Outcome.THERE_ALREADY;
    }
    if (bytes < SMALLEST_BYTES) {
      throw failure(
          String.format(
              Locale.ROOT, "XFS wants %d MB at least: give a larger --size", SMALLEST_BYTES >> 20));
    }
    try {
      prepareDirectory();
      boolean isNew = !Files.exists(image);
      if (isNew) {
        format(bytes);
      } else if (!isXfs()) {
        throw failure(image + " is there and holds no XFS: give another --at, or remove it");
      }
      mustRun("mount", "-o", "loop", image.toString(), directory.toString());
      return isNew ? Outcome.MADE : Outcome.MOUNTED;
    } catch (IOException e) {
      throw failure(String.valueOf(e.getMessage()));
    }
  }

  /** What has it mounted at each start of the host. */
  public String fstabLine() {
    return image + " " + directory + " xfs loop 0 0";
  }

  private static void requireRootAndPrograms() {
    List<String> missing = new ArrayList<>();
    if (!run("id", "-u").output().strip().equals("0")) {
      missing.add("only root can mount: run it with sudo");
    }
    for (String program : List.of("mkfs.xfs", "blkid", "mount", "mountpoint")) {
      if (!run("sh", "-c", "command -v " + program).succeeded()) {
        missing.add("there is no " + program + PROGRAM_HINT);
      }
    }
    if (!missing.isEmpty()) {
      throw failure(String.join("; ", missing));
    }
  }

  private void prepareDirectory() throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> children = Files.list(directory)) {
      if (children.findAny().isPresent()) {
        throw failure(directory + " is not empty, and what is in it would be hidden: give another");
      }
    }
  }

  /** Under another name until it is whole, so that a file of this name always is. */
  private void format(long bytes) throws IOException {
    Path partial = image.resolveSibling(image.getFileName() + ".partial");
    Files.deleteIfExists(partial);
    try {
      try (RandomAccessFile file = new RandomAccessFile(partial.toFile(), "rw")) {
        file.setLength(bytes);
      }
      mustRun("mkfs.xfs", "-q", "-m", "reflink=1", partial.toString());
      Files.move(partial, image, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private boolean isXfs() {
    return run("blkid", "-p", "-o", "value", "-s", "TYPE", image.toString())
        .output()
        .strip()
        .equals("xfs");
  }

  private static void mustRun(String... command) {
    Program.Outcome outcome = run(command);
    if (!outcome.succeeded()) {
      throw failure(command[0] + " says: " + outcome.output().strip());
    }
  }

  private static Program.Outcome run(String... command) {
    return Program.run(List.of(command));
  }

  private static AnabranchException failure(String reason) {
    return new AnabranchException(ErrorCode.VOLUME_FAILED, reason);
  }
}
