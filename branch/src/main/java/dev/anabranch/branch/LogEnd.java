package dev.anabranch.branch;

import dev.anabranch.base.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a log ends, a branch's own or main's. */
public final class LogEnd {

  private static final Logger LOG = LoggerFactory.getLogger(LogEnd.class);

  private static final long PAGE_BYTES = 8_192;
  private static final long LONGEST_PAGE_HEADER_BYTES = 40;

  private LogEnd() {}

  /**
   * The end of what main's WAL has on disk, of which all that was committed before the call is a
   * part. Between commits main writes out whole pages, so that the last record on disk may be cut
   * off, and whoever reads the log waits for its rest: up to 15 s where nobody commits. Then a
   * commit of ours, of a message without rows, writes it out; where main does not let us, the wait
   * is as it is.
   *
   * @param main commits by itself
   */
  public static Lsn flushedOnMain(Connection main) throws SQLException {
    try (Statement statement = main.createStatement()) {
      Lsn flushed;
      try (ResultSet row = statement.executeQuery("SELECT pg_current_wal_flush_lsn()")) {
        row.next();
        flushed = Lsn.parse(row.getString(1));
      }
      if (Long.remainderUnsigned(flushed.value(), PAGE_BYTES) <= LONGEST_PAGE_HEADER_BYTES) {
        writeOut(statement);
      }
      return flushed;
    }
  }

  private static void writeOut(Statement main) {
    try {
      main.execute("SET synchronous_commit = local");
      main.execute("SELECT pg_logical_emit_message(true, 'anabranch', 'log end')");
    } catch (SQLException e) {
      LOG.debug("main's WAL could not be written out: {}", e.getMessage());
    }
  }

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
