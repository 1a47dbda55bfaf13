package dev.anabranch.base;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people type them: {@code 90m}, {@code 12h}, {@code 1d12h}, {@code 4w}. */
public final class Durations {

  private static final Pattern WHOLE = Pattern.compile("(\\d{1,6}[smhdw])+");
  private static final Pattern PART = Pattern.compile("(\\d{1,6})([smhdw])");
  private static final int DAYS_A_WEEK = 7;

  private Durations() {}

  /** Empty when the text is no duration. */
  public static Optional<Duration> parse(String text) {
    if (!WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      long number = Long.parseLong(part.group(1));
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                case "d" -> Duration.ofDays(number);
                default -> Duration.ofDays(number * DAYS_A_WEEK);
              });
    }
    return Optional.of(sum);
  }
}
