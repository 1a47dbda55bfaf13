package dev.anabranch.predicate.footprint;

import dev.anabranch.predicate.footprint.Tree.Atom;
import dev.anabranch.predicate.footprint.Tree.Many;
import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.match.Value;
import dev.anabranch.predicate.match.ValueReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The datum of a {@code CONST} node, read from its bytes as they lie in memory on a little-endian
 * 64-bit server. A layout that is not expected is {@link Value.Special#UNKNOWN}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/storage-toast.html">varlena headers</a>
 */
final class ConstReader {

  private static final long DAYS_1970_TO_2000 = 10_957;
  private static final long MICROS_1970_TO_2000 = 946_684_800_000_000L;
  private static final int NUMERIC_SIGN_MASK = 0xC000;
  private static final int NUMERIC_SHORT = 0x8000;
  private static final int NUMERIC_SPECIAL = 0xC000;
  private static final BigInteger NUMERIC_BASE = BigInteger.valueOf(10_000);

  private ConstReader() {}

  /**
   * @param catalog of the server that printed it, for text is in the encoding of its database
   */
  static Value read(Node constant, Catalog catalog) {
    if (constant.flag("constisnull")) {
      return Value.Special.NULL;
    }
    byte[] bytes = bytes(constant);
    long type = constant.number("consttype");
    boolean byValue = constant.flag("constbyval");
    int length = constant.index("constlen");
    if (byValue) {
      return bytes.length == 8
          ? fixed(type, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))
          : Value.Special.UNKNOWN;
    }
    if (type == ValueReader.UUID) {
      return length == 16 && bytes.length == 16
          ? new Value.Bytes(HexFormat.of().formatHex(bytes))
          : Value.Special.UNKNOWN;
    }
    return length == -1 ? variable(type, bytes, catalog) : Value.Special.UNKNOWN;
  }

  /** The OID that a constant of regclass or its kin is. */
  static long oid(Node constant) {
    byte[] bytes = bytes(constant);
    if (bytes.length != 8) {
      throw new Tree.UnreadableTree("an OID has another form");
    }
    return Integer.toUnsignedLong(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0));
  }

  /** The parts that Postgres keeps an interval in. */
  record Interval(int months, int days, long micros) {

    private static final Pattern TEXT =
        Pattern.compile("([+-]\\d+) months ([+-]\\d+) days ([+-]\\d+) microseconds");
    private static final long MICROS_A_DAY = 86_400_000_000L;
    private static final int DAYS_A_MONTH = 30;

    /** With a sign each, for a style of intervals takes the first for all others. */
    Term.Literal term() {
      return new Term.Literal(
          String.format(Locale.ROOT, "%+d months %+d days %+d microseconds", months, days, micros),
          "interval");
    }

    /** What {@link #term()} says. */
    static Optional<Interval> parse(String text) {
      Matcher parts = TEXT.matcher(text);
      return parts.matches()
          ? Optional.of(
              new Interval(
                  Integer.parseInt(parts.group(1)),
                  Integer.parseInt(parts.group(2)),
                  Long.parseLong(parts.group(3))))
          : Optional.empty();
    }

    boolean isOfDays() {
      return micros == 0;
    }

    /** As long as Postgres takes it for when it compares intervals. */
    Interval asTime() {
      long all = Math.addExact(Math.multiplyExact((long) months, DAYS_A_MONTH), days);
      return new Interval(0, 0, Math.addExact(Math.multiplyExact(all, MICROS_A_DAY), micros));
    }
  }

  /** A constant of type interval. */
  static Optional<Interval> interval(Node constant) {
    byte[] bytes = bytes(constant);
    if (constant.flag("constisnull") || bytes.length != 16) {
      return Optional.empty();
    }
    ByteBuffer datum = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Interval interval = new Interval(datum.getInt(12), datum.getInt(8), datum.getLong(0));
    boolean finite =
        interval.months() != Integer.MAX_VALUE && interval.months() != Integer.MIN_VALUE;
    return finite ? Optional.of(interval) : Optional.empty();
  }

  private static byte[] bytes(Node constant) {
    List<Tree> parts = constant.fields().getOrDefault("constvalue", List.of());
    if (parts.size() != 2 || !(parts.get(1) instanceof Many(List<Tree> items))) {
      throw new Tree.UnreadableTree("CONST.constvalue has another form");
    }
    byte[] bytes = new byte[items.size()];
    for (int i = 0; i < bytes.length; i++) {
      if (!(items.get(i) instanceof Atom(String text))) {
        throw new Tree.UnreadableTree("CONST.constvalue has another form");
      }
      bytes[i] = Byte.parseByte(text);
    }
    return bytes;
  }

  private static Value fixed(long type, ByteBuffer datum) {
    return switch ((int) type) {
      case (int) ValueReader.BOOL -> new Value.Whole(datum.get(0) == 0 ? 0 : 1);
      case (int) ValueReader.INT2 -> new Value.Whole(datum.getShort(0));
      case (int) ValueReader.INT4 -> new Value.Whole(datum.getInt(0));
      case (int) ValueReader.INT8 -> new Value.Whole(datum.getLong(0));
      case (int) ValueReader.OID -> new Value.Whole(Integer.toUnsignedLong(datum.getInt(0)));
      case (int) ValueReader.FLOAT4 -> new Value.Binary(datum.getFloat(0));
      case (int) ValueReader.FLOAT8 -> new Value.Binary(datum.getDouble(0));
      case (int) ValueReader.DATE -> days(datum.getInt(0));
      case (int) ValueReader.TIMESTAMP, (int) ValueReader.TIMESTAMPTZ -> micros(datum.getLong(0));
      default -> Value.Special.UNKNOWN;
    };
  }

  private static Value days(int since2000) {
    return switch (since2000) {
      case Integer.MAX_VALUE -> new Value.Whole(Long.MAX_VALUE);
      case Integer.MIN_VALUE -> new Value.Whole(Long.MIN_VALUE);
      default -> new Value.Whole(since2000 + DAYS_1970_TO_2000);
    };
  }

  private static Value micros(long since2000) {
    if (since2000 == Long.MAX_VALUE || since2000 == Long.MIN_VALUE) {
      return new Value.Whole(since2000);
    }
    long since1970 = since2000 + MICROS_1970_TO_2000;
    return since1970 < since2000 ? Value.Special.UNKNOWN : new Value.Whole(since1970);
  }

  private static Value variable(long type, byte[] datum, Catalog catalog) {
    return payload(datum)
        .map(payload -> variableValue(type, payload, catalog))
        .orElse(Value.Special.UNKNOWN);
  }

  private static Value variableValue(long type, byte[] payload, Catalog catalog) {
    return switch ((int) type) {
      case (int) ValueReader.TEXT, (int) ValueReader.VARCHAR, (int) ValueReader.BPCHAR ->
          characters(payload, catalog);
      case (int) ValueReader.BYTEA -> new Value.Bytes(HexFormat.of().formatHex(payload));
      case (int) ValueReader.NUMERIC -> numeric(payload);
      default -> Value.Special.UNKNOWN;
    };
  }

  private static Optional<byte[]> payload(byte[] datum) {
    if (datum.length >= 4 && (datum[0] & 3) == 0) {
      int length = ByteBuffer.wrap(datum).order(ByteOrder.LITTLE_ENDIAN).getInt(0) >>> 2;
      return length == datum.length
          ? Optional.of(Arrays.copyOfRange(datum, 4, length))
          : Optional.empty();
    }
    if (datum.length >= 1 && (datum[0] & 1) == 1) {
      int length = (datum[0] & 0xFF) >>> 1;
      return length == datum.length
          ? Optional.of(Arrays.copyOfRange(datum, 1, length))
          : Optional.empty();
    }
    return Optional.empty();
  }

  /** In every encoding of a database ASCII is itself; of others, two are read exactly. */
  private static Value characters(byte[] payload, Catalog catalog) {
    boolean ascii = true;
    for (byte one : payload) {
      ascii &= one >= 0;
    }
    if (!ascii && !catalog.exactCharacters()) {
      return Value.Special.UNKNOWN;
    }
    Charset charset =
        catalog.encoding().equals("LATIN1") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    try {
      return new Value.Characters(charset.newDecoder().decode(ByteBuffer.wrap(payload)).toString());
    } catch (CharacterCodingException e) {
      return Value.Special.UNKNOWN;
    }
  }

  private static Value numeric(byte[] payload) {
    if (payload.length < 2 || payload.length % 2 != 0) {
      return Value.Special.UNKNOWN;
    }
    ByteBuffer words = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    int header = Short.toUnsignedInt(words.getShort());
    if ((header & NUMERIC_SIGN_MASK) == NUMERIC_SPECIAL) {
      return special(header);
    }
    if ((header & NUMERIC_SIGN_MASK) == NUMERIC_SHORT) {
      int weight = (header & 0x40) != 0 ? (header & 0x3F) - 0x40 : header & 0x3F;
      return digits(words, weight, (header & 0x2000) != 0);
    }
    if (!words.hasRemaining()) {
      return Value.Special.UNKNOWN;
    }
    int weight = words.getShort();
    return digits(words, weight, (header & NUMERIC_SIGN_MASK) == 0x4000);
  }

  private static Value special(int header) {
    return switch (header) {
      case 0xC000 -> ValueReader.read(ValueReader.NUMERIC, "NaN");
      case 0xD000 -> ValueReader.read(ValueReader.NUMERIC, "Infinity");
      case 0xF000 -> ValueReader.read(ValueReader.NUMERIC, "-Infinity");
      default -> Value.Special.UNKNOWN;
    };
  }

  private static Value digits(ByteBuffer words, int weight, boolean negative) {
    BigInteger unscaled = BigInteger.ZERO;
    int count = 0;
    while (words.hasRemaining()) {
      int digit = words.getShort();
      if (digit < 0 || digit > 9_999) {
        return Value.Special.UNKNOWN;
      }
      unscaled = unscaled.multiply(NUMERIC_BASE).add(BigInteger.valueOf(digit));
      count++;
    }
    int scale = 4 * (count - 1 - weight);
    BigDecimal value = new BigDecimal(negative ? unscaled.negate() : unscaled, scale);
    return new Value.Decimal(Value.Decimal.Rank.FINITE, value);
  }
}
