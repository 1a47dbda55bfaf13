package dev.anabranch.predicate.footprint;

import java.util.Locale;
import java.util.Set;

/**
 * Finds out whether a statement's text may stand for all columns of a table. An asterisk in a
 * comment, in a literal, between two operands or in {@code count(*)} does not; any other does, and
 * any that is not surely one of these.
 */
final class Stars {

  /** Words after which an asterisk stands for columns, and is no multiplication. */
  private static final Set<String> BEFORE_COLUMNS =
      Set.of("select", "distinct", "all", "returning");

  private static final String COUNT = "count";

  /** What stands before the place that is read. */
  private enum Before {
    OPERAND,
    WORD_BEFORE_COLUMNS,
    CALL_OF_COUNT,
    OTHER
  }

  private final String sql;
  private int place;
  private Before before = Before.OTHER;
  private boolean afterCount;
  private boolean found;

  private Stars(String sql) {
    this.sql = sql;
  }

  static boolean mayBeIn(String sql) {
    Stars stars = new Stars(sql);
    while (!stars.found && stars.place < sql.length()) {
      stars.next();
    }
    return stars.found;
  }

  private void next() {
    char c = sql.charAt(place);
    if (Character.isWhitespace(c)) {
      place++;
    } else if (sql.startsWith("--", place)) {
      int end = sql.indexOf('\n', place);
      place = end < 0 ? sql.length() : end + 1;
    } else if (sql.startsWith("/*", place)) {
      comment();
    } else if (c == '\'' || c == '"') {
      quoted(c);
    } else if (c == '$') {
      dollar();
    } else if (isOfWord(c)) {
      word();
    } else if (c == '*') {
      star();
    } else {
      before = c == '(' && afterCount ? Before.CALL_OF_COUNT : Before.OTHER;
      if (c == ']') {
        before = Before.OPERAND;
      }
      afterCount = false;
      place++;
    }
  }

  private static boolean isOfWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c > 127;
  }

  private void comment() {
    int depth = 0;
    do {
      if (sql.startsWith("/*", place)) {
        depth++;
        place += 2;
      } else if (sql.startsWith("*/", place)) {
        depth--;
        place += 2;
      } else {
        place++;
      }
    } while (depth > 0 && place < sql.length());
    found = depth > 0;
  }

  /** Where a backslash stands in it, settings decide where it ends. */
  private void quoted(char quote) {
    int end = sql.indexOf(quote, place + 1);
    if (end < 0 || (quote == '\'' && sql.substring(place, end).indexOf('\\') >= 0)) {
      found = sql.indexOf('*') >= 0;
      place = sql.length();
      return;
    }
    place = end + 1;
    operand();
  }

  /** A parameter, or text between two tags. */
  private void dollar() {
    int end = place + 1;
    while (end < sql.length() && isOfWord(sql.charAt(end))) {
      end++;
    }
    boolean opens = end < sql.length() && sql.charAt(end) == '$';
    boolean numbered = end > place + 1 && Character.isDigit(sql.charAt(place + 1));
    if (opens && !numbered) {
      String tag = sql.substring(place, end + 1);
      int closing = sql.indexOf(tag, end + 1);
      found = closing < 0;
      place = closing < 0 ? sql.length() : closing + tag.length();
    } else {
      place = end;
    }
    operand();
  }

  private void word() {
    int end = place;
    while (end < sql.length() && (isOfWord(sql.charAt(end)) || sql.charAt(end) == '$')) {
      end++;
    }
    String word = sql.substring(place, end).toLowerCase(Locale.ROOT);
    place = end;
    before = BEFORE_COLUMNS.contains(word) ? Before.WORD_BEFORE_COLUMNS : Before.OPERAND;
    afterCount = word.equals(COUNT);
  }

  private void operand() {
    before = Before.OPERAND;
    afterCount = false;
  }

  private void star() {
    place++;
    found =
        switch (before) {
          case OPERAND -> false;
          case WORD_BEFORE_COLUMNS -> true;
          case CALL_OF_COUNT -> !sql.substring(place).stripLeading().startsWith(")");
          case OTHER -> true;
        };
    before = Before.OTHER;
    afterCount = false;
  }
}
