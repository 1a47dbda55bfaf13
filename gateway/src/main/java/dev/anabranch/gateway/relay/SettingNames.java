package dev.anabranch.gateway.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which settings a statement sets, told from its text. Applications keep things such as a tenant in
 * settings of their own and row security reads them, so those belong to what an answer means.
 */
final class SettingNames {

  private static final Pattern SET =
      Pattern.compile(
          "set\\s+(?:session\\s+|local\\s+)?(?<name>[a-z_][a-z0-9_$]*(?:\\.[a-z_][a-z0-9_$]*)*)\\s*(?:=|\\sto\\s).*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern OPTION =
      Pattern.compile("(?:-c\\s*|--)(?<name>[A-Za-z_][A-Za-z0-9_$.-]*)=");
  private static final Pattern SET_CONFIG =
      Pattern.compile(
          "set_config\\s*\\(\\s*(?:'(?<name>[a-z_][a-z0-9_$.]*)'\\s*,)?", Pattern.CASE_INSENSITIVE);

  /**
   * Settings that come with Postgres, are not asked for anyway, and can change what a query
   * answers.
   */
  private static final Set<String> MEANINGFUL =
      Set.of(
          "array_nulls",
          "backslash_quote",
          "default_text_search_config",
          "lc_messages",
          "lc_monetary",
          "lc_numeric",
          "lc_time",
          "quote_all_identifiers",
          "row_security",
          "standard_conforming_strings",
          "timezone_abbreviations",
          "transform_null_equals",
          "xmlbinary",
          "xmloption");

  private SettingNames() {}

  /** The names that matter, in lower case; nothing when it can't be told which are set. */
  static Optional<List<String>> setBy(SqlStatement statement) {
    List<String> names = new ArrayList<>();
    Matcher set = SET.matcher(statement.text());
    if (set.matches()) {
      names.add(set.group("name"));
    }
    if (statement.mentioned().contains("set_config")) {
      Matcher calls = SET_CONFIG.matcher(statement.text());
      while (calls.find()) {
        if (calls.group("name") == null) {
          return Optional.empty();
        }
        names.add(calls.group("name"));
      }
    }
    if (statement.words().contains("authorization")) {
      return Optional.empty();
    }
    return Optional.of(
        names.stream().map(n -> n.toLowerCase(Locale.ROOT)).filter(SettingNames::matters).toList());
  }

  /**
   * The names that matter among a client's start-up parameters, one of which ({@code options})
   * holds others.
   */
  static List<String> startedWith(Map<String, String> parameters) {
    List<String> names = new ArrayList<>(parameters.keySet());
    Matcher options = OPTION.matcher(parameters.getOrDefault("options", ""));
    while (options.find()) {
      names.add(options.group("name").replace('-', '_'));
    }
    return names.stream()
        .map(n -> n.toLowerCase(Locale.ROOT))
        .filter(SettingNames::matters)
        .toList();
  }

  /** Settings of applications have a dot in their name. */
  private static boolean matters(String name) {
    return MEANINGFUL.contains(name) || (name.indexOf('.') > 0 && !name.startsWith("anabranch."));
  }
}
