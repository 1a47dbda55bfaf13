package dev.anabranch.ledger;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was asked, with all that gives it meaning.
 *
 * @param sql the statement as sent, one statement
 * @param parameters bound values, in order
 * @param settings every session setting that changes meaning, by lower-case name: role,
 *     search_path, timezone, datestyle, intervalstyle, extra_float_digits, bytea_output,
 *     transaction_isolation; and the pseudo-settings {@link #TEMPORARY}, {@link #SET_BY_WORDS},
 *     {@link #APPLICATION} and {@link #UNKNOWN}. Empty only in entries of earlier versions, where
 *     they were not known. Not copied, since all answers of a session share them: whoever gives
 *     them changes them no more
 */
public record Question(String sql, List<Parameter> parameters, SortedMap<String, String> settings) {

  /** A pseudo-setting: the names of the session's temporary tables, quoted, between commas. */
  public static final String TEMPORARY = "anabranch.temporary";

  /**
   * A pseudo-setting: a clause that says why the settings are not known, and with them what the
   * statement meant. Then it is the only one.
   */
  public static final String UNKNOWN = "anabranch.unknown";

  /**
   * A pseudo-setting: the names, between commas, of settings that the session's own words have set
   * or reset since code last ran in it that may have set any; {@code *} for all.
   */
  public static final String SET_BY_WORDS = "anabranch.set";

  /** A pseudo-setting: the session's application_name, which gives a statement no meaning. */
  public static final String APPLICATION = "anabranch.application";

  private static final Pattern QUOTED_OR_NOT =
      Pattern.compile("\"(?<quoted>(?:[^\"]|\"\")*)\"|[^,\"]+");

  /** Takes copies. */
  public Question {
    parameters = List.copyOf(parameters);
    settings = Collections.unmodifiableSortedMap(settings);
  }

  /** Names of the session's temporary tables, without quotes. */
  public List<String> temporary() {
    Matcher name = QUOTED_OR_NOT.matcher(settings.getOrDefault(TEMPORARY, ""));
    List<String> names = new ArrayList<>();
    while (name.find()) {
      names.add(
          name.group("quoted") == null ? name.group() : name.group("quoted").replace("\"\"", "\""));
    }
    return names;
  }

  /** Whether the session's own words may have given a setting the value that it has. */
  public boolean isSetByWords(String name) {
    List<String> names = List.of(settings.getOrDefault(SET_BY_WORDS, "").split(",", -1));
    return names.contains("*") || names.contains(name);
  }

  /** The settings that give the statement a meaning. */
  public SortedMap<String, String> meaningfulSettings() {
    if (!settings.containsKey(APPLICATION)) {
      return settings;
    }
    SortedMap<String, String> meaningful = new TreeMap<>(settings);
    meaningful.remove(APPLICATION);
    return meaningful;
  }

  /** Why it is not known what the statement meant, in one clause; empty when it is known. */
  public Optional<String> unknown() {
    return settings.isEmpty()
        ? Optional.of("its session's settings could not be read, and with them what its names mean")
        : Optional.ofNullable(settings.get(UNKNOWN));
  }
}
