package dev.anabranch.gateway.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Writes the few kinds of DER (X.690) that a certificate is made of. */
final class Der {

  private static final int BOOLEAN = 0x01;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int CONTEXT = 0x80;
  private static final int CONSTRUCTED = 0x20;

  /** RFC 5280: dates before it are written with two digits of the year. */
  private static final int FIRST_YEAR_IN_FULL = 2050;

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return value(SEQUENCE, parts);
  }

  static byte[] set(byte[]... parts) {
    return value(SET, parts);
  }

  static byte[] integer(BigInteger number) {
    return value(INTEGER, number.toByteArray());
  }

  static byte[] truth() {
    return value(BOOLEAN, new byte[] {(byte) 0xff});
  }

  /**
   * @param unused how many of the last bits don't count
   */
  static byte[] bits(int unused, byte... bytes) {
    return value(BIT_STRING, new byte[] {(byte) unused}, bytes);
  }

  static byte[] octets(byte[] bytes) {
    return value(OCTET_STRING, bytes);
  }

  static byte[] text(String text) {
    return value(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
  }

  /** As in {@code 2.5.4.3}. */
  static byte[] identifier(String dotted) {
    String[] arcs = dotted.split("\\.", -1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
    for (int i = 2; i < arcs.length; i++) {
      writeArc(out, Integer.parseInt(arcs[i]));
    }
    return value(OBJECT_IDENTIFIER, out.toByteArray());
  }

  /** Seven bits to a byte, and all but the last marked. */
  private static void writeArc(ByteArrayOutputStream out, int arc) {
    int groups = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(arc) + 6) / 7);
    for (int group = groups - 1; group >= 0; group--) {
      int bits = arc >>> (7 * group) & 0x7f;
      out.write(group == 0 ? bits : bits | 0x80);
    }
  }

  static byte[] time(Instant instant) {
    ZonedDateTime date = instant.atZone(ZoneOffset.UTC);
    boolean inFull = date.getYear() >= FIRST_YEAR_IN_FULL;
    String pattern = (inFull ? "yyyy" : "yy") + "MMddHHmmss'Z'";
    byte[] text =
        DateTimeFormatter.ofPattern(pattern).format(date).getBytes(StandardCharsets.US_ASCII);
    return value(inFull ? GENERALIZED_TIME : UTC_TIME, text);
  }

  /** One of a structure's numbered parts, around values. */
  static byte[] part(int number, byte[]... parts) {
    return value(CONTEXT | CONSTRUCTED | number, parts);
  }

  /** One of a structure's numbered parts, which is bytes itself. */
  static byte[] plainPart(int number, byte[] bytes) {
    return value(CONTEXT | number, bytes);
  }

  private static byte[] value(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    writeLength(out, content.size());
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static void writeLength(ByteArrayOutputStream out, int length) {
    if (length < 0x80) {
      out.write(length);
      return;
    }
    byte[] bytes = BigInteger.valueOf(length).toByteArray();
    int from = bytes[0] == 0 ? 1 : 0;
    out.write(0x80 | (bytes.length - from));
    out.write(bytes, from, bytes.length - from);
  }
}
