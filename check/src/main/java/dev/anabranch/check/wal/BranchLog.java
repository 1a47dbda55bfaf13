package dev.anabranch.check.wal;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TextForm;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.LogEnd;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.mainfeed.decode.PgOutputDecoder;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Moves what was written on a branch from the branch's own log into the ledger.
 *
 * <p>Every branch is born with a logical slot and a publication of all its tables, whose rows are
 * logged whole. They are read by SQL: look at the next transactions, write them to the ledger as
 * units, and only then let the slot go on. A crash in between shows the same transactions again;
 * those at or below the ledger's newest unit are passed over, so each is there exactly once.
 *
 * <p>Safe for any number of threads; one reads a branch at a time.
 */
public final class BranchLog {

  /** The name of the slot and of the publication in every branch. */
  static final String CAPTURE = "anabranch_branch";

  /** After how many changes a look at the slot ends, at the next commit. */
  private static final int CHANGES_PER_LOOK = 20_000;

  private static final int FETCH_ROWS = 2_000;

  /** How a branch is reached with the right to read its slot; it is woken when it sleeps. */
  public interface Connections {
    Connection asOwner(Branch branch) throws SQLException;
  }

  private final Connections connections;
  private final Ledger ledger;
  private final ConcurrentMap<BranchId, Turn> turns = new ConcurrentHashMap<>();

  /** Who reads a branch's log, and how many wait for it or do; kept for no longer than they do. */
  private record Turn(ReentrantLock lock, int users) {}

  public BranchLog(Connections connections, Ledger ledger) {
    this.connections = connections;
    this.ledger = ledger;
  }

  /**
   * Returns when everything that was committed on the branch before the call is in the ledger.
   *
   * @return the position of the branch's log up to which that is so
   * @throws AnabranchException POSTGRES_FAILED when the branch's log can't be read,
   *     LEDGER_UNAVAILABLE when the ledger can't be written
   */
  public Lsn drain(Branch branch) {
    ReentrantLock lock = enter(branch.id());
    lock.lock();
    try (Connection connection = connections.asOwner(branch)) {
      prepare(connection);
      Lsn target = LogEnd.written(connection);
      UnitReader units = new UnitReader(branch.id(), new BranchShapes(connection), ledger);
      do {
        advance(connection, units.lastCommit());
      } while (look(connection, target, units));
      advance(connection, target);
      return target;
    } catch (SQLException e) {
      throw unreadable(branch, e);
    } finally {
      lock.unlock();
      leave(branch.id());
    }
  }

  /** Commits that were acknowledged before they were on disk are in no log that can be read yet. */
  public static void flush(Connection branch) throws SQLException {
    try (Statement statement = branch.createStatement()) {
      statement.execute("SET synchronous_commit = on");
      statement.execute("SELECT pg_logical_emit_message(true, 'anabranch', 'checked')");
    }
  }

  private ReentrantLock enter(BranchId branch) {
    return turns
        .merge(
            branch,
            new Turn(new ReentrantLock(), 1),
            (turn, ignored) -> new Turn(turn.lock(), turn.users() + 1))
        .lock();
  }

  private void leave(BranchId branch) {
    turns.computeIfPresent(
        branch,
        (ignored, turn) -> turn.users() == 1 ? null : new Turn(turn.lock(), turn.users() - 1));
  }

  /** A position of the branch's log: whatever was committed on it before the call ends before. */
  public Lsn position(Branch branch) {
    try (Connection connection = connections.asOwner(branch);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()::text")) {
      row.next();
      return Lsn.parse(row.getString(1));
    } catch (SQLException e) {
      throw unreadable(branch, e);
    }
  }

  /** How many bytes of a branch's log are not in the ledger yet: a transaction is read whole. */
  public long unread(Branch branch) {
    try (Connection connection = connections.asOwner(branch);
        PreparedStatement statement =
            connection.prepareStatement(
                """
                SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), confirmed_flush_lsn)), 0)::bigint
                FROM pg_replication_slots WHERE slot_name = ?
                """)) {
      statement.setString(1, CAPTURE);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw unreadable(branch, e);
    }
  }

  private static AnabranchException unreadable(Branch branch, SQLException e) {
    return new AnabranchException(
        ErrorCode.POSTGRES_FAILED,
        e,
        "reading the WAL of branch " + branch.name(),
        String.valueOf(e.getMessage()));
  }

  private static void prepare(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      for (String set : TextForm.SET_STATEMENTS) {
        statement.execute(set);
      }
      statement.execute("SET search_path = pg_catalog");
    }
  }

  /**
   * One look at the slot, which stands at the last commit. True when it brought something, and more
   * may follow.
   */
  private static boolean look(Connection connection, Lsn target, UnitReader units)
      throws SQLException {
    Lsn before = units.lastCommit();
    boolean brought = false;
    connection.setAutoCommit(false);
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT lsn::text, data FROM pg_logical_slot_peek_binary_changes(?, ?::pg_lsn, ?,
              'proto_version', '1', 'publication_names', ?)
            """)) {
      statement.setFetchSize(FETCH_ROWS);
      statement.setString(1, CAPTURE);
      statement.setString(2, target.toString());
      statement.setInt(3, CHANGES_PER_LOOK);
      statement.setString(4, CAPTURE);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          brought = true;
          units.take(
              Lsn.parse(rows.getString(1)),
              PgOutputDecoder.decode(ByteBuffer.wrap(rows.getBytes(2))));
        }
      }
      units.write();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
    if (brought && !units.lastCommit().isAfter(before)) {
      throw new IllegalStateException("the slot shows again what it was moved past");
    }
    return brought;
  }

  private static void advance(Connection connection, Lsn position) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT pg_replication_slot_advance(slot_name, ?::pg_lsn) FROM pg_replication_slots
            WHERE slot_name = ? AND confirmed_flush_lsn < ?::pg_lsn
            """)) {
      statement.setString(1, position.toString());
      statement.setString(2, CAPTURE);
      statement.setString(3, position.toString());
      statement.execute();
    }
  }
}
