package dev.anabranch.promote.sync;

import dev.anabranch.branch.Branch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps everybody from writing to a life of a branch that is about to end: its sessions are ended,
 * and whoever connects after that waits for a lock. It lasts as long as its connection, so that
 * nothing is left of it after a kill.
 */
final class LifeFence implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LifeFence.class);

  private final Connection connection;

  private LifeFence(Connection connection) {
    this.connection = connection;
  }

  /**
   * Returns when nobody can commit a write any more.
   *
   * @param connection the owner's, which the fence closes
   */
  static LifeFence around(Branch branch, Connection connection) throws SQLException {
    LifeFence fence = new LifeFence(connection);
    try {
      fence.endSessions(branch.clientRole());
      connection.setAutoCommit(false);
      fence.lock();
      fence.endSessions(branch.clientRole());
      return fence;
    } catch (SQLException | RuntimeException e) {
      fence.close();
      throw e;
    }
  }

  private void endSessions(String role) throws SQLException {
    try (PreparedStatement end =
        connection.prepareStatement(
            "SELECT pg_catalog.pg_terminate_backend(pid, 5000) FROM pg_catalog.pg_stat_activity"
                + " WHERE usename = ? AND pid <> pg_catalog.pg_backend_pid()")) {
      end.setString(1, role);
      end.execute();
    }
  }

  private void lock() throws SQLException {
    List<String> tables = new ArrayList<>(List.of("pg_catalog.pg_class"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = '5s'");
      try (ResultSet row =
          statement.executeQuery(
              """
              SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\\_%'
                AND n.nspname <> 'information_schema'
              """)) {
        while (row.next()) {
          tables.add(row.getString(1));
        }
      }
      statement.execute("LOCK TABLE " + String.join(", ", tables) + " IN SHARE MODE");
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("the connection to a life that has ended was lost: {}", e.getMessage());
    }
  }
}
