package dev.anabranch.branch.mirror;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.cluster.Poll;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Main at exactly one position, for reading: one read-only transaction on the mirror, whose
 * snapshot was taken while replay stood still there. Every commit that ends at or below the
 * position is in it, and none above.
 *
 * <p>Replay goes on as soon as the snapshot is taken. When it must then remove what the snapshot
 * still sees, it waits for the time of {@code max_standby_streaming_delay} and cancels what is
 * asked here: that is an error, and never another answer.
 */
public final class MirrorSnapshot implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MirrorSnapshot.class);

  /** Replay looks between two records, unless it waits for a reader to end. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Connection connection;
  private final Lsn position;

  private MirrorSnapshot(Connection connection, Lsn position) {
    this.connection = connection;
    this.position = position;
  }

  /** Empty when replay does not come to a stop soon; it goes on in any case. */
  static Optional<MirrorSnapshot> take(Supplier<Connection> mirror) {
    Connection connection = mirror.get();
    Optional<MirrorSnapshot> taken = Optional.empty();
    try {
      taken = whilePaused(connection);
      return taken;
    } catch (SQLException | AnabranchException e) {
      log.info("Main could not be had at one position: {}", String.valueOf(e.getMessage()));
      return Optional.empty();
    } finally {
      resume(connection, mirror);
      if (taken.isEmpty()) {
        discard(connection);
      }
    }
  }

  private static Optional<MirrorSnapshot> whilePaused(Connection connection) throws SQLException {
    Mirror.single(connection, "SELECT pg_catalog.pg_wal_replay_pause()");
    if (!Poll.until(PATIENCE, () -> isPaused(connection))) {
      return Optional.empty();
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(LOCK_PATIENCE);
      connection.setAutoCommit(false);
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    }
    // The first question takes the snapshot.
    Lsn position =
        Lsn.parse(Mirror.single(connection, "SELECT pg_catalog.pg_last_wal_replay_lsn()"));
    // Somebody else may have let it go on.
    return isPaused(connection)
        ? Optional.of(new MirrorSnapshot(connection, position))
        : Optional.empty();
  }

  private static boolean isPaused(Connection connection) {
    try {
      return Mirror.single(connection, "SELECT pg_catalog.pg_get_wal_replay_pause_state()")
          .equals("paused");
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** When even that fails, whoever next waits for replay finds it paused, and mends it. */
  private static void resume(Connection connection, Supplier<Connection> mirror) {
    try {
      Mirror.single(connection, RESUME);
    } catch (SQLException broken) {
      try (Connection another = mirror.get()) {
        Mirror.single(another, RESUME);
      } catch (SQLException | AnabranchException e) {
        log.warn("The mirror could not be let go on", e);
      }
    }
  }

  /** What main's transactions have locked is not waited for: a copy of main has none of them. */
  private static final String LOCK_PATIENCE = "SET lock_timeout = '2s'";

  private static final String RESUME = "SELECT pg_catalog.pg_wal_replay_resume()";

  private static AnabranchException failed(SQLException e) {
    return new AnabranchException(
        ErrorCode.POSTGRES_FAILED, e, "reading the mirror", String.valueOf(e.getMessage()));
  }

  private static void discard(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("A connection to the mirror could not be closed", e);
    }
  }

  /** Of the mirror's superuser, inside the transaction; closed with this. */
  public Connection connection() {
    return connection;
  }

  /** Where main's WAL stood. */
  public Lsn position() {
    return position;
  }

  @Override
  public void close() {
    discard(connection);
  }
}
