package dev.anabranch.promote.fence;

import dev.anabranch.base.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The end of main's WAL, as one transaction there sees it before its commit, and on disk: only what
 * is flushed is sent to the feed. On a main where nothing else commits the log writer sleeps for
 * seconds.
 */
public final class LogTip implements AutoCloseable {

  /** From here on a message can be flushed without a commit. */
  private static final int FLUSHES_MESSAGES = 17;

  private final Connection writing;
  private final Optional<Connection> flushing;

  private LogTip(Connection writing, Optional<Connection> flushing) {
    this.writing = writing;
    this.flushing = flushing;
  }

  /**
   * @param writing in the transaction that will commit
   * @param main for a second connection, whose commit flushes; where one is needed it is made now,
   *     before anything is locked
   */
  public static LogTip of(Connection writing, DataSource main) throws SQLException {
    if (writing.getMetaData().getDatabaseMajorVersion() >= FLUSHES_MESSAGES) {
      return new LogTip(writing, Optional.empty());
    }
    Connection flushing = main.getConnection();
    flushing.setAutoCommit(true);
    return new LogTip(writing, Optional.of(flushing));
  }

  /** Everything that was committed before the call is below it, and sent to the feed. */
  Lsn position() throws SQLException {
    if (flushing.isEmpty()) {
      return position(
          "WITH here AS MATERIALIZED (SELECT pg_current_wal_insert_lsn() AS lsn) SELECT lsn,"
              + " pg_logical_emit_message(false, 'anabranch', 'fence', true) FROM here");
    }
    Lsn here = position("SELECT pg_current_wal_insert_lsn()");
    try (Statement statement = flushing.get().createStatement()) {
      statement.execute("SET synchronous_commit = local");
      statement.execute("SELECT pg_logical_emit_message(true, 'anabranch', 'fence')");
    }
    return here;
  }

  private Lsn position(String sql) throws SQLException {
    try (Statement statement = writing.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return Lsn.parse(result.getString(1));
    }
  }

  @Override
  public void close() throws SQLException {
    if (flushing.isPresent()) {
      flushing.get().close();
    }
  }
}
