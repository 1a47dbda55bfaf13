package dev.anabranch.base;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Short digests, by which facts, their states and plans are known. */
public final class ShortDigest {

  private static final int LENGTH_BYTES = Integer.BYTES;

  private final MessageDigest digest;

  public ShortDigest() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The digest of some texts, so many hexadecimal digits of it. */
  public static String of(int digits, List<String> parts) {
    ShortDigest print = new ShortDigest();
    parts.forEach(print::add);
    return print.hex(digits);
  }

  /** Adds a text, so that where it ends can't be taken for a part of it. */
  public ShortDigest add(String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(LENGTH_BYTES).putInt(bytes.length).array());
    digest.update(bytes);
    return this;
  }

  /** So many digits of all that was added; nothing can be added afterwards. */
  public String hex(int digits) {
    return HexFormat.of().formatHex(digest.digest()).substring(0, digits);
  }
}
