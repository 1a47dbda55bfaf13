package dev.anabranch.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files in which a server leaves a token for commands of its own system user: two lines, where
 * it answers and the token. Each is shown to the server that it names and to no other.
 */
public final class LocalTokens {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final String ROOT = "root";

  private LocalTokens() {}

  /**
   * The token for a server, if its user is ours.
   *
   * @param base where the server answers
   * @param environment of this process
   */
  public static Optional<String> find(URI base, Map<String, String> environment) {
    for (Path file : places(base, environment)) {
      Optional<String> token = read(file, base);
      if (token.isPresent()) {
        return token;
      }
    }
    return Optional.empty();
  }

  /** The user's own file for this port, then those in data directories. */
  private static Set<Path> places(URI base, Map<String, String> environment) {
    Set<Path> places = new LinkedHashSet<>();
    Path home = Path.of(System.getProperty("user.home"));
    places.add(
        directory(environment, "XDG_STATE_HOME", home.resolve(".local").resolve("state"))
            .resolve("anabranch")
            .resolve("local-token-" + port(base)));
    Optional.ofNullable(environment.get("ANABRANCH_DATA"))
        .filter(data -> !data.isBlank())
        .ifPresent(data -> places.add(Path.of(data).resolve("local-token")));
    places.add(
        directory(environment, "XDG_DATA_HOME", home.resolve(".local").resolve("share"))
            .resolve("anabranch")
            .resolve("local-token"));
    places.add(Path.of("/var/lib/anabranch/local-token"));
    return places;
  }

  private static Path directory(Map<String, String> environment, String variable, Path usual) {
    return Optional.ofNullable(environment.get(variable))
        .filter(directory -> !directory.isBlank())
        .map(Path::of)
        .orElse(usual);
  }

  private static Optional<String> read(Path file, URI base) {
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() != 2 || !isOf(URI.create(lines.getFirst()), base)) {
        return Optional.empty();
      }
      requirePrivate(file);
      return Optional.of(lines.getLast());
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // it has gone, or is no file of a server's
    }
  }

  /** What others could have read or written is no secret, or not the server's. */
  private static void requirePrivate(Path file) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    String user = System.getProperty("user.name");
    if (!attributes.owner().getName().equals(user) && !user.equals(ROOT)) {
      throw new CommandFailure(
          Exit.FAILED,
          file
              + " belongs to "
              + attributes.owner().getName()
              + ": remove it, or set ANABRANCH_TOKEN.");
    }
    Set<PosixFilePermission> others = EnumSet.copyOf(attributes.permissions());
    others.removeAll(EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    if (!others.isEmpty()) {
      throw new CommandFailure(
          Exit.FAILED,
          "Others can use "
              + file
              + ", which has an admin's token: `chmod 600` it and start the server again, which"
              + " draws another.");
    }
  }

  /** The same port of the same machine; every loopback address is one. */
  private static boolean isOf(URI told, URI base) {
    return told.getHost() != null
        && port(told) == port(base)
        && (told.getHost().equalsIgnoreCase(base.getHost())
            || (isLoopback(told.getHost()) && isLoopback(base.getHost())));
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0
        ? uri.getPort()
        : "https".equals(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
  }
}
