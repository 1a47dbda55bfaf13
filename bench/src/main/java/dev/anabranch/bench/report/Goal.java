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

  /** Of latencies in milliseconds: half of them, and all but a twentieth. */
  public static Goal percentiles(double p50, double p95, Summary measured) {
    return new Goal(
        words("p50", "≤", p50, "ms") + ", " + words("p95", "≤", p95, "ms"),
        measured.p50() <= p50 && measured.p95() <= p95);
  }

  /**
   * The same, with the best that somebody has published.
   *
   * @param figure theirs, and on what
   */
  public Goal published(String figure) {
    return new Goal(words + " (published: " + figure + ")", met);
  }

  private static String words(String what, String sense, double limit, String unit) {
    return String.join(" ", what, sense, ReportText.number(limit), unit).strip();
  }

  /** The goal and how it went. */
  public String inWords() {
    return words + (met ? ": met" : ": missed");
  }
}
