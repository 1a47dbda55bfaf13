package dev.anabranch.server.home;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.cluster.SystemUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keeps the data directory to ourselves. What is made in it is private from the start; this mends
 * what an earlier version left, or somebody's umask.
 *
 * <p>The clusters' own directories are Postgres's, which keeps them private. The binaries of
 * Postgres that come with Anabranch are everybody's, and stay as they are.
 */
public final class PrivateHome {

  private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");

  private PrivateHome() {}

  /**
   * @param user who has to be able to pass through to the clusters
   */
  public static void mend(DataLayout home, SystemUser user) {
    Path top = home.directory();
    try {
      if (isOurs(top)) {
        Files.setPosixFilePermissions(top, user.passable());
      }
      for (Path child : in(top)) {
        if (!child.equals(home.postgres())) {
          mend(child, user);
          for (Path grandchild : in(child)) {
            mend(grandchild, user);
          }
        }
      }
    } catch (IOException e) {
      throw new AnabranchException(
          ErrorCode.SETTINGS_INVALID,
          e,
          " --data is '"
              + top
              + "', of which others can read parts, and that can't be mended ("
              + e.getMessage()
              + ").");
    }
  }

  /** A directory like {@code /tmp}, or somebody else's, is not ours to shut. */
  private static boolean isOurs(Path directory) throws IOException {
    return Files.getOwner(directory).getName().equals(System.getProperty("user.name"))
        && !Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_WRITE);
  }

  private static List<Path> in(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(directory)) {
      return children.toList();
    }
  }

  private static void mend(Path path, SystemUser user) throws IOException {
    try {
      if (Files.isSymbolicLink(path)) {
        return;
      }
      Set<PosixFilePermission> now = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
      Set<PosixFilePermission> most = EnumSet.copyOf(OURS);
      if (Files.isDirectory(path)) {
        most.addAll(user.passable());
      }
      if (!most.containsAll(now)) {
        most.retainAll(now);
        Files.setPosixFilePermissions(path, most);
      }
    } catch (NoSuchFileException e) {
      // a socket or a lock of a process that has just ended
    }
  }
}
