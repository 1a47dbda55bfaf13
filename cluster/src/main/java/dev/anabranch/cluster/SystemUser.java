package dev.anabranch.cluster;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The operating-system user that Postgres runs as: ourselves, or, because Postgres refuses to run
 * as root, an unprivileged user that root starts it as.
 */
public sealed interface SystemUser {

  /** We are not root: Postgres runs as we do. */
  record Ourselves() implements SystemUser {}

  /**
   * We are root and step down to this user.
   *
   * @param name as in the password file
   * @param uid its number
   * @param gid its primary group
   */
  record Unprivileged(String name, int uid, int gid) implements SystemUser {}

  /** Execute permission of a directory's owner. */
  int OWNER_PASSES = 0100;

  /** Execute permission for group and others: whoever the user is and belongs to. */
  int ALL_PASS = 0011;

  /**
   * Chooses: ourselves unless we are root; then the wanted user, else {@code postgres}, else {@code
   * anabranch}, which is made when it does not exist.
   */
  static SystemUser choose(Optional<String> wanted) {
    if (!runsAsRoot()) {
      return new Ourselves();
    }
    if (wanted.isPresent()) {
      return lookUp(wanted.get())
          .orElseThrow(() ->
              new AnabranchException(
                  ErrorCode.POSTGRES_FAILED,
                  "choosing its system user",
                  "there is no user '" + wanted.get() + "'."));
    }
    return lookUp("postgres").or(() -> lookUp("anabranch")).orElseGet(SystemUser::makeOne);
  }

  private static boolean runsAsRoot() {
    return "0".equals(Program.run(List.of("id", "-u")).output().strip());
  }

  private static Optional<SystemUser> lookUp(String name) {
    Program.Outcome uid = Program.run(List.of("id", "-u", name));
    Program.Outcome gid = Program.run(List.of("id", "-g", name));
    if (!uid.succeeded() || !gid.succeeded()) {
      return Optional.empty();
    }
    int number = Integer.parseInt(uid.output().strip());
    return number == 0
        ? Optional.empty()
        : Optional.of(new Unprivileged(name, number, Integer.parseInt(gid.output().strip())));
  }

  private static SystemUser makeOne() {
    List<String> command =
        List.of(
            "useradd",
            "--system",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            "--user-group",
            "anabranch");
    Program.mustRun(
        "making the system user 'anabranch' (Postgres refuses to run as root)", command, Map.of());
    return lookUp("anabranch").orElseThrow();
  }

  /**
   * The command as this user would give it. Its process replaces the prefix's, so signals and exit
   * status are its own.
   */
  default List<String> command(List<String> plain) {
    return switch (this) {
      case Ourselves ignored -> plain;
      case Unprivileged user -> {
        List<String> full = new ArrayList<>(stepDown(user));
        full.addAll(plain);
        yield List.copyOf(full);
      }
    };
  }

  private static List<String> stepDown(Unprivileged user) {
    if (onPath("setpriv")) {
      return List.of(
          "setpriv",
          "--reuid=" + user.uid(),
          "--regid=" + user.gid(),
          "--init-groups",
          "--inh-caps=-all",
          "--");
    }
    return List.of("runuser", "-u", user.name(), "--");
  }

  private static boolean onPath(String program) {
    for (String directory : System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":")) {
      if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Makes the directory, and its missing parents, so that this user owns it and nobody else can
   * look inside.
   */
  default Path makePrivateDirectory(Path directory) {
    try {
      if (!Files.isDirectory(directory)) {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
          makePassableDirectories(parent);
        }
        create(directory);
      }
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException("making the directory " + directory, e);
    }
    own(directory);
    requireTraversable(directory);
    return directory;
  }

  private void makePassableDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      makePassableDirectories(parent);
    }
    create(directory);
    Files.setPosixFilePermissions(directory, passable());
  }

  /**
   * The mode of a directory above those of clusters, whatever our umask: Postgres's user can pass
   * through, and nobody but ourselves can see what is in it.
   */
  default Set<PosixFilePermission> passable() {
    return switch (this) {
      case Ourselves ignored -> PosixFilePermissions.fromString("rwx------");
      case Unprivileged ignored -> PosixFilePermissions.fromString("rwx--x--x");
    };
  }

  /** Two who want the same parent at the same moment are both content. */
  private static void create(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  /**
   * Hands a file or a whole directory to this user. Symbolic links are handed over themselves, not
   * what they name. A file alone is kept from everybody else, too.
   */
  default void own(Path path) {
    if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      keepPrivate(path);
    }
    switch (this) {
      case Ourselves ignored -> {}
      case Unprivileged user -> {
        try {
          Files.walkFileTree(
              path,
              new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(
                    Path directory, BasicFileAttributes attributes) throws IOException {
                  hand(directory, user);
                  return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                    throws IOException {
                  hand(file, user);
                  return FileVisitResult.CONTINUE;
                }
              });
        } catch (IOException e) {
          throw new UncheckedIOException(
              "handing " + path + " to the system user " + user.name(), e);
        }
      }
    }
  }

  private static void keepPrivate(Path file) {
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException("keeping " + file + " private", e);
    }
  }

  private static void hand(Path path, Unprivileged user) throws IOException {
    Files.setAttribute(path, "unix:uid", user.uid(), LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", user.gid(), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * @throws AnabranchException naming the first directory on the way that this user may not pass
   */
  default void requireTraversable(Path directory) {
    switch (this) {
      case Ourselves ignored -> {}
      case Unprivileged user -> {
        if (canPass(directory)) {
          return;
        }
        Path blocked = directory.toAbsolutePath();
        for (Path up = blocked; up != null && !canPass(up); up = up.getParent()) {
          blocked = up;
        }
        throw new AnabranchException(
            ErrorCode.POSTGRES_FAILED,
            "preparing " + directory,
            String.format(
                Locale.ROOT,
                "we are root, so Postgres runs as '%s', and that user may not enter %s: `chmod a+x"
                    + " %s`, or choose another data directory.",
                user.name(),
                blocked,
                blocked));
      }
    }
  }

  /** Asks the system itself only when the modes alone don't say yes: that starts a process. */
  private boolean canPass(Path directory) {
    return modesLetPass(directory)
        || Program.run(command(List.of("test", "-x", directory.toString()))).succeeded();
  }

  /** Whether every directory up to the root is open to everybody, or this user's and open to it. */
  private boolean modesLetPass(Path directory) {
    try {
      for (Path up = directory.toRealPath(); up != null; up = up.getParent()) {
        if (!modeLetsPass(Files.readAttributes(up, "unix:uid,mode"))) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean modeLetsPass(Map<String, Object> attributes) {
    if (!(attributes.get("uid") instanceof Integer owner)
        || !(attributes.get("mode") instanceof Integer mode)) {
      return false;
    }
    if (this instanceof Unprivileged user && user.uid() == owner) {
      return (mode & OWNER_PASSES) != 0;
    }
    return (mode & ALL_PASS) == ALL_PASS;
  }
}
