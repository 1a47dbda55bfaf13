package dev.anabranch.base;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in a Postgres write-ahead log: an unsigned 64-bit byte offset, written {@code
 * 16/B374D848}.
 *
 * <p>Order is unsigned, as in Postgres. Zero is Postgres's "invalid" position and is used here only
 * as "before everything".
 *
 * @param value the byte offset
 */
public record Lsn(long value) implements Comparable<Lsn> {

  /** The position before everything. */
  public static final Lsn ZERO = new Lsn(0);

  private static final Pattern TEXT = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

  /**
   * Reads Postgres's text form.
   *
   * @throws IllegalArgumentException when the text is no LSN; the message repeats it
   */
  public static Lsn parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "not an LSN: '" + text + "' (expected two hexadecimal numbers, as in 0/3A0)");
    }
    long high = Long.parseLong(matcher.group(1), 16);
    long low = Long.parseLong(matcher.group(2), 16);
    return new Lsn(high << 32 | low);
  }

  public boolean isAfter(Lsn other) {
    return compareTo(other) > 0;
  }

  public boolean isBefore(Lsn other) {
    return compareTo(other) < 0;
  }

  public static Lsn max(Lsn a, Lsn b) {
    return a.isAfter(b) ? a : b;
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)
        + "/"
        + Long.toHexString(value & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
  }
}
