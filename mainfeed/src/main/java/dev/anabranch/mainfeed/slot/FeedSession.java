package dev.anabranch.mainfeed.slot;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.SessionDefaults;
import dev.anabranch.base.TextForm;
import dev.anabranch.mainfeed.decode.Change;
import dev.anabranch.mainfeed.decode.PgOutputDecoder;
import dev.anabranch.mainfeed.store.FeedSink;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * One replication connection to main, from its start to its end.
 *
 * <pre>
 * client: SET DateStyle …                                   (images are rendered by this very session)
 * client: START_REPLICATION SLOT s LOGICAL x/y (proto_version '1', publication_names 'p', messages 'true')
 * server: Begin Relation Insert … Commit | keepalive(position)
 * client: standby status(flushed = what the store has committed)
 * </pre>
 *
 * <p>A keepalive's position is how far the server has decoded. Between transactions it means that
 * every commit at or below it has been sent before, since the stream is in order.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html">the protocol</a>
 */
final class FeedSession implements AutoCloseable {

  private static final Duration IDLE_LOOK = Duration.ofMillis(10);
  private static final Duration HELD_LOOK = Duration.ofMillis(100);
  private static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);

  private final Connection connection;
  private final PGReplicationStream stream;
  private long lastStatus = System.nanoTime();

  private FeedSession(Connection connection, PGReplicationStream stream) {
    this.connection = connection;
    this.stream = stream;
  }

  static FeedSession open(FeedSettings settings, Lsn start) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(settings.properties());
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    properties.putIfAbsent(PGProperty.APPLICATION_NAME.getName(), "anabranch feed");
    Connection connection =
        SessionDefaults.connect(
            properties, all -> DriverManager.getConnection(settings.jdbcUrl(), all));
    try {
      try (Statement statement = connection.createStatement()) {
        for (String set : TextForm.SET_STATEMENTS) {
          statement.execute(set);
        }
      }
      PGReplicationStream stream =
          connection
              .unwrap(PGConnection.class)
              .getReplicationAPI()
              .replicationStream()
              .logical()
              .withSlotName(settings.slot())
              .withSlotOption("proto_version", 1)
              .withSlotOption("publication_names", settings.publication())
              .withSlotOption("messages", "true")
              .withStartPosition(LogSequenceNumber.valueOf(start.value()))
              .withStatusInterval(
                  Math.toIntExact(STATUS_INTERVAL.toMillis()), TimeUnit.MILLISECONDS)
              .withAutomaticFlush(false)
              .start();
      return new FeedSession(connection, stream);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** When a session should end by itself. */
  interface Until extends Supplier<Boolean> {}

  /** What waits for something to happen to the store, at most so long. */
  interface Pause {
    void most(Duration time) throws InterruptedException;
  }

  /** Reads until it should end, between transactions, or until something fails. */
  void run(FeedSink sink, Until end, Until stop, Pause pause)
      throws SQLException, InterruptedException {
    while (!stop.get()) {
      ByteBuffer message = stream.readPending();
      if (message == null) {
        if (!sink.inTransaction()) {
          sink.idle(new Lsn(stream.getLastReceiveLSN().asLong()));
          confirm(sink);
          if (end.get()) {
            return;
          }
        }
        pause.most(IDLE_LOOK);
        continue;
      }
      Change change = PgOutputDecoder.decode(message);
      if (!(change instanceof Change.Commit commit)) {
        sink.take(change);
        continue;
      }
      if (!offer(commit, sink, stop, pause) || end.get()) {
        return;
      }
    }
  }

  /** Offers a commit until it is taken; false when it should stop first. */
  private boolean offer(Change.Commit commit, FeedSink sink, Until stop, Pause pause)
      throws SQLException, InterruptedException {
    while (!sink.offer(commit)) {
      if (stop.get()) {
        return false;
      }
      confirm(sink);
      if (System.nanoTime() - lastStatus > STATUS_INTERVAL.toNanos()) {
        lastStatus = System.nanoTime();
        stream.forceUpdateStatus(); // main would take a silent reader for dead
      }
      pause.most(HELD_LOOK);
    }
    confirm(sink);
    return true;
  }

  /** What main may forget: never more than the store has committed. Sent with the next status. */
  private void confirm(FeedSink sink) {
    LogSequenceNumber stored = LogSequenceNumber.valueOf(sink.applied().value());
    stream.setFlushedLSN(stored);
    stream.setAppliedLSN(stored);
  }

  /**
   * Closing the connection ends the stream; a polite end of COPY would wait for all that main still
   * has to say.
   */
  @Override
  public void close() throws SQLException {
    connection.abort(Runnable::run);
  }
}
