package dev.anabranch.branch;

import dev.anabranch.base.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Where a branch's own log ends. */
public final class LogEnd {

  private LogEnd() {}

  /**
   * A position that whatever was committed before the call ends before, and that is in the log's
   * files. A client may commit without waiting for that; then a commit of ours writes it.
   *
   * @param connection of the branch's owner; commits by itself, and is durable from here on
   */
  public static Lsn written(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = on");
      Lsn inserted;
      boolean written;
      try (ResultSet row =
          statement.executeQuery(
              "SELECT i::text, pg_current_wal_flush_lsn() >= i FROM pg_current_wal_insert_lsn()"
                  + " i")) {
        row.next();
        inserted = Lsn.parse(row.getString(1));
        written = row.getBoolean(2);
      }
      if (!written) {
        statement.execute("SELECT pg_logical_emit_message(true, 'anabranch', 'log end')");
      }
      return inserted;
    }
  }
}
