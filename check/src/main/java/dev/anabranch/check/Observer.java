package dev.anabranch.check;

import dev.anabranch.base.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Another session on a copy, which sees what a transaction there has locked so far, and where
 * sequences stand. One session for all looks: a session of its own for each would cost more than
 * what is looked at.
 */
final class Observer implements AutoCloseable {

  /** Adding rows alone needs no other lock than that for writing. */
  private static final String LOCKS =
      """
      SELECT DISTINCT l.relation, c.relkind, l.mode = 'RowExclusiveLock' AS writing
      FROM pg_catalog.pg_locks l
      JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
      LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
      LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE l.pid = ? AND l.locktype = 'relation' AND l.database IN (0, d.oid)
        AND coalesce(n.nspname, '') NOT IN ('pg_toast', 'anabranch_rehearsal')
        AND coalesce(c.relkind, 'r') NOT IN ('i', 'I', 't')
      """;

  private static final String SEQUENCES =
      "SELECT oid, coalesce(pg_catalog.pg_sequence_last_value(oid), 0) FROM pg_catalog.pg_class"
          + " WHERE relkind = 'S' AND oid >= 16384";

  /** A lock that a transaction holds. */
  record Lock(TableId relation, boolean sequence, boolean forWriting) {}

  private final Sessions sessions;
  private @Nullable Connection session;

  Observer(Sessions sessions) {
    this.sessions = sessions;
  }

  /**
   * @param backend the process id of the session that holds them
   */
  Set<Lock> locks(int backend) throws SQLException {
    Set<Lock> locks = new HashSet<>();
    try (PreparedStatement query = session().prepareStatement(LOCKS)) {
      query.setInt(1, backend);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          locks.add(
              new Lock(
                  new TableId(row.getLong(1)), "S".equals(row.getString(2)), row.getBoolean(3)));
        }
      }
    }
    return locks;
  }

  /** Where each sequence stands, by its OID; 0 before its first number. */
  Map<Long, Long> sequences() throws SQLException {
    Map<Long, Long> numbers = new HashMap<>();
    try (Statement statement = session().createStatement();
        ResultSet row = statement.executeQuery(SEQUENCES)) {
      while (row.next()) {
        numbers.put(row.getLong(1), row.getLong(2));
      }
    }
    return numbers;
  }

  private Connection session() {
    if (session == null) {
      session = sessions.open();
    }
    return session;
  }

  @Override
  public void close() throws SQLException {
    if (session != null) {
      session.close();
    }
  }
}
