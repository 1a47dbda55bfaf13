package dev.anabranch.branch.storage;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * Where everything of one Anabranch lies: {@code mirror}, {@code history/ID}, {@code golden/ID},
 * {@code branches/ID}, {@code scratch/ID}, {@code journal} and {@code postgres} below the data
 * directory, and one private socket directory per cluster.
 *
 * @param directory the data directory, absolute
 * @param sockets parent of the socket directories; elsewhere when the data directory's path is too
 *     long for a socket
 */
public record DataLayout(Path directory, Path sockets) {

  private static final int LONGEST_BELOW_SOCKETS_BYTES =
      "/scratch-12345678/.s.PGSQL.12345".length();
  private static final int LONGEST_SOCKET_PATH_BYTES = 107;

  public static DataLayout of(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    Path run = absolute.resolve("run");
    int bytes =
        run.toString().getBytes(StandardCharsets.UTF_8).length + LONGEST_BELOW_SOCKETS_BYTES;
    return new DataLayout(absolute, bytes <= LONGEST_SOCKET_PATH_BYTES ? run : elsewhere(absolute));
  }

  private static Path elsewhere(Path directory) {
    CRC32 hash = new CRC32();
    hash.update(directory.toString().getBytes(StandardCharsets.UTF_8));
    Path sockets = Path.of(String.format(Locale.ROOT, "/tmp/anabranch-%08x", hash.getValue()));
    requireOurs(sockets);
    return sockets;
  }

  /**
   * In a directory that everybody may write to, somebody else could have been there first, to
   * listen in our place.
   */
  private static void requireOurs(Path sockets) {
    try {
      if (Files.exists(sockets, LinkOption.NOFOLLOW_LINKS)
          && !Files.getOwner(sockets, LinkOption.NOFOLLOW_LINKS)
              .getName()
              .equals(System.getProperty("user.name"))) {
        throw new AnabranchException(
            ErrorCode.POSTGRES_FAILED,
            "preparing its sockets",
            sockets + " belongs to somebody else: remove it.");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("looking at " + sockets, e);
    }
  }

  /** Embedded Postgres binaries. */
  public Path postgres() {
    return directory.resolve("postgres");
  }

  /** The key that passwords in the control database are sealed with. */
  public Path sealKey() {
    return directory.resolve("seal.key");
  }

  public Path mirror() {
    return directory.resolve("mirror");
  }

  public Path golden() {
    return directory.resolve("golden");
  }

  /** Main as it was. */
  public Path history() {
    return directory.resolve("history");
  }

  public Path branches() {
    return directory.resolve("branches");
  }

  public Path scratch() {
    return directory.resolve("scratch");
  }

  /** What the gateway heard and the control database has not got yet. */
  public Path journal() {
    return directory.resolve("journal");
  }

  /** The private socket directory of one cluster. */
  public Path socketsOf(String cluster) {
    return sockets.resolve(cluster);
  }
}
