package dev.anabranch.gateway.relay;

import dev.anabranch.ledger.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts a query text into statements the way Postgres's own lexer finds their ends (PostgreSQL
 * documentation, "Lexical Structure"): semicolons outside of quotes, dollar quotes, comments and
 * parentheses.
 */
final class SqlText {

  /**
   * Words that may stand before a parenthesis in a statement that only reads: syntax, types, and
   * pure functions.
   */
  private static final Set<String> PLAIN_BEFORE_PARENTHESIS =
      Set.of(
          "explain",
          "select",
          "from",
          "where",
          "and",
          "or",
          "not",
          "in",
          "on",
          "as",
          "any",
          "all",
          "some",
          "exists",
          "values",
          "when",
          "then",
          "else",
          "case",
          "by",
          "having",
          "over",
          "filter",
          "using",
          "union",
          "except",
          "intersect",
          "join",
          "lateral",
          "limit",
          "offset",
          "distinct",
          "between",
          "like",
          "ilike",
          "is",
          "row",
          "array",
          "cast",
          "numeric",
          "decimal",
          "varchar",
          "char",
          "character",
          "timestamp",
          "timestamptz",
          "time",
          "interval",
          "bit",
          "sets",
          "rollup",
          "cube",
          "group",
          "within",
          "materialized",
          "with",
          "fetch",
          "first",
          "next",
          "extract",
          "count",
          "sum",
          "avg",
          "min",
          "max",
          "bool_and",
          "bool_or",
          "every",
          "array_agg",
          "string_agg",
          "json_agg",
          "jsonb_agg",
          "coalesce",
          "nullif",
          "greatest",
          "least",
          "lower",
          "upper",
          "length",
          "trim",
          "btrim",
          "ltrim",
          "rtrim",
          "substring",
          "substr",
          "position",
          "replace",
          "concat",
          "concat_ws",
          "left",
          "right",
          "abs",
          "round",
          "floor",
          "ceil",
          "ceiling",
          "trunc",
          "mod",
          "power",
          "sqrt",
          "now",
          "date_trunc",
          "date_part",
          "to_char",
          "to_date",
          "to_timestamp",
          "to_number",
          "age",
          "row_number",
          "rank",
          "dense_rank",
          "lag",
          "lead",
          "first_value",
          "last_value",
          "generate_series",
          "unnest",
          "current_setting",
          "version");

  /** What a Sync does that ends a transaction of its own. */
  static final SqlStatement COMMIT =
      new SqlStatement(
          "COMMIT", List.of("commit"), Set.of("commit"), true, Optional.empty(), Set.of());

  /** A text of more statements, or of more different words in them, is not read. */
  static final int MOST_STATEMENTS = 10_000;

  private static final int MOST_WORDS = 50_000;

  /** No word that matters is longer. */
  private static final int LONGEST_WORD = 63;

  private final String sql;
  private final boolean standardStrings;
  private final List<SqlStatement> statements = new ArrayList<>();
  private List<String> words = new ArrayList<>();
  private Set<String> mentioned = new HashSet<>();
  private Set<String> quoted = new HashSet<>();
  private boolean stillFirstWords = true;
  private boolean plainCalls = true;
  private String lastWord = "";
  private boolean empty = true;
  private Optional<Task.Traced> trace = Optional.empty();
  private int start;
  private int at;
  private int depth;
  private int differentWords;
  private boolean doubtful;
  private String sought = "";
  private final List<Integer> places = new ArrayList<>();

  private SqlText(String sql, boolean standardStrings) {
    this.sql = sql;
    this.standardStrings = standardStrings;
  }

  /**
   * The statements of a text, leaving out empty ones; nothing when it can't be told where they end.
   *
   * @param standardStrings the session's standard_conforming_strings
   */
  static Optional<List<SqlStatement>> statements(String sql, boolean standardStrings) {
    SqlText text = new SqlText(sql, standardStrings);
    text.scan();
    return text.doubtful ? Optional.empty() : Optional.of(List.copyOf(text.statements));
  }

  /** What stands between a parenthesis and the one that closes it. */
  static Optional<String> parenthesised(String sql, int at, boolean standardStrings) {
    SqlText text = new SqlText(sql, standardStrings);
    text.at = at;
    do {
      text.step();
    } while (text.depth > 0 && text.at < sql.length() && !text.doubtful);
    return text.doubtful || text.depth != 0
        ? Optional.empty()
        : Optional.of(sql.substring(at + 1, text.at - 1));
  }

  /**
   * Where a word stands that is neither quoted nor commented out; nothing when it can't be told.
   */
  static Optional<List<Integer>> places(String sql, String word, boolean standardStrings) {
    SqlText text = new SqlText(sql, standardStrings);
    text.sought = word;
    text.scan();
    return text.doubtful ? Optional.empty() : Optional.of(List.copyOf(text.places));
  }

  private void scan() {
    while (at < sql.length() && !doubtful) {
      step();
    }
    giveTraceToLast();
    endStatement(sql.length());
    doubtful |= depth != 0;
  }

