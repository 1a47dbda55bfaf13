package dev.anabranch.ledger;

import java.util.Optional;
import java.util.Set;

/**
 * Why a statement was refused, as far as it is kept: two refusals with one SQLSTATE may have
 * different reasons in the data.
 *
 * @param sqlState five characters
 * @param detail the constraint or column that Postgres names, or the first line of the message
 *     where that is the user's own or says which right is missing; empty where neither was given,
 *     and in entries of earlier versions
 */
public record Refusal(String sqlState, Optional<String> detail) {

  private static final int STATE_LENGTH = 5;
  private static final int CLASS_LENGTH = 2;
  private static final int MESSAGE_LIMIT = 200;
  private static final String NO_RIGHT = "42501";

  /** Cardinality, data exceptions, constraints, check options, and what functions raise. */
  private static final Set<String> DATA = Set.of("21", "22", "23", "44", "P0");

  /** Connections, conflicts of the moment, what there is too little of, who stopped it. */
  private static final Set<String> MOMENT = Set.of("08", "40", "53", "57", "58", "F0");

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /**
   * What no row and no right decides: features, transactions, names of statements, cursors and
   * savepoints, what depends on an object, catalogs and schemas, syntax and names.
   */
  private static final Set<String> STATEMENT =
      Set.of("0A", "24", "25", "26", "2B", "2D", "34", "3B", "3D", "3F", "42");

  /** Where in their source PL/pgSQL and PL/Python raise what the user says. */
  private static final Set<String> RAISING =
      Set.of("exec_stmt_raise", "PLy_output", "PLy_elog_impl");

  /** Classes whose messages are the user's: of PL/pgSQL, and of functions in other languages. */
  private static final Set<String> OF_FUNCTIONS = Set.of("P0", "38");

  /**
   * What Postgres said.
   *
   * @param message its primary message
   * @param subject the constraint or column that it names, or empty
   * @param context the functions it came through, or empty
   * @param routine the place in Postgres's source that it came from, or empty
   */
  public record Words(String message, String subject, String context, String routine) {

    boolean areTheUsers() {
      return RAISING.contains(routine);
    }
  }

  /** The refusal that Postgres told in these words. */
  public static Refusal of(String sqlState, Words words) {
    boolean said =
        OF_FUNCTIONS.contains(classOf(sqlState))
            || sqlState.equals(NO_RIGHT)
            || words.areTheUsers();
    String detail =
        said ? firstLine(words.message()) : sqlState.startsWith("23") ? words.subject() : "";
    return new Refusal(sqlState, Optional.of(detail).filter(text -> !text.isEmpty()));
  }

  /**
   * Whether rows or rights may have decided it, which makes it an answer. The user's own words may
   * have any SQLSTATE, and what came through a function may lie in the rows that it read. On doubt,
   * yes.
   *
   * @param ofData whether the statement reads or writes rows, or runs code that may
   */
  public static boolean isAnswer(String sqlState, Words words, boolean ofData) {
    if (DATA.contains(classOf(sqlState)) || words.areTheUsers()) {
      return true;
    }
    if (MOMENT.contains(classOf(sqlState)) || sqlState.equals(LOCK_NOT_AVAILABLE)) {
      return false;
    }
    boolean inCode = !words.context().isEmpty();
    boolean ofRows = sqlState.equals(NO_RIGHT) || !STATEMENT.contains(classOf(sqlState));
    return ofData ? inCode || ofRows : inCode && ofRows;
  }

  private static String classOf(String sqlState) {
    return sqlState.substring(0, Math.min(sqlState.length(), CLASS_LENGTH));
  }

  private static String firstLine(String message) {
    String line = message.lines().findFirst().orElse("");
    return line.codePointCount(0, line.length()) <= MESSAGE_LIMIT
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MESSAGE_LIMIT));
  }

  /** What an answer with this tag was told. */
  public static Refusal parse(String tag) {
    String text = tag.substring(Told.ERROR.length());
    return text.length() > STATE_LENGTH
        ? new Refusal(
            text.substring(0, STATE_LENGTH), Optional.of(text.substring(STATE_LENGTH + 1)))
        : new Refusal(text, Optional.empty());
  }

  /** Its form in the place of a command tag. */
  public String tag() {
    return Told.ERROR + words();
  }

  /** As people read it: the SQLSTATE and the detail. */
  public String words() {
    return sqlState + detail.map(text -> " " + text).orElse("");
  }

  /** Whether the reason is one in the user's own words, and these are not known. */
  public boolean isUntold() {
    return sqlState.startsWith("P0") && detail.isEmpty();
  }
}
