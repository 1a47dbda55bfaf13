package dev.anabranch.gateway.wire;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

/**
 * The session settings that decide how Postgres would have written a value that it sent in binary.
 *
 * @param isoDates whether DateStyle is ISO, the only style written here
 * @param timeZone the session's, when it is one that Java knows too
 * @param hexBytea whether bytea_output is hex
 */
public record SpellingSettings(boolean isoDates, Optional<ZoneId> timeZone, boolean hexBytea) {

  public static SpellingSettings of(String dateStyle, String timeZone, String byteaOutput) {
    return new SpellingSettings(
        dateStyle.toUpperCase(Locale.ROOT).startsWith("ISO"),
        zone(timeZone),
        byteaOutput.equalsIgnoreCase("hex"));
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
