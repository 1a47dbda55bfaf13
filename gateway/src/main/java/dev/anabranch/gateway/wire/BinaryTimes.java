package dev.anabranch.gateway.wire;

import dev.anabranch.gateway.wire.RowDecoder.CellReader;
import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Binary dates, times and intervals as Postgres's text. */
final class BinaryTimes {

  private static final LocalDateTime POSTGRES_EPOCH = LocalDateTime.of(2000, 1, 1, 0, 0);
  private static final long MICROS_PER_HOUR = 3_600_000_000L;
  private static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

  private BinaryTimes() {}

  static String date(int days) {
    if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
      return days > 0 ? "infinity" : "-infinity";
    }
    return withEra(POSTGRES_EPOCH.toLocalDate().plusDays(days), "");
  }

  static String time(long micros) {
    return micros == MICROS_PER_DAY ? "24:00:00" : clock(LocalTime.ofNanoOfDay(micros * 1000));
  }

  static String timeWithZone(long micros, int secondsWest) {
    return time(micros) + shortOffset(ZoneOffset.ofTotalSeconds(-secondsWest));
  }

  static String timestamp(long micros) {
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      return micros > 0 ? "infinity" : "-infinity";
    }
    LocalDateTime moment = POSTGRES_EPOCH.plus(micros, ChronoUnit.MICROS);
    return withEra(moment.toLocalDate(), " " + clock(moment.toLocalTime()));
  }

  static CellReader timestampWithZone(SpellingSettings form) {
    if (!form.isoDates() || form.timeZone().isEmpty()) {
      return in -> null;
    }
    ZoneId zone = form.timeZone().get();
    return BinaryCells.sized(
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

  /** IntervalStyle postgres: {@code 1 year -2 mons +3 days -04:05:06.7}. */
  static String interval(ByteBuf in) {
    long micros = in.readLong();
    int days = in.readInt();
    int months = in.readInt();
    if (micros == Long.MAX_VALUE && days == Integer.MAX_VALUE && months == Integer.MAX_VALUE) {
      return "infinity";
    }
    if (micros == Long.MIN_VALUE && days == Integer.MIN_VALUE && months == Integer.MIN_VALUE) {
      return "-infinity";
    }
    StringBuilder text = new StringBuilder();
    boolean negative = part(text, months / 12, "year", false);
    negative = part(text, months % 12, "mon", negative);
    negative = part(text, days, "day", negative);
    if (micros != 0 || text.isEmpty()) {
      text.append(text.isEmpty() ? "" : " ");
      text.append(micros < 0 ? "-" : negative ? "+" : "");
      // Each part by itself, for the smallest number has no positive.
      text.append(
          String.format(
              Locale.ROOT,
              "%02d:%02d:%02d",
              Math.abs(micros / MICROS_PER_HOUR),
              Math.abs(micros / 60_000_000 % 60),
              Math.abs(micros / 1_000_000 % 60)));
      text.append(fraction((int) Math.abs(micros % 1_000_000)));
    }
    return text.toString();
  }

  /** Appends a part that is not zero; returns whether the last part was negative. */
  private static boolean part(StringBuilder text, int count, String unit, boolean negative) {
    if (count == 0) {
      return negative;
    }
    text.append(text.isEmpty() ? "" : " ").append(negative && count > 0 ? "+" : "");
    text.append(count).append(' ').append(unit).append(count == 1 ? "" : "s");
    return count < 0;
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
    return whole + fraction(time.getNano() / 1000);
  }

  private static String fraction(int micros) {
    if (micros == 0) {
      return "";
    }
    String fraction = String.format(Locale.ROOT, ".%06d", micros);
    int end = fraction.length();
    while (fraction.charAt(end - 1) == '0') {
      end--;
    }
    return fraction.substring(0, end);
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
