package dev.anabranch.promote.apply;

import dev.anabranch.base.TextForm;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * Prepares a transaction on main. Every setting is local to it, so a pooled connection goes back as
 * it came.
 */
final class MainSession {

  private static final Duration STATEMENT_PATIENCE = Duration.ofMinutes(2);

  /** For a table to be read, and for other promotions. */
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);

  private MainSession() {}

  /** A snapshot in which main is read for planning. */
  static void beginReading(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      common(statement);
      statement.execute("SET LOCAL lock_timeout = " + LOCK_PATIENCE.toMillis());
    }
  }

  /**
   * The transaction that writes. User triggers are off because what they did on the branch is
   * recorded work of its own; that also turns off foreign keys, so {@link ForeignKeys} looks after
   * them. A commit that main acknowledges must be durable, because it is never made again.
   */
  static void beginWriting(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE");
      common(statement);
      statement.execute("SET LOCAL lock_timeout = " + LOCK_PATIENCE.toMillis());
      statement.execute("SET LOCAL session_replication_role = replica");
      statement.execute(
          "SELECT set_config('synchronous_commit', 'on', true) WHERE"
              + " current_setting('synchronous_commit') = 'off'");
    }
  }

  /** For how long a row or a table is waited for that another transaction has locked. */
  static void waitForLocks(Connection connection, Duration patience) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = " + patience.toMillis());
    }
  }

  private static void common(Statement statement) throws SQLException {
    for (String setting : TextForm.SET_STATEMENTS) {
      statement.execute("SET LOCAL" + setting.substring("SET".length()));
    }
    for (String setting :
        List.of(
            "search_path = pg_catalog",
            "row_security = off",
            "statement_timeout = " + STATEMENT_PATIENCE.toMillis())) {
      statement.execute("SET LOCAL " + setting);
    }
  }
}
