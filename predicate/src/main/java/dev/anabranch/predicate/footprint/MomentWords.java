package dev.anabranch.predicate.footprint;

import java.util.regex.Pattern;

/**
 * Words such as 'today' that Postgres turns into the time of parsing before anyone sees the tree.
 */
final class MomentWords {

  private static final Pattern WORD = Pattern.compile("(?i)\\b(now|today|tomorrow|yesterday)\\b");

  private static final Pattern NOW = Pattern.compile("(?i)\\bnow\\b");

  /** A comment before or after the whole statement; it holds no part of it. */
  private static final Pattern AROUND =
      Pattern.compile("\\A\\s*/\\*[^*]*\\*/|/\\*[^*]*\\*/\\s*\\z");

  private static final Pattern DOLLAR_QUOTE = Pattern.compile("\\$\\w*\\$");

  private MomentWords() {}

  /** What a statement may have of such words in its literals. */
  enum Found {
    NONE,
    /** Only words for days: they mean the same all day long. */
    DAYS,
    /** Some, and no constant that one of them can be read as by itself. */
    IN_TEXT,
    ANY
  }

  /**
   * Which such words a statement may have in a literal. Where it is not plain what is a literal,
   * anywhere.
   *
   * @param clockConstant whether it has a constant of a type that a hidden word can be read as
   */
  static Found in(String sql, boolean clockConstant) {
    String statement = AROUND.matcher(sql).replaceAll("");
    boolean plain =
        statement.indexOf('\\') < 0
            && !DOLLAR_QUOTE.matcher(statement).find()
            && !statement.contains("--")
            && !statement.contains("/*")
            && statement.indexOf('"') < 0;
    if (!plain) {
      return (clockConstant && statement.indexOf('\\') >= 0) || WORD.matcher(statement).find()
          ? any(clockConstant)
          : Found.NONE;
    }
    Found found = Found.NONE;
    String[] parts = statement.split("'", -1);
    for (int i = 1; i < parts.length; i += 2) {
      if (NOW.matcher(parts[i]).find()) {
        return any(clockConstant);
      }
      found = WORD.matcher(parts[i]).find() ? Found.DAYS : found;
    }
    return found;
  }

  private static Found any(boolean clockConstant) {
    return clockConstant ? Found.ANY : Found.IN_TEXT;
  }
}
