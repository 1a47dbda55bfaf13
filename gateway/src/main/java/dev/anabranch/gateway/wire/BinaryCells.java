package dev.anabranch.gateway.wire;

import dev.anabranch.base.TypeOid;
import dev.anabranch.gateway.wire.RowDecoder.CellReader;
import io.netty.buffer.ByteBuf;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Binary values as the text that Postgres would have sent (the types' {@code _send} and {@code
 * _out} functions). A type that is not here, or a value that is not sure, is not read at all.
 */
final class BinaryCells {

  private static final int NUMERIC_NEGATIVE = 0x4000;
  private static final BigInteger NUMERIC_BASE = BigInteger.valueOf(10_000);

  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  /** Below these, digits between two neighbours are too many to be the shortest of one. */
  private static final float LEAST_FLOAT4_BETWEEN = 1e5f;

  private static final double LEAST_FLOAT8_BETWEEN = 1e14;

  private BinaryCells() {}

  static CellReader reader(long typeOid, CellReader text, SpellingSettings form) {
    return switch ((int) typeOid) {
      case TypeOid.BOOL -> sized(1, in -> in.readByte() == 0 ? "f" : "t");
      case TypeOid.CHAR -> sized(1, in -> oneByte(in.readByte()));
      case TypeOid.INT8 -> sized(8, in -> Long.toString(in.readLong()));
      case TypeOid.INT2 -> sized(2, in -> Short.toString(in.readShort()));
      case TypeOid.INT4 -> sized(4, in -> Integer.toString(in.readInt()));
      case TypeOid.OID, TypeOid.XID, TypeOid.CID ->
          sized(4, in -> Long.toString(in.readUnsignedInt()));
      case TypeOid.XID8 -> sized(8, in -> Long.toUnsignedString(in.readLong()));
      case TypeOid.FLOAT4 -> ifTrue(form.shortestFloats(), sized(4, in -> float4(in.readFloat())));
      case TypeOid.FLOAT8 -> ifTrue(form.shortestFloats(), sized(8, in -> float8(in.readDouble())));
      case TypeOid.POINT -> ifTrue(form.shortestFloats(), sized(16, BinaryCells::point));
      case TypeOid.LSEG ->
          ifTrue(form.shortestFloats(), sized(32, in -> "[" + point(in) + "," + point(in) + "]"));
      case TypeOid.BOX ->
          ifTrue(form.shortestFloats(), sized(32, in -> point(in) + "," + point(in)));
      case TypeOid.CIRCLE ->
          ifTrue(
              form.shortestFloats(),
              sized(24, in -> "<" + point(in) + "," + float8(in.readDouble()) + ">"));
      case TypeOid.NAME,
          TypeOid.TEXT,
          TypeOid.JSON,
          TypeOid.XML,
          TypeOid.UNKNOWN,
          TypeOid.BPCHAR,
          TypeOid.VARCHAR ->
          text;
      case TypeOid.BYTEA -> ifTrue(form.hexBytea(), BinaryCells::bytea);
      case TypeOid.UUID -> sized(16, in -> new UUID(in.readLong(), in.readLong()).toString());
      case TypeOid.JSONB -> in -> in.isReadable() && in.readByte() == 1 ? text.read(in) : null;
      case TypeOid.CIDR, TypeOid.INET -> BinaryAddresses::network;
      case TypeOid.MACADDR8, TypeOid.MACADDR -> BinaryAddresses::hardware;
      case TypeOid.BIT, TypeOid.VARBIT -> BinaryCells::bits;
      case TypeOid.NUMERIC -> BinaryCells::numeric;
      case TypeOid.DATE -> ifTrue(form.isoDates(), sized(4, in -> BinaryTimes.date(in.readInt())));
      case TypeOid.TIME -> sized(8, in -> BinaryTimes.time(in.readLong()));
      case TypeOid.TIMESTAMP ->
          ifTrue(form.isoDates(), sized(8, in -> BinaryTimes.timestamp(in.readLong())));
      case TypeOid.TIMESTAMPTZ -> BinaryTimes.timestampWithZone(form);
      case TypeOid.INTERVAL -> ifTrue(form.plainIntervals(), sized(16, BinaryTimes::interval));
      case TypeOid.TIMETZ -> sized(12, in -> BinaryTimes.timeWithZone(in.readLong(), in.readInt()));
      case TypeOid.INT2VECTOR, TypeOid.OIDVECTOR -> new BinaryArrays(text, form)::vector;
      case TypeOid.RECORD -> new BinaryComposites(text, form)::record;
      default -> {
        long element = BinaryComposites.rangedOver(typeOid);
        long range = BinaryComposites.manyOf(typeOid);
        yield element != 0
            ? in -> new BinaryComposites(text, form).range(in, element)
            : range != 0
                ? in -> new BinaryComposites(text, form).ranges(in, range)
                : BinaryArrays.ARRAYS.contains(typeOid)
                    ? new BinaryArrays(text, form)::read
                    : NOT_READ;
      }
    };
  }

