package dev.anabranch.gateway.wire;

import dev.anabranch.gateway.wire.RowReader.CellReader;
import io.netty.buffer.ByteBuf;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Binary values as the text that Postgres would have sent (the types' {@code _send} and {@code
 * _out} functions). A type that is not here, or a value that is not sure, is not read at all.
 */
final class BinaryCells {

  private static final LocalDateTime POSTGRES_EPOCH = LocalDateTime.of(2000, 1, 1, 0, 0);
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final int NUMERIC_NEGATIVE = 0x4000;
  private static final BigInteger NUMERIC_BASE = BigInteger.valueOf(10_000);

  private BinaryCells() {}

  static CellReader reader(long typeOid, CellReader text, SpellingSettings form) {
    return switch ((int) typeOid) {
      case 16 -> sized(1, in -> in.readByte() == 0 ? "f" : "t");
      case 20 -> sized(8, in -> Long.toString(in.readLong()));
      case 21 -> sized(2, in -> Short.toString(in.readShort()));
      case 23 -> sized(4, in -> Integer.toString(in.readInt()));
      case 26 -> sized(4, in -> Long.toString(in.readUnsignedInt()));
      case 700 -> sized(4, in -> float4(in.readFloat()));
      case 701 -> sized(8, in -> float8(in.readDouble()));
      case 19, 25, 114, 142, 705, 1042, 1043 -> text;
      case 17 -> form.hexBytea() ? BinaryCells::bytea : in -> null;
      case 2950 -> sized(16, in -> new UUID(in.readLong(), in.readLong()).toString());
      case 3802 -> in -> in.isReadable() && in.readByte() == 1 ? text.read(in) : null;
      case 1700 -> BinaryCells::numeric;
      case 1082 -> form.isoDates() ? sized(4, in -> date(in.readInt())) : in -> null;
      case 1083 -> sized(8, in -> time(in.readLong()));
      case 1114 -> form.isoDates() ? sized(8, in -> timestamp(in.readLong())) : in -> null;
      case 1184 -> timestampWithZone(form);
      case 1266 -> sized(12, in -> timeWithZone(in.readLong(), in.readInt()));
      case 1000,
          1001,
          1005,
          1007,
          1009,
          1015,
          1016,
          1021,
          1022,
          1028,
          1115,
          1182,
          1183,
          1185,
          1231,
          2951 ->
          new BinaryArrays(text, form)::read;
      default -> in -> null;
    };
  }

  private static CellReader sized(int bytes, CellReader reader) {
    return in -> in.readableBytes() == bytes ? reader.read(in) : null;
  }

  private static String bytea(ByteBuf in) {
    byte[] bytes = new byte[in.readableBytes()];
    in.readBytes(bytes);
    return "\\x" + HexFormat.of().formatHex(bytes);
  }

  private static String float4(float value) {
    return Float.isFinite(value) ? shortest(Float.toString(value), 6) : nonFinite(value);
  }

  private static String float8(double value) {
    return Double.isFinite(value) ? shortest(Double.toString(value), 15) : nonFinite(value);
  }

  private static String nonFinite(double value) {
    return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  }

  /**
   * Java's shortest digits in Postgres's notation: with an exponent from -5 down and from {@code
   * limit} up.
   */
  private static String shortest(String java, int limit) {
    BigDecimal value = new BigDecimal(java).stripTrailingZeros();
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
    return (negative ? value.negate() : value)
        .setScale(scale, java.math.RoundingMode.DOWN)
        .toPlainString();
  }

  private static String date(int days) {
    if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
      return days > 0 ? "infinity" : "-infinity";
    }
    return withEra(POSTGRES_EPOCH.toLocalDate().plusDays(days), "");
  }

  private static String time(long micros) {
    return micros == MICROS_PER_DAY ? "24:00:00" : clock(LocalTime.ofNanoOfDay(micros * 1000));
  }

  private static String timeWithZone(long micros, int secondsWest) {
    return time(micros) + shortOffset(ZoneOffset.ofTotalSeconds(-secondsWest));
  }

  private static String timestamp(long micros) {
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      return micros > 0 ? "infinity" : "-infinity";
    }
    LocalDateTime moment = POSTGRES_EPOCH.plus(micros, ChronoUnit.MICROS);
    return withEra(moment.toLocalDate(), " " + clock(moment.toLocalTime()));
  }

  private static CellReader timestampWithZone(SpellingSettings form) {
    if (!form.isoDates() || form.timeZone().isEmpty()) {
      return in -> null;
    }
    ZoneId zone = form.timeZone().get();
    return sized(
        8,
        in -> {
          long micros = in.readLong();
          if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            return micros > 0 ? "infinity" : "-infinity";
          }
          Instant instant =
              POSTGRES_EPOCH.toInstant(ZoneOffset.UTC).plus(micros, ChronoUnit.MICROS);
          ZoneOffset offset = zone.getRules().getOffset(instant);
          LocalDateTime local = LocalDateTime.ofInstant(instant, offset);
          return withEra(
              local.toLocalDate(), " " + clock(local.toLocalTime()) + shortOffset(offset));
        });
  }

  private static String withEra(LocalDate date, String rest) {
    int year = date.getYear();
    String text =
        String.format(
            Locale.ROOT,
            "%04d-%02d-%02d%s",
            year > 0 ? year : 1 - year,
            date.getMonthValue(),
            date.getDayOfMonth(),
            rest);
    return year > 0 ? text : text + " BC";
  }

  private static String clock(LocalTime time) {
    String whole =
        String.format(
            Locale.ROOT, "%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
    int micros = time.getNano() / 1000;
    if (micros == 0) {
      return whole;
    }
    String fraction = String.format(Locale.ROOT, ".%06d", micros);
    int end = fraction.length();
    while (fraction.charAt(end - 1) == '0') {
      end--;
    }
    return whole + fraction.substring(0, end);
  }

  /** +02, +05:30, -07:52:58. */
  private static String shortOffset(ZoneOffset offset) {
    int seconds = Math.abs(offset.getTotalSeconds());
    StringBuilder text = new StringBuilder(offset.getTotalSeconds() < 0 ? "-" : "+");
    text.append(String.format(Locale.ROOT, "%02d", seconds / 3600));
    if (seconds % 3600 != 0) {
      text.append(String.format(Locale.ROOT, ":%02d", seconds / 60 % 60));
    }
    if (seconds % 60 != 0) {
      text.append(String.format(Locale.ROOT, ":%02d", seconds % 60));
    }
    return text.toString();
  }
}
