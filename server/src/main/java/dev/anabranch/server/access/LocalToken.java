package dev.anabranch.server.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An admin's token that is drawn at each start and lies in files that only the server's own system
 * user can read: who can read them could read the data directory as well. It ends with the process,
 * and is kept nowhere else.
 *
 * <p>A file has two lines: where the server answers, so that no other server is ever shown the
 * token, and the token.
 */
public final class LocalToken implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LocalToken.class);
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_READS_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_PASSES =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final String text = TokenText.fresh(new SecureRandom()).text();
  private final List<Path> files = new ArrayList<>(); // guarded by this

  /** The file in a data directory. */
  public static Path in(Path data) {
    return data.resolve("local-token");
  }

  /**
   * The file that commands look for, whatever the data directory is: one for each port, below
   * {@code XDG_STATE_HOME}, else {@code ~/.local/state}.
   */
  public static Path ofUser(Map<String, String> environment, int port) {
    return Optional.ofNullable(environment.get("XDG_STATE_HOME"))
        .filter(directory -> !directory.isBlank())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "state"))
        .resolve("anabranch")
        .resolve("local-token-" + port);
  }

  /** All of it. */
  public String text() {
    return text;
  }

  boolean is(String given) {
    return Access.same(text, given);
  }

  /**
   * Writes it where only our own system user can read it, whatever was there, until {@link #close}.
   *
   * @param address where the server answers, such as {@code http://127.0.0.1:6480}
   */
  public synchronized void keepIn(Path file, String address) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Files.createDirectories(directory, OWNER_PASSES);
    Path aside = Files.createTempFile(directory, ".local-token", ".new", OWNER_READS_FILE);
    try {
      Files.writeString(aside, address + "\n" + text + "\n");
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
    files.add(file);
  }

  /** Takes the files away, but for those that another server has written over. */
  @Override
  public synchronized void close() {
    for (Path file : files) {
      try {
        if (Files.exists(file) && Files.readString(file).contains(text)) {
          Files.delete(file);
        }
      } catch (IOException e) {
        LOG.info("{} stays, and is of no use to anybody: {}", file, e.getMessage());
      }
    }
    files.clear();
  }

  @Override
  public String toString() {
    return "the local token";
  }
}
