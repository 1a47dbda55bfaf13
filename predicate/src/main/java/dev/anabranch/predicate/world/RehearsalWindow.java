package dev.anabranch.predicate.world;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * When something ran. A moment inside it that was written then is a reading of the clock, not data:
 * no row that was there before says a time that had not come. A row may well say a day.
 *
 * @param zone the session's time zone, for moments that name none
 */
public record RehearsalWindow(Instant from, Instant to, ZoneId zone) {

  /** Holds no moment. */
  public static final RehearsalWindow NEVER =
      new RehearsalWindow(Instant.EPOCH, Instant.EPOCH.minusSeconds(1), ZoneOffset.UTC);

  private static final DateTimeFormatter MOMENT =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd")
          .optionalStart()
          .appendPattern("[' ']['T']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffset("+HH:mm", "+00")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HH", "Z")
          .optionalEnd()
          .toFormatter(java.util.Locale.ROOT);

  private static final DateTimeFormatter DIGITS = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");

  private static final Pattern NUMBER = Pattern.compile("\\d{8,16}|\\d{10}\\.\\d{1,9}");

  /** The session's zone; UTC when its name says nothing here. */
  public static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      return ZoneOffset.UTC;
    }
  }

  /** What a text may have to do with the clock of what ran then. */
  public enum Reading {
    /** Nothing: it is no time in the window. */
    NONE,
    /** It may be the clock's, and as well a row's: its day, or a whole second in it. */
    PERHAPS,
    /** It can be nothing else than the clock's: a moment in it, to a fraction of a second. */
    SURELY;

    /** Of one that two texts have in common. */
    public Reading and(Reading other) {
      return compareTo(other) < 0 ? this : other;
    }
  }

  /** How a date or a moment, as Postgres or JSON spells it, was read from the clock. */
  public Reading reading(String text) {
    return reading(read(text));
  }

  /** The same, also where it is spelled as a number. */
  public Reading readingOrNumber(String text) {
    return reading(read(text).or(() -> readNumber(text)));
  }

  private Reading reading(Optional<TemporalAccessor> read) {
    return read.isEmpty()
        ? Reading.NONE
        : switch (read.get()) {
          case OffsetDateTime moment -> reading(holds(moment.toInstant()), moment);
          case LocalDateTime local ->
              reading(
                  holds(local.atZone(zone).toInstant()) || holds(local.toInstant(ZoneOffset.UTC)),
                  local);
          case LocalDate date ->
              isDay(date, zone) || isDay(date, ZoneOffset.UTC) ? Reading.PERHAPS : Reading.NONE;
          default -> Reading.NONE;
        };
  }

  private static Reading reading(boolean held, TemporalAccessor moment) {
    boolean whole = moment.get(ChronoField.NANO_OF_SECOND) == 0;
    return !held ? Reading.NONE : whole ? Reading.PERHAPS : Reading.SURELY;
  }

  /** A moment that is cut or rounded to its second, or its millisecond, may lie just outside. */
  private boolean holds(Instant moment) {
    Duration cut =
        moment.truncatedTo(ChronoUnit.SECONDS).equals(moment)
            ? Duration.ofSeconds(1)
            : Duration.ofMillis(1);
    return !from.isAfter(to) && !moment.isBefore(from.minus(cut)) && !moment.isAfter(to.plus(cut));
  }

  private boolean isDay(LocalDate date, ZoneId in) {
    return !from.isAfter(to)
        && !date.isBefore(LocalDate.ofInstant(from, in))
        && !date.isAfter(LocalDate.ofInstant(to, in));
  }

  /**
   * A number that people make of a moment: digits of a date, with the time or without, or what has
   * passed since 1970 in seconds, milliseconds or microseconds.
   */
  private static Optional<TemporalAccessor> readNumber(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return switch (text.length()) {
        case 8 -> Optional.of(LocalDate.parse(text, DateTimeFormatter.BASIC_ISO_DATE));
        case 14 -> Optional.of(LocalDateTime.parse(text, DIGITS));
        case 10 -> Optional.of(since1970(new BigDecimal(text)));
        case 13 -> Optional.of(since1970(new BigDecimal(text).movePointLeft(3)));
        case 16 -> Optional.of(since1970(new BigDecimal(text).movePointLeft(6)));
        default ->
            text.indexOf('.') == 10
                ? Optional.of(since1970(new BigDecimal(text)))
                : Optional.empty();
      };
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static OffsetDateTime since1970(BigDecimal seconds) {
    long whole = seconds.longValue();
    long nanos = seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue();
    return Instant.ofEpochSecond(whole, nanos).atOffset(ZoneOffset.UTC);
  }

  private static Optional<TemporalAccessor> read(String text) {
    try {
      return Optional.of(
          MOMENT.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
