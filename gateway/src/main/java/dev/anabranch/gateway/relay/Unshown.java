package dev.anabranch.gateway.relay;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Statements that read rows and show none of them: CREATE TABLE AS and its like, which tell how
 * many there were, and EXPLAIN ANALYZE, which tells it in a plan. What they told is an answer to
 * the query inside.
 */
final class Unshown {

  private static final String SPACE = "(?:\\s|--[^\\n]*\\n|/\\*(?:[^*]|\\*(?!/))*\\*/)";
  private static final Pattern COUNTED = Pattern.compile("SELECT [0-9]+");
  private static final Pattern EXPLAIN =
      Pattern.compile("^" + SPACE + "*explain\\b" + SPACE + "*", Pattern.CASE_INSENSITIVE);
  private static final Pattern EXPLAIN_WORD =
      Pattern.compile("\\G(?:analy[sz]e|verbose)\\b" + SPACE + "*", Pattern.CASE_INSENSITIVE);
  private static final Pattern FILLED =
      Pattern.compile(
          "\\bwith" + SPACE + "+(?:no" + SPACE + "+)?data" + SPACE + "*$",
          Pattern.CASE_INSENSITIVE);

  /** INTO and the table behind it. */
  private static final Pattern INTO =
      Pattern.compile(
          "\\Ginto\\s+(?:(?:(?:local|global)\\s+)?(?:temporary|temp)\\s+|unlogged\\s+)?(?:table\\s+)?"
              + "NAME(?:\\s*\\.\\s*NAME)*".replace("NAME", Spoken.NAME),
          Pattern.CASE_INSENSITIVE);

  private Unshown() {}

  /**
   * Whether a statement that was completed is one of them.
   *
   * @param shown whether it has rows of its own
   */
  static boolean is(SqlStatement statement, String tag, boolean shown) {
    return statement.firstWord().equals("explain")
        ? statement.runsExplained()
        : !shown
            && COUNTED.matcher(tag).matches()
            && (!statement.startsLikeReading() || statement.mentioned().contains("into"));
  }

  /** The query inside; empty when it can't be told. */
  static Optional<String> query(SqlStatement statement, boolean standardStrings) {
    return switch (statement.firstWord()) {
      case "explain" -> explained(statement.text(), standardStrings);
      case "create" -> filling(statement.text(), standardStrings);
      default -> withoutInto(statement.text(), standardStrings);
    };
  }

  private static Optional<String> explained(String text, boolean standardStrings) {
    var explain = EXPLAIN.matcher(text);
    if (!explain.find()) {
      return Optional.empty();
    }
    int at = explain.end();
    boolean listed = at < text.length() && text.charAt(at) == '(';
    if (listed && isOptions(text.substring(at + 1))) {
      return SqlText.parenthesised(text, at, standardStrings)
          .map(options -> text.substring(explain.end() + options.length() + 2));
    }
    var word = EXPLAIN_WORD.matcher(text);
    while (word.find(at)) {
      at = word.end();
    }
    return Optional.of(text.substring(at));
  }

  /** Not the parenthesis around a query. */
  private static boolean isOptions(String inside) {
    String lower = inside.strip().toLowerCase(Locale.ROOT);
    return !lower.startsWith("(") && !lower.startsWith("select") && !lower.startsWith("values");
  }

  /** AS is a reserved word: the first is the one before the query. */
  private static Optional<String> filling(String text, boolean standardStrings) {
    return SqlText.places(text, "as", standardStrings)
        .filter(places -> !places.isEmpty())
        .map(places -> text.substring(places.getFirst() + "as".length()))
        .map(query -> FILLED.matcher(query).replaceFirst(""));
  }

  /** INTO is a reserved word, too: where it stands but once, it is the one of SELECT INTO. */
  private static Optional<String> withoutInto(String text, boolean standardStrings) {
    List<Integer> places = SqlText.places(text, "into", standardStrings).orElse(List.of());
    if (places.size() != 1) {
      return Optional.empty();
    }
    var into = INTO.matcher(text);
    int at = places.getFirst();
    return into.find(at)
        ? Optional.of(text.substring(0, at) + text.substring(into.end()))
        : Optional.empty();
  }
}
