package dev.anabranch.server.home;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What lies where in a data directory.
 *
 * @param data the directory itself, absolute
 */
public record Home(Path data) {

  /** A socket's path has 107 bytes at most; this leaves room for the cluster's name and the file's. */
  private static final int LONGEST_RUN_DIRECTORY_BYTES = 60;

  private static final int HASH_BYTES = 6;

  public Path control() {
    return data.resolve("control");
  }

  public Path main() {
    return data.resolve("main");
  }

  public Path postgres() {
    return data.resolve("postgres");
  }

  public Path lock() {
    return data.resolve("anabranch.lock");
  }

  /** Below it, one private directory of sockets for each cluster. */
  public Path run() {
    Path inside = data.resolve("run");
    if (inside.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_RUN_DIRECTORY_BYTES) {
      return inside;
    }
    return Path.of("/tmp", "anabranch-" + hash(data.toString()));
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
