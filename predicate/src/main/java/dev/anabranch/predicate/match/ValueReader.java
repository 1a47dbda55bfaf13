package dev.anabranch.predicate.match;

import dev.anabranch.base.TypeOid;
import dev.anabranch.predicate.match.Value.Special;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Postgres's text output, read back. Strict: only forms that mean the same under every DateStyle
 * and TimeZone are read; the rest is {@link Special#UNKNOWN}. Days count from 1970-01-01,
 * microseconds from its midnight (UTC for timestamptz).
 */
public final class ValueReader {

  public static final long BOOL = TypeOid.BOOL;
  public static final long BYTEA = TypeOid.BYTEA;
  public static final long INT8 = TypeOid.INT8;
  public static final long INT2 = TypeOid.INT2;
  public static final long INT4 = TypeOid.INT4;
  public static final long TEXT = TypeOid.TEXT;
  public static final long OID = TypeOid.OID;
  public static final long FLOAT4 = TypeOid.FLOAT4;
  public static final long FLOAT8 = TypeOid.FLOAT8;
  public static final long BPCHAR = TypeOid.BPCHAR;
  public static final long VARCHAR = TypeOid.VARCHAR;
  public static final long DATE = TypeOid.DATE;
  public static final long TIMESTAMP = TypeOid.TIMESTAMP;
  public static final long TIMESTAMPTZ = TypeOid.TIMESTAMPTZ;
  public static final long NUMERIC = TypeOid.NUMERIC;
  public static final long UUID = TypeOid.UUID;

  private static final int LONGEST_WHOLE_DIGITS = 19;
  private static final int LONGEST_PART_DIGITS = 1_000;
  private static final Pattern FLOAT = Pattern.compile("-?[0-9]+(\\.[0-9]+)?(e[+-]?[0-9]{1,3})?");
  private static final Pattern DAY = Pattern.compile("([0-9]{4,7})-([0-9]{2})-([0-9]{2})");
  private static final Pattern MOMENT =
      Pattern.compile(
          "([0-9]{4,7}-[0-9]{2}-[0-9]{2})"
              + " ([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]{1,6}))?(?:([+-])([0-9]{2})(?::([0-9]{2})(?::([0-9]{2}))?)?)?");
  private static final Pattern DASHED_UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern HEX_BYTES = Pattern.compile("\\\\x(?:[0-9a-f]{2})*");
  private static final long MICROS_PER_SECOND = 1_000_000L;

  private ValueReader() {}

  public static Value read(long typeOid, String text) {
    return switch ((int) typeOid) {
      case (int) BOOL -> bool(text);
      case (int) INT2 -> whole(text, Short.MIN_VALUE, Short.MAX_VALUE);
      case (int) INT4 -> whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case (int) INT8 -> whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
      case (int) OID -> whole(text, 0, 0xFFFF_FFFFL);
      case (int) NUMERIC -> numeric(text);
      case (int) FLOAT4 -> binary(text, true);
      case (int) FLOAT8 -> binary(text, false);
      case (int) TEXT, (int) VARCHAR, (int) BPCHAR -> new Value.Characters(text);
      case (int) UUID -> uuid(text);
      case (int) BYTEA -> bytes(text);
      case (int) DATE -> date(text);
      case (int) TIMESTAMP -> moment(text, false);
      case (int) TIMESTAMPTZ -> moment(text, true);
      default -> Special.UNKNOWN;
    };
  }

  private static Value bool(String text) {
    return switch (text) {
      case "t", "true" -> new Value.Whole(1);
      case "f", "false" -> new Value.Whole(0);
      default -> Special.UNKNOWN;
    };
  }

  private static Value whole(String text, long min, long max) {
    if (!isWhole(text)) {
      return Special.UNKNOWN;
    }
    try {
      long value = Long.parseLong(text);
      return value < min || value > max ? Special.UNKNOWN : new Value.Whole(value);
    } catch (NumberFormatException e) {
      return Special.UNKNOWN;
    }
  }

  /** A minus sign or none, then digits; by hand, for it is asked of every row and answer. */
  private static boolean isWhole(String text) {
    int begin = text.startsWith("-") ? 1 : 0;
    return text.length() - begin <= LONGEST_WHOLE_DIGITS && areDigits(text, begin, text.length());
  }

  private static Value numeric(String text) {
    return switch (text) {
      case "NaN" -> new Value.Decimal(Value.Decimal.Rank.NAN, BigDecimal.ZERO);
      case "Infinity" -> new Value.Decimal(Value.Decimal.Rank.INFINITY, BigDecimal.ZERO);
      case "-Infinity" -> new Value.Decimal(Value.Decimal.Rank.MINUS_INFINITY, BigDecimal.ZERO);
      default -> isDecimal(text) ? Value.Decimal.finite(new BigDecimal(text)) : Special.UNKNOWN;
    };
  }

  /** A minus sign or none, digits, and perhaps a point and more digits; by hand as well. */
  private static boolean isDecimal(String text) {
    int begin = text.startsWith("-") ? 1 : 0;
    int point = text.indexOf('.');
    return point < 0
        ? areDigits(text, begin, text.length())
        : areDigits(text, begin, point) && areDigits(text, point + 1, text.length());
  }

  private static boolean areDigits(String text, int from, int to) {
    if (to - from < 1 || to - from > LONGEST_PART_DIGITS) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static Value binary(String text, boolean single) {
    return switch (text) {
      case "NaN" -> new Value.Binary(Double.NaN);
      case "Infinity" -> new Value.Binary(Double.POSITIVE_INFINITY);
      case "-Infinity" -> new Value.Binary(Double.NEGATIVE_INFINITY);
      default -> {
        if (!FLOAT.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
          yield Special.UNKNOWN;
        }
        double value = single ? Float.parseFloat(text) : Double.parseDouble(text);
        yield Double.isFinite(value) ? new Value.Binary(value) : Special.UNKNOWN;
      }
    };
  }

  private static Value uuid(String text) {
    return DASHED_UUID.matcher(text).matches()
        ? new Value.Bytes(text.replace("-", ""))
        : Special.UNKNOWN;
  }

  private static Value bytes(String text) {
    return HEX_BYTES.matcher(text).matches() ? new Value.Bytes(text.substring(2)) : Special.UNKNOWN;
  }

  private static Value date(String text) {
    if (isInfinite(text)) {
      return infinite(text);
    }
    Matcher day = DAY.matcher(text);
    return day.matches() ? wholeDays(day) : Special.UNKNOWN;
  }

  private static Value wholeDays(Matcher day) {
    try {
      int year = Integer.parseInt(day.group(1));
      LocalDate date =
          LocalDate.of(year, Integer.parseInt(day.group(2)), Integer.parseInt(day.group(3)));
      return year < 1 ? Special.UNKNOWN : new Value.Whole(date.toEpochDay());
    } catch (DateTimeException e) {
      return Special.UNKNOWN;
    }
  }

  private static Value moment(String text, boolean withZone) {
    if (isInfinite(text)) {
      return infinite(text);
    }
    Matcher moment = MOMENT.matcher(text);
    if (!moment.matches() || withZone != (moment.group(6) != null)) {
      return Special.UNKNOWN;
    }
    Matcher day = DAY.matcher(moment.group(1));
    if (!day.matches() || !(wholeDays(day) instanceof Value.Whole(long days))) {
      return Special.UNKNOWN;
    }
    long hours = Long.parseLong(moment.group(2));
    long minutes = Long.parseLong(moment.group(3));
    long seconds = Long.parseLong(moment.group(4));
    if (hours > 23 || minutes > 59 || seconds > 59) {
      return Special.UNKNOWN;
    }
    long second = days * 86_400 + hours * 3_600 + minutes * 60 + seconds;
    return new Value.Whole((second - offset(moment)) * MICROS_PER_SECOND + micros(moment));
  }

  private static long offset(Matcher moment) {
    if (moment.group(6) == null) {
      return 0;
    }
    long seconds = Long.parseLong(moment.group(7)) * 3_600 + part(moment, 8) * 60 + part(moment, 9);
    return moment.group(6).equals("-") ? -seconds : seconds;
  }

  private static long part(Matcher moment, int group) {
    String text = moment.group(group);
    return text == null ? 0 : Long.parseLong(text);
  }

  private static long micros(Matcher moment) {
    String fraction = moment.group(5);
    return fraction == null ? 0 : Long.parseLong(fraction + "0".repeat(6 - fraction.length()));
  }

  private static boolean isInfinite(String text) {
    return text.equals("infinity") || text.equals("-infinity");
  }

  private static Value infinite(String text) {
    return new Value.Whole(
        text.startsWith("-") ? Value.Whole.MINUS_INFINITY : Value.Whole.INFINITY);
  }
}