  private static final CellReader NOT_READ = in -> null;

  private static CellReader ifTrue(boolean known, CellReader reader) {
    return known ? reader : NOT_READ;
  }

  /** {@code "char"}: other bytes are written differently by different versions. */
  private static @Nullable String oneByte(byte value) {
    return value < 0 ? null : value == 0 ? "" : String.valueOf((char) value);
  }

  private static String point(ByteBuf in) {
    return "(" + float8(in.readDouble()) + "," + float8(in.readDouble()) + ")";
  }

  private static @Nullable String bits(ByteBuf in) {
    int count = in.readInt();
    if (count < 0 || in.readableBytes() != (count + 7) / 8) {
      return null;
    }
    StringBuilder bits = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      int octet = in.getByte(in.readerIndex() + i / 8);
      bits.append((octet >> (7 - i % 8) & 1) == 1 ? '1' : '0');
    }
    return bits.toString();
  }

  static CellReader sized(int bytes, CellReader reader) {
    return in -> in.readableBytes() == bytes ? reader.read(in) : null;
  }

  private static String bytea(ByteBuf in) {
    byte[] bytes = new byte[in.readableBytes()];
    in.readBytes(bytes);
    return "\\x" + HexFormat.of().formatHex(bytes);
  }

  private static String float4(float value) {
    if (!Float.isFinite(value)) {
      return nonFinite(value);
    }
    String java = Float.toString(value);
    if (Math.abs(value) >= LEAST_FLOAT4_BETWEEN) {
      requireInside(java, value, Math.nextUp(value), Math.nextDown(value));
    }
    return shortest(java, 6, true);
  }

  private static String float8(double value) {
    if (!Double.isFinite(value)) {
      return nonFinite(value);
    }
    String java = Double.toString(value);
    if (Math.abs(value) >= LEAST_FLOAT8_BETWEEN) {
      requireInside(java, value, Math.nextUp(value), Math.nextDown(value));
    }
    return shortest(java, 15, false);
  }

  /**
   * Digits that lie just between two floats are enough for Java where Postgres writes more. What it
   * writes then is not told here.
   */
  private static void requireInside(String java, double value, double up, double down) {
    BigDecimal twice = new BigDecimal(java).multiply(TWO);
    for (double neighbour : new double[] {up, down}) {
      if (Double.isFinite(neighbour)
          && twice.compareTo(new BigDecimal(value).add(new BigDecimal(neighbour))) == 0) {
        throw new ArithmeticException(java + " lies between two floats");
      }
    }
  }

  private static String nonFinite(double value) {
    return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  }

  /**
   * Java's shortest digits in Postgres's notation: with an exponent from -5 down and from {@code
   * limit} up.
   */
  private static String shortest(String java, int limit, boolean single) {
    BigDecimal value = shortest(new BigDecimal(java).stripTrailingZeros(), single);
    String sign = java.startsWith("-") ? "-" : "";
    if (value.signum() == 0) {
      return sign + "0";
    }
    String digits = value.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - value.scale();
    if (exponent >= -4 && exponent < limit) {
      return sign + value.abs().toPlainString();
    }
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return sign
        + mantissa
        + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  /** Java never gives fewer than two digits, although one may be enough: 4.9E-324 is 5e-324. */
  private static BigDecimal shortest(BigDecimal value, boolean single) {
    if (value.precision() != 2) {
      return value;
    }
    BigDecimal one = value.round(new MathContext(1, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    boolean same =
        single ? one.floatValue() == value.floatValue() : one.doubleValue() == value.doubleValue();
    return same ? one : value;
  }

  private static @Nullable String numeric(ByteBuf in) {
    if (in.readableBytes() < 8) {
      return null;
    }
    int digits = in.readUnsignedShort();
    int weight = in.readShort();
    int sign = in.readUnsignedShort();
    int scale = in.readUnsignedShort();
    return switch (sign) {
      case 0xC000 -> "NaN";
      case 0xD000 -> "Infinity";
      case 0xF000 -> "-Infinity";
      case 0, NUMERIC_NEGATIVE -> finite(in, digits, weight, sign == NUMERIC_NEGATIVE, scale);
      default -> null;
    };
  }

  private static @Nullable String finite(
      ByteBuf in, int digits, int weight, boolean negative, int scale) {
    if (in.readableBytes() != digits * Short.BYTES) {
      return null;
    }
    BigInteger unscaled = BigInteger.ZERO;
    for (int i = 0; i < digits; i++) {
      unscaled = unscaled.multiply(NUMERIC_BASE).add(BigInteger.valueOf(in.readUnsignedShort()));
    }
    int tenThousands = weight - digits + 1;
    BigDecimal value = new BigDecimal(unscaled).scaleByPowerOfTen(4 * tenThousands);
    return (negative ? value.negate() : value).setScale(scale, RoundingMode.DOWN).toPlainString();
  }
}
