package dev.anabranch.gateway.relay;

import dev.anabranch.ledger.Task;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One statement of a query text, with what its words alone tell. Nothing that decides a verdict
 * rests on this; it tells where one statement ends, and when a session must be asked what a
 * statement did.
 *
 * @param text as sent, without the semicolon
 * @param words its first words, in lower case, until something that is no word
 * @param mentioned every word in it that is neither quoted nor commented out, in lower case
 * @param plainCalls whether every parenthesis follows a keyword or a well-known function that
 *     writes nothing
 * @param trace the trace that a comment in it names
 * @param quoted every quoted name in it
 */
record SqlStatement(
    String text,
    List<String> words,
    Set<String> mentioned,
    boolean plainCalls,
    Optional<Task.Traced> trace,
    Set<String> quoted) {

  private static final Set<String> READING_STARTS = Set.of("select", "values", "table", "with", "");
  private static final Set<String> WRITING_WORDS =
      Set.of("insert", "update", "delete", "merge", "into");
  private static final Set<String> OTHERS_OF_ROWS =
      Set.of(
          "insert", "update", "delete", "merge", "copy", "do", "call", "execute", "fetch",
          "declare", "commit", "end", "?");
  private static final Set<String> HIDDEN_DEFINITIONS =
      Set.of("create", "alter", "drop", "execute", "call");

  /** Behind which a savepoint's name stands; where the last word is one of them, it was no word. */
  private static final Set<String> OF_SAVEPOINTS =
      Set.of("savepoint", "release", "rollback", "abort", "work", "transaction", "to");

  private static final int FIRST_WORDS = 6;

  private static final Pattern CURRENT_OF =
      Pattern.compile("\\bcurrent\\s+of\\b", Pattern.CASE_INSENSITIVE);

  /** How a call without SQL is told. */
  static final String FUNCTION_CALL = "function call by OID ";

  SqlStatement {
    words = List.copyOf(words.subList(0, Math.min(words.size(), FIRST_WORDS)));
    mentioned = Set.copyOf(mentioned);
    quoted = Set.copyOf(quoted);
  }

  /** For a text that can't be cut into statements. */
  static SqlStatement unknown(String text) {
    return new SqlStatement(text, List.of("?"), Set.of(), false, Optional.empty(), Set.of());
  }

  SqlStatement withTrace(Optional<Task.Traced> found) {
    return new SqlStatement(text, words, mentioned, plainCalls, found, quoted);
  }

  String firstWord() {
    return words.isEmpty() ? "" : words.getFirst();
  }

  /** Every word, without quotes, that may be a name: not the keyword that it begins with. */
  Stream<String> names() {
    return mentioned.stream().filter(word -> !word.equals(firstWord()) || standsTwice(word));
  }

  private boolean standsTwice(String word) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.indexOf(word) != lower.lastIndexOf(word);
  }

  /** Surely writes nothing, unless a view, a rule or row security hides a function that does. */
  boolean plainlyReads() {
    return READING_STARTS.contains(firstWord())
        && plainCalls
        && Collections.disjoint(mentioned, WRITING_WORDS);
  }

  boolean startsLikeReading() {
    return READING_STARTS.contains(firstWord());
  }

  /** Reads or writes rows, or runs code that may, as opposed to what is about the catalogs. */
  boolean isOfRows() {
    return startsLikeReading() || OTHERS_OF_ROWS.contains(firstWord());
  }

  boolean isUnknown() {
    return firstWord().equals("?");
  }

  /** Asks for data, as opposed to plans and settings. */
  boolean asksForData() {
    return !firstWord().equals("show") && !firstWord().equals("explain");
  }

  /** A plan writes nothing unless it was run (ANALYZE); it is told as an effect only then. */
  boolean mayWrite() {
    if (!firstWord().equals("explain")) {
      return true;
    }
    return runsExplained()
        && (!plainCalls
            || mentioned.contains("execute")
            || !Collections.disjoint(mentioned, WRITING_WORDS));
  }

  /** EXPLAIN ANALYZE. */
  boolean runsExplained() {
    return firstWord().equals("explain")
        && (mentioned.contains("analyze") || mentioned.contains("analyse"));
  }

  /** Whether what it asks stands inside what it does with it. */
  boolean hidesQuery() {
    return switch (firstWord()) {
      case "explain", "create" -> true;
      default -> startsLikeReading() && mentioned.contains("into");
    };
  }

  /** Why it can't be asked again as it is, in one clause; empty when it can. */
  Optional<String> whyNotAskable() {
    return switch (firstWord()) {
      case "execute" -> Optional.of("it ran what its session had prepared before");
      case "fetch", "move" ->
          Optional.of("it read on in a cursor that its session had opened before");
      case "create" ->
          Optional.of("it filled a table from a query that can't be told apart from it")
              .filter(ignored -> mentioned.contains("as"));
      case "?" ->
          Optional.of(
              text.startsWith(FUNCTION_CALL)
                  ? "it called a function without SQL, as for large objects"
                  : "it was too long, or can't be told apart from others in its text");
      default ->
          mentioned.contains("current") && CURRENT_OF.matcher(text).find()
              ? Optional.of("it is about the row at which a cursor of its session stood")
              : Optional.empty();
    };
  }

  boolean isRollbackToSavepoint() {
    return (firstWord().equals("rollback") || firstWord().equals("abort"))
        && mentioned.contains("to");
  }

  /** The savepoint that it sets, releases or rolls back to; empty when it can't be told. */
  Optional<String> savepoint() {
    if (isUnknown() || mentioned.contains("u")) {
      return Optional.empty();
    }
    return quoted.isEmpty()
        ? Optional.of(words.getLast()).filter(last -> !OF_SAVEPOINTS.contains(last))
        : Optional.of(quoted.iterator().next()).filter(ignored -> quoted.size() == 1);
  }

  /**
   * Whether it runs what its own words don't tell, or makes a table that may stand before another
   * of its name for the rest of the session.
   */
  boolean runsAnything() {
    return switch (firstWord()) {
      case "do", "call", "execute", "create", "?" -> true;
      case "explain" -> runsExplained();
      default -> startsLikeReading() && mentioned.contains("into");
    };
  }

  /** Whether it takes away what may be a temporary table. */
  boolean removes() {
    return switch (firstWord()) {
      case "drop", "alter", "discard" -> true;
      default -> false;
    };
  }

  /** Whether it hides statements in a text of its own that may make functions and tables. */
  boolean mayHideDefinitions() {
    if (!firstWord().equals("do")) {
      return isUnknown();
    }
    String lower = text.toLowerCase(Locale.ROOT);
    return HIDDEN_DEFINITIONS.stream().anyMatch(lower::contains);
  }

  boolean isFetch() {
    return firstWord().equals("fetch") || firstWord().equals("move");
  }

  /** SET TRANSACTION SNAPSHOT, and what else is for the transaction alone. */
  boolean takesOverSnapshot() {
    return firstWord().equals("set") && mentioned.contains("snapshot");
  }

  /** Sets something for its transaction: BEGIN ISOLATION LEVEL, SET TRANSACTION. */
  boolean mentionsIsolation() {
    return mentioned.contains("isolation");
  }

  /**
   * Whether rows may come of it, or a transaction end with it whose name has yet to be asked for.
   *
   * @param named whether that name is known
   */
  boolean mayAnswer(boolean named) {
    return switch (firstWord()) {
      case "insert", "update", "delete", "merge" -> mentioned.contains("returning");
      case "commit", "end" -> !named;
      case "rollback", "abort", "savepoint", "release" -> false;
      default -> true;
    };
  }

  /** Its commits, if any, are its own affair. */
  boolean commitsInside() {
    return firstWord().equals("call") || firstWord().equals("do");
  }
}
