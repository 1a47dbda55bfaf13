package dev.anabranch.gateway.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

  /**
   * Settings that come with Postgres, are not asked for anyway, and can change what a query
   * answers.
   */
  static final Set<String> MEANINGFUL =
      Set.of(
          "array_nulls",
          "backslash_quote",
          "default_text_search_config",
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

  /** The name that SET sets, in lower case, if it matters. */
  static List<String> setBy(SqlStatement statement) {
    Matcher set = SET.matcher(statement.text());
    return set.matches()
        ? Stream.of(set.group("name").toLowerCase(Locale.ROOT))
            .filter(SettingNames::matters)
            .toList()
        : List.of();
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
