package dev.anabranch.gateway.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * The client encodings whose texts are read here, by Postgres's names. A text means what Postgres
 * makes of its bytes. Java's charsets say the same but for what is listed here; a test asks
 * Postgres about the characters of each. Not read are encodings that differ in more (GB18030, those
 * of 2004), that Postgres does not read back as it writes them (JOHAB), that Java has not (LATIN6,
 * LATIN8), and MULE_INTERNAL.
 */
final class Encodings {

  private static final Charset EUC_JP = Charset.forName("x-eucJP-Open");
  private static final Charset SJIS = Charset.forName("windows-31j");
  private static final Charset BIG5 = Charset.forName("Big5");
  private static final Charset GBK = Charset.forName("GBK");
  private static final Charset UHC = Charset.forName("x-windows-949");

  private static final Map<String, Charset> BY_NAME = byName();

  /** All read alike, and no two characters of a database written alike. */
  private static final Differences NONE = new Differences(_ -> 1, Map.of(), Set.of());

  private static final Map<Charset, Differences> DIFFERENCES =
      Map.of(
          EUC_JP,
          new Differences(
              lead -> lead < 0x80 ? 1 : lead == 0x8F ? 3 : 2,
              Map.of(
                  0xA1BD, '\u2015', 0xA1C1, '\uFF5E', 0xA1C2, '\u2225', 0xA1DD, '\uFF0D', 0xA1F1,
                  '\uFFE0', 0xA1F2, '\uFFE1', 0xA2CC, '\uFFE2', 0x8FA2C3, '\uFFE4'),
              Set.of(0x8FA2C3)),
          SJIS,
          new Differences(
              lead -> lead < 0x80 || (lead >= 0xA1 && lead <= 0xDF) ? 1 : 2,
              Map.of(),
              Set.of(0x5C, 0x7E, 0x8160, 0x8161, 0x817C, 0x8191, 0x8192, 0x81CA)),
          BIG5,
          new Differences(
              Encodings::twoBytes,
              Map.ofEntries(
                  Map.entry(0xA15A, '\uFFFD'),
                  Map.entry(0xA1C3, '\uFFFD'),
                  Map.entry(0xA1C5, '\uFFFD'),
                  Map.entry(0xA1FE, '\uFFFD'),
                  Map.entry(0xA240, '\uFFFD'),
                  Map.entry(0xA2CC, '\uFFFD'),
                  Map.entry(0xA2CE, '\uFFFD'),
                  Map.entry(0xF9D6, '\u7881'),
                  Map.entry(0xF9D7, '\u92B9'),
                  Map.entry(0xF9D8, '\u88CF'),
                  Map.entry(0xF9D9, '\u58BB'),
                  Map.entry(0xF9DA, '\u6052'),
                  Map.entry(0xF9DB, '\u7CA7'),
                  Map.entry(0xF9DC, '\u5AFA')),
              Set.of()),
          GBK,
          new Differences(Encodings::twoBytes, Map.of(0xA892, '\u2295'), Set.of()),
          UHC,
          new Differences(Encodings::twoBytes, Map.of(0xA2E8, '\u327E'), Set.of()));

  private Encodings() {}

  private static int twoBytes(int lead) {
    return lead < 0x80 ? 1 : 2;
  }

  /**
   * @param size how many bytes a character has that begins with this one
   * @param read what Postgres takes a client's bytes for, where Java does not
   * @param ambiguous how Postgres writes two characters of a database, or one that it would not
   *     read again from these bytes
   */
  record Differences(IntUnaryOperator size, Map<Integer, Character> read, Set<Integer> ambiguous) {

    boolean inReading() {
      return !read.isEmpty();
    }

    /** How many bytes the character has that begins there. */
    int size(ByteBuf in, int at, int end) {
      return Math.min(size.applyAsInt(in.getUnsignedByte(at)), end - at);
    }

    Optional<Character> read(ByteBuf in, int at, int bytes) {
      return bytes == 1 ? Optional.empty() : Optional.ofNullable(read.get(number(in, at, bytes)));
    }

    /** Whether text as Postgres wrote it may be one of two. */
    boolean isAmbiguous(ByteBuf in, int index, int length) {
      int end = ambiguous.isEmpty() ? index : index + length;
      int bytes;
      for (int at = index; at < end; at += bytes) {
        bytes = size(in, at, end);
        if (ambiguous.contains(number(in, at, bytes))) {
          return true;
        }
      }
      return false;
    }

    boolean isAmbiguousInAscii() {
      return ambiguous.stream().anyMatch(bytes -> bytes < 0x80);
    }

    private static int number(ByteBuf in, int at, int bytes) {
      int number = 0;
      for (int i = 0; i < bytes; i++) {
        number = number << 8 | in.getUnsignedByte(at + i);
      }
      return number;
    }
  }

  static Optional<Charset> charset(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  static Differences differences(Charset charset) {
    return charset.equals(StandardCharsets.UTF_8) ? NONE : DIFFERENCES.getOrDefault(charset, NONE);
  }

  static Map<String, Charset> all() {
    return BY_NAME;
  }

  private static Map<String, Charset> byName() {
    Map<String, Charset> charsets = new HashMap<>();
    charsets.put("UTF8", StandardCharsets.UTF_8);
    charsets.put("UNICODE", StandardCharsets.UTF_8);
    charsets.put("LATIN1", StandardCharsets.ISO_8859_1);
    charsets.put("EUC_JP", EUC_JP);
    charsets.put("SJIS", SJIS);
    charsets.put("BIG5", BIG5);
    charsets.put("GBK", GBK);
    charsets.put("UHC", UHC);
    Map.of("EUC_CN", "GB2312", "EUC_KR", "EUC-KR", "EUC_TW", "x-EUC-TW")
        .forEach((name, charset) -> charsets.put(name, Charset.forName(charset)));
    Map.of(
            "LATIN2", 2, "LATIN3", 3, "LATIN4", 4, "LATIN5", 9, "LATIN7", 13, "LATIN9", 15,
            "LATIN10", 16)
        .forEach((name, part) -> charsets.put(name, Charset.forName("ISO-8859-" + part)));
    for (int part = 5; part <= 8; part++) {
      charsets.put("ISO_8859_" + part, Charset.forName("ISO-8859-" + part));
    }
    for (int page = 1250; page <= 1258; page++) {
      charsets.put("WIN" + page, Charset.forName("windows-" + page));
    }
    charsets.put("WIN866", Charset.forName("IBM866"));
    charsets.put("WIN874", Charset.forName("x-windows-874"));
    charsets.put("KOI8R", Charset.forName("KOI8-R"));
    charsets.put("KOI8U", Charset.forName("KOI8-U"));
    return Map.copyOf(charsets);
  }
}
