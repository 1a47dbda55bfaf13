package dev.anabranch.promote.fence;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Locks main's tables so that no write can slip between the check and the commit: those to be
 * written against other writers, those the answers read against all writers. Readers of main are
 * never in its way. The wait for the locks is short, because writers on main queue behind it.
 *
 * @param written tables the promotion writes
 * @param read tables the landing units' answers read
 * @param recheck which answers are in doubt at a position, asked while the locks are held
 */
public record Fence(Set<TableId> written, Set<TableId> read, Function<Lsn, Set<Long>> recheck) {

  private static final int LOCK_PATIENCE_MILLIS = 200;

  /**
   * How long main's writers may be kept waiting while the feed is read; main then ends the
   * transaction by itself.
   */
  private static final int FENCE_LIMIT_MILLIS = 5_000;

  public Fence {
    written = Set.copyOf(written);
    read = Set.copyOf(read);
  }

  /**
   * Locks, then looks at everything that was committed before the locks were held.
   *
   * @return the answers in doubt, empty when all stand
   * @throws SQLException with SQLSTATE 55P03 when a lock was not to be had in time
   */
  public Set<Long> close(Connection connection) throws SQLException {
    Set<TableId> onlyRead = new TreeSet<>((a, b) -> Long.compare(a.oid(), b.oid()));
    onlyRead.addAll(read);
    onlyRead.removeAll(written);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = " + LOCK_PATIENCE_MILLIS);
      statement.execute("SET LOCAL idle_in_transaction_session_timeout = " + FENCE_LIMIT_MILLIS);
      lock(connection, statement, written, "SHARE ROW EXCLUSIVE");
      lock(connection, statement, onlyRead, "SHARE");
    }
    return recheck.apply(position(connection));
  }

  private static void lock(
      Connection connection, Statement statement, Set<TableId> tables, String mode)
      throws SQLException {
    List<String> names = names(connection, tables);
    if (!names.isEmpty()) {
      statement.execute("LOCK TABLE " + String.join(", ", names) + " IN " + mode + " MODE");
    }
  }

  private static List<String> names(Connection connection, Set<TableId> tables)
      throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON"
                + " n.oid = c.relnamespace WHERE c.oid = ANY (?::int8[]::oid[]) AND c.relkind IN"
                + " ('r', 'p') ORDER BY c.oid")) {
      statement.setArray(
          1, connection.createArrayOf("int8", tables.stream().map(TableId::oid).toArray()));
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          names.add(result.getString(1));
        }
      }
    }
    return names;
  }

  /**
   * Everything that was committed before is below it. The message behind it gives the log writer a
   * reason to flush that far although this transaction has not committed.
   */
  private static Lsn position(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "WITH here AS MATERIALIZED (SELECT pg_current_wal_insert_lsn() AS lsn) SELECT lsn,"
                    + " pg_logical_emit_message(false, 'anabranch', 'fence') FROM here")) {
      result.next();
      return Lsn.parse(result.getString(1));
    }
  }
}
