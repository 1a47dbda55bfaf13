package dev.anabranch.gateway.wire;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The session settings that decide how Postgres would have written a value that it sent in binary.
 *
 * @param isoDates whether DateStyle is ISO, the only style written here
 * @param timeZone the session's, when it is one that Java knows too
 * @param hexBytea whether bytea_output is hex
 * @param shortestFloats whether extra_float_digits lets floats be written in full
 * @param plainIntervals whether IntervalStyle is postgres, the only style written here
 */
public record SpellingSettings(
    boolean isoDates,
    Optional<ZoneId> timeZone,
    boolean hexBytea,
    boolean shortestFloats,
    boolean plainIntervals) {

  /** Nothing is known, so no type whose text depends on settings is read. */
  public static final SpellingSettings UNKNOWN = of(Map.of());

  /**
   * @param settings the session's, by lower-case name
   */
  public static SpellingSettings of(Map<String, String> settings) {
    return new SpellingSettings(
        settings.getOrDefault("datestyle", "").toUpperCase(Locale.ROOT).startsWith("ISO"),
        zone(settings.getOrDefault("timezone", "")),
        settings.getOrDefault("bytea_output", "").equalsIgnoreCase("hex"),
        settings.getOrDefault("extra_float_digits", "").matches("[1-9]"),
        settings.getOrDefault("intervalstyle", "").equalsIgnoreCase("postgres"));
  }

  private static Optional<ZoneId> zone(String name) {
    try {
      // Postgres reads "+02" and "UTC+2" with the sign turned round (POSIX); region names mean the
      // same to both.
      boolean offset = name.contains("+") || (name.contains("-") && !name.contains("/"));
      return offset ? Optional.empty() : Optional.of(ZoneId.of(name));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
