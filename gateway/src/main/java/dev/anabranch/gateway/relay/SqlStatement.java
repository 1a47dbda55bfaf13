package dev.anabranch.gateway.relay;

import dev.anabranch.ledger.Task;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
 */
record SqlStatement(
    String text,
    List<String> words,
    Set<String> mentioned,
    boolean plainCalls,
    Optional<Task.Traced> trace) {

  private static final Set<String> READING_STARTS = Set.of("select", "values", "table", "with", "");
  private static final Set<String> WRITING_WORDS =
      Set.of("insert", "update", "delete", "merge", "into");
  private static final Set<String> TEMPORARY_WORDS = Set.of("temp", "temporary", "pg_temp");
  private static final int FIRST_WORDS = 6;

  SqlStatement {
    words = List.copyOf(words.subList(0, Math.min(words.size(), FIRST_WORDS)));
    mentioned = Set.copyOf(mentioned);
  }

  /**
   * Whether it may make a temporary table, which stands before a table of the same name for the
   * rest of the session and is seen by nobody else. Code inside DO and CALL is not read.
   */
  boolean mayMakeTemporary() {
    String first = words.isEmpty() ? "" : words.getFirst();
    if (first.equals("do") || first.equals("call")) {
      return true;
    }
    boolean creates = first.equals("create") || mentioned.contains("into");
    return creates && !Collections.disjoint(mentioned, TEMPORARY_WORDS);
  }

  /** For a text that can't be cut into statements. */
  static SqlStatement unknown(String text) {
    return new SqlStatement(text, List.of("?"), Set.of(), false, Optional.empty());
  }

  SqlStatement withTrace(Optional<Task.Traced> found) {
    return new SqlStatement(text, words, mentioned, plainCalls, found);
  }

  private String firstWord() {
    return words.isEmpty() ? "" : words.getFirst();
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
    boolean ran = mentioned.contains("analyze") || mentioned.contains("analyse");
    return ran && (!plainCalls || !Collections.disjoint(mentioned, WRITING_WORDS));
  }

  /** Means something only together with what the session prepared before. */
  boolean leansOnSession() {
    return firstWord().equals("execute") || firstWord().equals("fetch") || isUnknown();
  }

  boolean isRollbackToSavepoint() {
    return (firstWord().equals("rollback") || firstWord().equals("abort"))
        && mentioned.contains("to");
  }

  boolean mayChangeSettings() {
    return mentioned.contains("set_config")
        || mentioned.contains("isolation")
        || firstWord().equals("call")
        || firstWord().equals("do")
        || isUnknown();
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
