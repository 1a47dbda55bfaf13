package dev.anabranch.branch.mirror;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * How far the mirror has replayed main's WAL, and what holds it up.
 *
 * <p>Lock: replay is paused by us under it alone, so that whoever finds it paused and then has the
 * lock knows that it is not us.
 */
final class Replay {

  private final Supplier<Connection> mirror;
  private final ReentrantLock pausing = new ReentrantLock();

  /**
   * @param mirror a superuser's connection, a new one each time
   */
  Replay(Supplier<Connection> mirror) {
    this.mirror = mirror;
  }

  Optional<MirrorSnapshot> snapshot() {
    pausing.lock();
    try {
      return MirrorSnapshot.take(mirror);
    } finally {
      pausing.unlock();
    }
  }

  /** Whether it is paused, and not by us for the moment that a snapshot takes. */
  boolean isStuck(Connection connection) {
    if (!isPaused(connection)) {
      return false;
    }
    pausing.lock();
    try {
      return isPaused(connection);
    } finally {
      pausing.unlock();
    }
  }

  private static boolean isPaused(Connection connection) {
    return !single(connection, "SELECT pg_get_wal_replay_pause_state()").equals("not paused");
  }

  static Lsn position(Connection connection) {
    return Lsn.parse(single(connection, "SELECT coalesce(pg_last_wal_replay_lsn(), '0/0')"));
  }

  static boolean reached(Connection connection, Lsn target) {
    return !position(connection).isBefore(target);
  }

  private static String single(Connection connection, String sql) {
    try {
      return Mirror.single(connection, sql);
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED,
          e,
          "reading the mirror's position",
          String.valueOf(e.getMessage()));
    }
  }
}
