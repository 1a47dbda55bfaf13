package dev.anabranch.branch.storage;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.cluster.Program;
import dev.anabranch.cluster.SystemUser;
import dev.anabranch.cluster.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The disk below the data directory. A copy shares its blocks with the original where the
 * filesystem can ({@link Files#copy} reflinks on XFS and btrfs) and is a full copy elsewhere.
 */
public final class Storage {

  private static final int PROBE_BYTES = 1 << 20;

  private final Home home;
  private final SystemUser user;

  public Storage(Home home, SystemUser user) {
    this.home = home;
    this.user = user;
  }

  /**
   * Whether copies share blocks, found out by trying.
   *
   * @param shared true when a branch costs no bytes until it is written to
   * @param filesystem its type, such as xfs
   */
  public record Sharing(boolean shared, String filesystem) {

    /** One sentence for start-up. */
    public String sentence() {
      return shared
          ? String.format(
              Locale.ROOT,
              "Branches share their blocks with main's image (%s reflinks).",
              filesystem)
          : String.format(
              Locale.ROOT,
              "Each branch is a full copy: %s can't share blocks. Put the data directory on XFS or"
                  + " btrfs for branches that cost no space.",
              filesystem);
    }
  }

  /** The system user that owns everything here. */
  public SystemUser user() {
    return user;
  }

  /** Clones one file inside the data directory with sharing demanded. */
  public Sharing probe() {
    user.makePrivateDirectory(home.scratch());
    Path original = home.scratch().resolve("probe");
    Path clone = home.scratch().resolve("probe-clone");
    try {
      Files.write(original, new byte[PROBE_BYTES]);
      String filesystem = Files.getFileStore(original).type();
      boolean shared =
          Program.run(List.of("cp", "--reflink=always", original.toString(), clone.toString()))
              .succeeded();
      return new Sharing(shared, filesystem);
    } catch (IOException e) {
      throw failure(home.scratch(), e);
    } finally {
      deleteQuietly(original);
      deleteQuietly(clone);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("removing " + file, e);
    }
  }

  /**
   * Copies a data directory that no Postgres is writing to, or that a base backup protects. Owner
   * and modes are kept.
   *
   * @param wanted says for each path, relative to the source, whether it and all below it are
   *     copied
   * @throws AnabranchException with {@link ErrorCode#STORAGE_FULL}; the target is removed again
   */
  public void copy(Path source, Path target, Predicate<Path> wanted) {
    try {
      user.makePrivateDirectory(parentOf(target));
      Files.walkFileTree(source, new Copying(source, target, wanted));
    } catch (IOException e) {
      delete(target);
      throw failure(target, e);
    } catch (UncheckedIOException e) {
      delete(target);
      throw failure(target, new IOException(e)); // keeps the reason in its message
    }
  }

  private static Path parentOf(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " has no parent");
    }
    return parent;
  }

  /** Removes a directory; one that is not there is no error. */
  public void delete(Path directory) {
    try {
      Trees.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("removing " + directory, e);
    }
  }

  /** Removes every child of this directory except those named: what a crash left behind. */
  public List<String> deleteAllBut(Path directory, Set<String> keep) {
    Set<String> removed = new HashSet<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
        for (Path child : children) {
          String name = child.getFileName().toString();
          if (!keep.contains(name)) {
            Trees.delete(child);
            removed.add(name);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("looking through " + directory, e);
      }
    }
    return removed.stream().sorted().toList();
  }

  private static RuntimeException failure(Path where, IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("No space left on device") || message.contains("Disk quota exceeded")
        ? new AnabranchException(ErrorCode.STORAGE_FULL, e, where)
        : new UncheckedIOException("copying to " + where, e);
  }

  private static final class Copying extends SimpleFileVisitor<Path> {

    private final Path source;
    private final Path target;
    private final Predicate<Path> wanted;

    Copying(Path source, Path target, Predicate<Path> wanted) {
      this.source = source;
      this.target = target;
      this.wanted = wanted;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      Path relative = source.relativize(directory);
      if (!directory.equals(source) && !wanted.test(relative)) {
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
          Files.copy(
              file,
              target.resolve(relative),
              StandardCopyOption.COPY_ATTRIBUTES,
              LinkOption.NOFOLLOW_LINKS);
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
}
