package dev.anabranch.base;

import java.util.HexFormat;

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

  private static final int DIGITS = 8;

  /**
   * Reads Postgres's text form.
   *
   * @throws IllegalArgumentException when the text is no LSN; the message repeats it
   */
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    long high = slash < 0 ? -1 : half(text, 0, slash);
    long low = slash < 0 ? -1 : half(text, slash + 1, text.length());
    if (high < 0 || low < 0) {
      throw new IllegalArgumentException(
          "not an LSN: '" + text + "' (expected two hexadecimal numbers, as in 0/3A0)");
    }
    return new Lsn(high << Integer.SIZE | low);
  }

  /** One to eight hexadecimal digits; -1 where there is anything else. */
  private static long half(String text, int from, int to) {
    if (from == to || to - from > DIGITS) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!HexFormat.isHexDigit(c)) {
        return -1;
      }
      value = value << 4 | HexFormat.fromHexDigit(c);
    }
    return value;
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