  private void step() {
    char c = sql.charAt(at);
    if (Character.isWhitespace(c)) {
      at++;
    } else if (startsWith("--")) {
      int end = sql.indexOf('\n', at);
      at = end < 0 ? sql.length() : end + 1;
    } else if (startsWith("/*")) {
      skipComment();
    } else if (c == ';' && depth <= 0) {
      endStatement(at);
      at++;
      start = at;
    } else {
      token(c);
    }
  }

  /** A comment behind the last semicolon is about what stands before it. */
  private void giveTraceToLast() {
    if (empty && trace.isPresent() && !statements.isEmpty()) {
      SqlStatement last = statements.removeLast();
      statements.add(last.trace().isPresent() ? last : last.withTrace(trace));
    }
  }

  private void token(char c) {
    boolean isWord = isWordStart(c);
    empty = false;
    if (isWord) {
      word();
      return;
    }
    stillFirstWords = false;
    switch (c) {
      case '\'' -> quoted('\'', !standardStrings);
      case '"' -> quotedName();
      case '$' -> dollar();
      case '(' -> {
        plainCalls &= lastWord.isEmpty() || PLAIN_BEFORE_PARENTHESIS.contains(lastWord);
        depth++;
        at++;
      }
      case ')' -> {
        depth--;
        at++;
      }
      default -> {
        // Digits take their letters with them, so that 1e5 is no word.
        at++;
        while (Character.isDigit(c) && at < sql.length() && isWordPart(sql.charAt(at))) {
          at++;
        }
      }
    }
    // A quoted name before a parenthesis is a call that can't be told.
    lastWord = c == '"' ? "\"" : "";
  }

  private void word() {
    int from = at;
    while (at < sql.length() && isWordPart(sql.charAt(at))) {
      at++;
    }
    String word = sql.substring(from, Math.min(at, from + LONGEST_WORD)).toLowerCase(Locale.ROOT);
    boolean quoteFollows = at < sql.length() && sql.charAt(at) == '\'';
    if (quoteFollows
        && (word.equals("e") || word.equals("b") || word.equals("x") || word.equals("n"))) {
      quoted('\'', word.equals("e") || !standardStrings);
      stillFirstWords = false;
      lastWord = "";
      return;
    }
    // BEGIN ATOMIC opens a body with semicolons of its own.
    doubtful |= word.equals("atomic") && lastWord.equals("begin");
    if (stillFirstWords) {
      words.add(word);
    }
    if (word.equals(sought)) {
      places.add(from);
    }
    differentWords += mentioned.add(word) ? 1 : 0;
    doubtful |= differentWords > MOST_WORDS;
    // A function with its schema named is not the well-known one.
    lastWord = from > 0 && sql.charAt(from - 1) == '.' ? "." + word : word;
  }

  private void quotedName() {
    int from = at + 1;
    quoted('"', false);
    int end = Math.min(Math.max(from, at - 1), from + LONGEST_WORD);
    differentWords += quoted.add(sql.substring(from, end).replace("\"\"", "\"")) ? 1 : 0;
    doubtful |= differentWords > MOST_WORDS;
  }

  private void quoted(char quote, boolean backslashes) {
    at++;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == '\\' && backslashes) {
        at += 2;
      } else if (c == quote && at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
        at += 2;
      } else if (c == quote) {
        at++;
        return;
      } else {
        at++;
      }
    }
    doubtful = true;
  }

  private void dollar() {
    int end = at + 1;
    while (end < sql.length() && isWordPart(sql.charAt(end)) && sql.charAt(end) != '$') {
      end++;
    }
    boolean opens =
        end < sql.length()
            && sql.charAt(end) == '$'
            && !(end > at + 1 && Character.isDigit(sql.charAt(at + 1)));
    if (!opens) {
      at++;
      while (at < sql.length() && Character.isDigit(sql.charAt(at))) {
        at++;
      }
      return;
    }
    String delimiter = sql.substring(at, end + 1);
    int close = sql.indexOf(delimiter, end + 1);
    doubtful |= close < 0;
    at = close < 0 ? sql.length() : close + delimiter.length();
  }

  private void skipComment() {
    int from = at;
    int nested = 0;
    do {
      if (startsWith("/*")) {
        nested++;
        at += 2;
      } else if (startsWith("*/")) {
        nested--;
        at += 2;
      } else {
        at++;
      }
    } while (nested > 0 && at < sql.length());
    doubtful |= nested > 0;
    if (trace.isEmpty()) {
      trace = TraceComment.in(sql.substring(from, Math.min(at, sql.length())));
    }
  }

  private void endStatement(int end) {
    if (!empty) {
      statements.add(
          new SqlStatement(
              sql.substring(start, end).strip(), words, mentioned, plainCalls, trace, quoted));
      doubtful |= statements.size() > MOST_STATEMENTS;
    }
    trace = Optional.empty();
    quoted = new HashSet<>();
    words = new ArrayList<>();
    mentioned = new HashSet<>();
    stillFirstWords = true;
    plainCalls = true;
    lastWord = "";
    empty = true;
  }

  private boolean startsWith(String token) {
    return sql.startsWith(token, at);
  }

  private static boolean isWordStart(char c) {
    return Character.isLetter(c) || c == '_' || c > 127;
  }

  private static boolean isWordPart(char c) {
    return isWordStart(c) || Character.isDigit(c) || c == '$';
  }
}
