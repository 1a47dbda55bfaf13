package dev.anabranch.promote.apply;

import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Tells an error about one row from one about the whole promotion.
 *
 * <p>Everything is about the row unless it is known not to be: a check, an input function or a
 * trigger of a user's can fail with any SQLSTATE, and a row that is held for a reason that was not
 * its own costs less than a branch of which nothing can land any more.
 */
final class MainRefusal {

  /**
   * Connections, transactions that may not write, logins, serialisation, resources, operators and
   * the machine, and wrong settings.
   */
  private static final Set<String> OF_THE_WHOLE_CLASSES =
      Set.of("08", "25", "28", "40", "53", "57", "58", "F0");

  private static final Set<String> OF_THE_DATA = Set.of("22", "23");

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /** What is said of what is left behind for that. */
  static final String LOCKED =
      "a transaction that is still open has locked it; promote again when that has ended";

  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final Set<String> TAKEN = Set.of("23505", "23P01");

  /**
   * NOT NULL and CHECK: the detail is the whole row, in columns that are nobody's business here.
   */
  private static final Set<String> WHOLE_ROW_TOLD = Set.of("23502", "23514");

  private MainRefusal() {}

  /** Whether it was waited for in vain, because another transaction has locked it. */
  static boolean isLocked(SQLException e) {
    return LOCK_NOT_AVAILABLE.equals(e.getSQLState());
  }

  static boolean isOfTheRow(SQLException e) {
    String state = e.getSQLState();
    return state != null
        && state.length() == 5
        && !OF_THE_WHOLE_CLASSES.contains(state.substring(0, 2))
        && !isLocked(e)
        && !state.equals(INSUFFICIENT_PRIVILEGE);
  }

  /** Whether it lies in the row's own values, or in how they meet other rows. */
  static boolean isOfTheData(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return OF_THE_DATA.stream().anyMatch(state::startsWith);
  }

  /** Whether a row has what only one row may have. */
  static boolean isTaken(SQLException e) {
    return TAKEN.contains(String.valueOf(e.getSQLState()));
  }

  /** Main's own words, or ours where they don't say what to do. */
  static String words(SQLException e) {
    if (isLocked(e)) {
      return LOCKED;
    }
    ServerErrorMessage message =
        e instanceof PSQLException refusal ? refusal.getServerErrorMessage() : null;
    if (message == null || message.getMessage() == null) {
      return String.valueOf(e.getMessage());
    }
    return message.getDetail() == null || WHOLE_ROW_TOLD.contains(String.valueOf(e.getSQLState()))
        ? message.getMessage()
        : message.getMessage() + ", " + message.getDetail();
  }
}
