package dev.anabranch.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The text of a token, {@code anab_0123456789_…}: a mark by which scanners for leaked secrets know
 * it, its id, and 256 bits that are drawn. So much can't be guessed, and needs no slow hash.
 *
 * @param id tells which one it is, and is no secret
 * @param secret the rest of it
 */
record TokenText(String id, String secret) {

  private static final String MARK = "anab_";
  private static final int ID_BYTES = 5;
  private static final int SECRET_BYTES = 32;

  static TokenText fresh(SecureRandom random) {
    byte[] id = new byte[ID_BYTES];
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(id);
    random.nextBytes(secret);
    return new TokenText(
        HexFormat.of().formatHex(id),
        Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
  }

  /** Empty for a text that could never be one of ours. */
  static Optional<TokenText> parse(String text) {
    int idEnd = MARK.length() + 2 * ID_BYTES;
    if (!text.startsWith(MARK) || text.length() <= idEnd + 1 || text.charAt(idEnd) != '_') {
      return Optional.empty();
    }
    return Optional.of(
        new TokenText(text.substring(MARK.length(), idEnd), text.substring(idEnd + 1)));
  }

  /** As long whichever of their digits differ. */
  static boolean same(String hash, String other) {
    return MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }

  String text() {
    return MARK + id + "_" + secret;
  }

  String hash() {
    return hash(secret);
  }

  /** SHA-256, in hexadecimal digits. */
  static String hash(String secret) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "token " + id;
  }
}
