package dev.anabranch.bench.report;

/**
 * What a figure should be. A missed goal is news and no failure: no build breaks on a slow machine.
 *
 * @param words the goal, such as {@code p50 ≤ 60 ms}
 * @param met whether this run met it
 */
public record Goal(String words, boolean met) {

  public static Goal atMost(String what, double limit, String unit, double measured) {
    return new Goal(words(what, "≤", limit, unit), measured <= limit);
  }

  public static Goal atLeast(String what, double limit, String unit, double measured) {
    return new Goal(words(what, "≥", limit, unit), measured >= limit);
  }

  private static String words(String what, String sense, double limit, String unit) {
    return String.join(" ", what, sense, ReportText.number(limit), unit).strip();
  }

  /** The goal and how it went. */
  public String inWords() {
    return words + (met ? ": met" : ": missed");
  }
}
