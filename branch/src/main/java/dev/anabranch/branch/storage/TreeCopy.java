package dev.anabranch.branch.storage;

import dev.anabranch.cluster.Trees;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Copies a directory tree file by file, with owners and modes.
 *
 * <p>One thread: two or four were not measurably faster on two cores, because the work is in the
 * filesystem's journal (docs/storage.md has the figures).
 */
final class TreeCopy extends SimpleFileVisitor<Path> {

  private static final int BUFFER_BYTES = 1 << 20;
  private static final Copier SYMBOLIC_LINK = sharing();

  /** How one file is copied. Symbolic links are always copied as what they are. */
  @FunctionalInterface
  interface Copier {
    void copy(Path source, Path target) throws IOException;
  }

  private final Path source;
  private final Path target;
  private final Predicate<Path> wanted;
  private final Copier copier;

  private TreeCopy(Path source, Path target, Predicate<Path> wanted, Copier copier) {
    this.source = source;
    this.target = target;
    this.wanted = wanted;
    this.copier = copier;
  }

  /**
   * Copies into a new directory, or into an empty one that is there already. A file that vanishes
   * meanwhile is left out: that is no error under a base backup, and does not happen elsewhere.
   */
  static void run(Path source, Path target, Predicate<Path> wanted, Copier copier)
      throws IOException {
    Files.walkFileTree(source, new TreeCopy(source, target, wanted, copier));
  }

  /** Shares blocks where the filesystem can: JDK 25's {@link Files#copy} asks it to. */
  static Copier sharing() {
    return (from, to) ->
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * The same with a third fewer system calls, without the times of files, which Postgres never
   * looks at. What can't be copied so is copied otherwise.
   */
  static Copier reflinking() {
    Copier otherwise = sharing();
    return (from, to) -> {
      try {
        Linux.reflinkAlike(from, to);
      } catch (IOException e) {
        Files.deleteIfExists(to);
        otherwise.copy(from, to);
      }
    };
  }

  /** Never shares blocks: reads and writes every byte. */
  static Copier copying() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    return (from, to) -> {
      copyBytes(from, to, buffer, false);
      copyAttributes(from, to);
    };
  }

  /** Like {@link #copying}, and each file is on the disk when its copy is done. */
  static Copier copyingDurably() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    return (from, to) -> {
      copyBytes(from, to, buffer, true);
      copyAttributes(from, to);
    };
  }

  private static void copyBytes(Path from, Path to, ByteBuffer buffer, boolean durably)
      throws IOException {
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(
                to,
                java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")))) {
      buffer.clear();
      while (in.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          out.write(buffer);
        }
        buffer.clear();
      }
      if (durably) {
        out.force(true);
      }
    }
  }

  /** Owner, group and mode, as numbers. */
  static void copyAttributes(Path from, Path to) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(from, "unix:uid,gid");
    Files.setAttribute(to, "unix:uid", attributes.get("uid"));
    Files.setAttribute(to, "unix:gid", attributes.get("gid"));
    Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
  }

  /** Removes from a copy of everything what was not wanted. */
  static void removeUnwanted(Path copy, Predicate<Path> wanted) throws IOException {
    Files.walkFileTree(
        copy,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (directory.equals(copy) || wanted.test(copy.relativize(directory))) {
              return FileVisitResult.CONTINUE;
            }
            Trees.delete(directory);
            return FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!wanted.test(copy.relativize(file))) {
              Files.delete(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
      throws IOException {
    if (directory.equals(source)) {
      if (!Files.isDirectory(target)) {
        Files.createDirectory(target);
      }
      copyAttributes(source, target);
      return FileVisitResult.CONTINUE;
    }
    Path relative = source.relativize(directory);
    if (!wanted.test(relative)) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    Files.copy(
        directory,
        target.resolve(relative),
        StandardCopyOption.COPY_ATTRIBUTES,
        LinkOption.NOFOLLOW_LINKS);
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    Path relative = source.relativize(file);
    if (wanted.test(relative) && (attributes.isRegularFile() || attributes.isSymbolicLink())) {
      try {
        (attributes.isSymbolicLink() ? SYMBOLIC_LINK : copier).copy(file, target.resolve(relative));
      } catch (NoSuchFileException e) {
        // Under a base backup files come and go; recovery knows which of them matter.
        return FileVisitResult.CONTINUE;
      }
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
    if (failure instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw failure;
  }
}
