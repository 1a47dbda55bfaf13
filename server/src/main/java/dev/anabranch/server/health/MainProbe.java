package dev.anabranch.server.health;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.SessionDefaults;
import dev.anabranch.branch.mirror.MainAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Asks main where it is and what it keeps for us, over one connection that it keeps, and does not
 * wait long for an answer. For one thread at a time.
 */
final class MainProbe implements AutoCloseable {

  private static final String SECONDS = "5";

  private final MainAddress main;
  private final String mirrorSlot;
  private final String feedSlot;
  private volatile Optional<Connection> kept = Optional.empty(); // closed by who ends the server

  /**
   * @param main the one that is branched
   * @param mirrorSlot the mirror's slot there
   * @param feedSlot the feed's slot there
   */
  MainProbe(MainAddress main, String mirrorSlot, String feedSlot) {
    this.main = main;
    this.mirrorSlot = mirrorSlot;
    this.feedSlot = feedSlot;
  }

  String mirrorSlot() {
    return mirrorSlot;
  }

  String feedSlot() {
    return feedSlot;
  }

  /**
   * What main says of one slot.
   *
   * @param active whether somebody reads from it
   * @param retainedBytes how much log main keeps for it
   * @param state what main calls its state, such as {@code reserved} or {@code lost}
   */
  record Slot(boolean active, long retainedBytes, String state) {}

  /**
   * What main says.
   *
   * @param position where its log is
   * @param walLimitBytes how much log it keeps for a slot at most; empty: as much as it takes
   * @param slots by their names
   */
  record Look(Lsn position, Optional<Long> walLimitBytes, Map<String, Slot> slots) {}

  Look look() throws SQLException {
    if (kept.isEmpty()) {
      Properties properties = main.properties();
      properties.setProperty("connectTimeout", SECONDS);
      properties.setProperty("loginTimeout", SECONDS);
      properties.setProperty("socketTimeout", SECONDS);
      kept =
          Optional.of(
              SessionDefaults.connect(
                  properties, all -> DriverManager.getConnection(main.jdbcUrl(), all)));
    }
    Connection connection = kept.orElseThrow();
    try {
      return look(connection);
    } catch (SQLException e) {
      close();
      throw e;
    }
  }

  /** Also under a look, which fails then. */
  @Override
  public void close() {
    try {
      if (kept.isPresent()) {
        kept.get().abort(Runnable::run);
      }
    } catch (SQLException e) {
      // it was of no use any more
    } finally {
      kept = Optional.empty();
    }
  }

  private Look look(Connection connection) throws SQLException {
    Lsn position;
    long limit;
    try (PreparedStatement where =
            connection.prepareStatement(
                "SELECT pg_current_wal_lsn(),"
                    + " pg_size_bytes(current_setting('max_slot_wal_keep_size'))");
        ResultSet row = where.executeQuery()) {
      row.next();
      position = Lsn.parse(row.getString(1));
      limit = row.getLong(2);
    }
    Map<String, Slot> slots = new HashMap<>();
    try (PreparedStatement ours =
        connection.prepareStatement(
            "SELECT slot_name, active, coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn),"
                + " 0)::bigint, coalesce(wal_status, '') FROM pg_replication_slots WHERE slot_name"
                + " IN (?, ?)")) {
      ours.setString(1, mirrorSlot);
      ours.setString(2, feedSlot);
      try (ResultSet rows = ours.executeQuery()) {
        while (rows.next()) {
          slots.put(
              rows.getString(1), new Slot(rows.getBoolean(2), rows.getLong(3), rows.getString(4)));
        }
      }
    }
    return new Look(position, limit < 0 ? Optional.empty() : Optional.of(limit), slots);
  }
}
