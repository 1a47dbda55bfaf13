package dev.anabranch.check;

import dev.anabranch.base.TableId;
import dev.anabranch.check.QueryPreparation.NotAskable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which tables a question reads where it is asked, through whichever views and functions: those
 * that its transaction holds a lock on when it is answered, and those that were scanned, since what
 * code rolled back on the way has let its locks go. What was locked before counts as well, so that
 * they are never too few.
 */
final class TablesRead {

  /**
   * Who draws from a sequence holds another lock on it than who reads where it stands. What is
   * foreign or not logged is no copy's.
   */
  private static final String LOCKED =
      """
      SELECT c.oid, c.relkind = 'f' OR c.relpersistence = 'u', n.nspname || '.' || c.relname
      FROM pg_catalog.pg_locks l
      JOIN pg_catalog.pg_class c ON c.oid = l.relation
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND c.oid >= 16384
        AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d
                          WHERE d.datname = pg_catalog.current_database())
        AND (c.relkind IN ('r', 'm', 'f') OR (c.relkind = 'S' AND l.mode = 'AccessShareLock')) AND n.nspname NOT IN ('pg_toast', 'anabranch_rehearsal')
      """;

  private final Scans scans;
  private final Connection connection;
  private boolean prepared;
  private Map<TableId, Long> before = Map.of();

  TablesRead(Connection connection) {
    this.connection = connection;
    this.scans = new Scans(connection);
  }

  /** Before a question is asked, as the session's own user. */
  void begin() throws SQLException {
    if (!prepared) {
      scans.prepare();
      prepared = true;
    }
    before = scans.counts();
  }

  /**
   * Once it is answered, in the same subtransaction.
   *
   * @throws NotAskable when it reads what no copy of main has as main has it
   */
  Set<TableId> end() throws SQLException, NotAskable {
    try (Statement statement = connection.createStatement()) {
      statement.execute("RESET SESSION AUTHORIZATION");
      statement.execute("SET search_path = pg_catalog");
      Set<TableId> read = new HashSet<>(scans.since(before));
      try (ResultSet row = statement.executeQuery(LOCKED)) {
        while (row.next()) {
          if (row.getBoolean(2)) {
            throw new NotAskable(
                "it reads " + row.getString(3) + " there, whose rows no copy of main has");
          }
          read.add(new TableId(row.getLong(1)));
        }
      }
      return read;
    }
  }
}
