package dev.anabranch.gateway.relay;

import dev.anabranch.ledger.Question;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What gave a statement its meaning at one moment: its session's settings, or why they are not
 * known.
 *
 * @param settings as {@link Question#settings()} has them; not changed any more
 */
record Circumstances(SortedMap<String, String> settings) {

  /**
   * Settings by which Postgres reads constants when it parses a statement, and perhaps not again
   * when it runs it.
   */
  private static final List<String> FIXED_WHEN_PARSED =
      List.of(
          "timezone",
          "datestyle",
          "intervalstyle",
          "transform_null_equals",
          "array_nulls",
          "default_text_search_config",
          "lc_monetary",
          "timezone_abbreviations",
          "xmloption",
          "standard_conforming_strings",
          "backslash_quote");

  /**
   * @param why one clause, for people
   */
  static Circumstances unknown(String why) {
    return new Circumstances(
        Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(Question.UNKNOWN, why))));
  }

  boolean known() {
    return !settings.containsKey(Question.UNKNOWN);
  }

  /** Of a statement that was parsed under these and begins to run under others. */
  Circumstances runUnder(Circumstances later) {
    if (isLike(later) || !known()) {
      return this;
    }
    if (!later.known()) {
      return later;
    }
    Optional<String> moved =
        FIXED_WHEN_PARSED.stream()
            .filter(name -> !value(name).equals(later.value(name)))
            .findFirst();
    return moved
        .map(name ->
            unknown(
                "it was prepared under another "
                    + name
                    + " than it ran under, and Postgres may have read its constants under either"))
        .orElse(later);
  }

  /** Of a statement that began to run under these and ended under others. */
  Circumstances endedUnder(Circumstances later) {
    if (isLike(later) || !known()) {
      return this;
    }
    return later.known()
        ? unknown("its session's settings were changed while its rows were being read")
        : later;
  }

  private boolean isLike(Circumstances other) {
    return settings.equals(other.settings);
  }

  private String value(String name) {
    return settings.getOrDefault(name, "");
  }
}
