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

  /** Stands for every name. */
  static final String ALL = "*";

  private static final Pattern WORDS =
      Pattern.compile(
          "(?:set\\s+(?:session\\s+(?!authorization)|local\\s+)?|reset\\s+|discard\\s+)"
              + "(?<name>time\\s+zone|xml\\s+option|session\\s+authorization"
              + "|[a-z_][a-z0-9_$]*(?:\\.[a-z_][a-z0-9_$]*)*)\\b.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

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

  /** The names of all that a statement may set or take back by its words; {@link #ALL} for all. */
  static List<String> inWords(SqlStatement statement) {
    Matcher words = WORDS.matcher(statement.text());
    if (!words.matches()) {
      return List.of();
    }
    String name = words.group("name").toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    return switch (name) {
      case "all", "plans", "sequences", "temp", "temporary" ->
          name.equals("all") ? List.of(ALL) : List.of();
      case "time zone" -> List.of("timezone");
      case "schema" -> List.of("search_path");
      case "xml option" -> List.of("xmloption");
      case "session authorization" -> List.of("role", "search_path");
      default -> List.of(name);
    };
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
