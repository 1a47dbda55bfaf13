package dev.anabranch.branch.storage;

import dev.anabranch.cluster.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Makes each data directory a btrfs subvolume and each copy a snapshot: it costs the same however
 * many files there are and in however many pieces they lie.
 */
public record BtrfsSnapshot() implements Provider {

  /** {@code linux/btrfs_tree.h}: BTRFS_FIRST_FREE_OBJECTID, the root directory of a subvolume. */
  private static final long SUBVOLUME_INODE = 256;

  @Override
  public String name() {
    return "btrfs-snapshot";
  }

  @Override
  public Ability tryIn(Path empty) {
    Path original = empty.resolve("subvolume");
    Path snapshot = empty.resolve("snapshot");
    try {
      Linux.createSubvolume(original);
      Linux.snapshot(original, snapshot);
      return Ability.sharing();
    } catch (IOException e) {
      return Ability.none("no btrfs snapshot can be made here: " + Linux.reason(e));
    } finally {
      removeQuietly(snapshot);
      removeQuietly(original);
    }
  }

  private void removeQuietly(Path trial) {
    try {
      remove(trial);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("removing " + trial, e);
    }
  }

  @Override
  public void copy(Path source, Path target, Predicate<Path> wanted) throws IOException {
    if (isSubvolume(source)) {
      Linux.snapshot(source, target);
      TreeCopy.removeUnwanted(target, wanted);
    } else {
      // Made before this provider was chosen: its files are shared one by one, and from here on
      // every copy of the copy is a snapshot.
      Linux.createSubvolume(target);
      TreeCopy.run(source, target, wanted, TreeCopy.sharing());
    }
  }

  @Override
  public void makeDirectory(Path target) throws IOException {
    Linux.createSubvolume(target);
  }

  @Override
  public void remove(Path target) throws IOException {
    removeSubvolume(target);
  }

  /**
   * Removes a directory that may be a subvolume, whoever made it. Only root may drop one in one go;
   * everybody may empty his own and remove it like a directory (since Linux 4.18).
   */
  static void removeSubvolume(Path directory) throws IOException {
    if (isSubvolume(directory)) {
      try {
        Linux.destroySubvolume(directory);
        return;
      } catch (IOException e) {
        // Not root, or another filesystem's inode 256: file by file, which reports what it meets.
        Trees.delete(directory);
        return;
      }
    }
    Trees.delete(directory);
  }

  private static boolean isSubvolume(Path directory) throws IOException {
    return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        && Files.getAttribute(directory, "unix:ino") instanceof Long inode
        && inode == SUBVOLUME_INODE
        && differsFromParent(directory);
  }

  /** A subvolume has a device number of its own. */
  private static boolean differsFromParent(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    return parent != null
        && !Files.getAttribute(directory, "unix:dev")
            .equals(Files.getAttribute(parent, "unix:dev"));
  }

  @Override
  public boolean paysPerExtent() {
    return false;
  }
}
