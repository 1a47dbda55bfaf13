package dev.anabranch.mainfeed.store;

import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.LastWrite;
import dev.anabranch.mainfeed.MainFeed;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Main's changes in the control database. Any number of readers; one writer, which {@link
 * #openWriter} gives to whoever reads main's WAL, and which keeps one connection of the data
 * source.
 *
 * <p>Rows and the position they lead to are stored in one transaction, so a crash at any moment
 * leaves a position and exactly the rows at or below it.
 */
public final class FeedStore implements MainFeed {

  private static final Duration HOLD_PATIENCE = Duration.ofMinutes(1);

  private final DataSource controlDatabase;
  private final Jdbi jdbi;
  private final PositionGate gate = new PositionGate();
  private volatile Runnable beforeDelta = () -> {};

  /**
   * @param controlDatabase migrated; one of its connections is kept by the writer
   */
  public FeedStore(DataSource controlDatabase) {
    this.controlDatabase = controlDatabase;
    this.jdbi = Jdbi.create(controlDatabase);
    // What is bound is not for logs.
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
    progress().ifPresent(progress -> gate.startAt(progress.applied()));
  }

  /**
   * How far main's WAL has been read.
   *
   * @param slot the slot it is read from
   * @param systemId main's system identifier
   * @param continuousSince nothing is missing after it
   * @param applied everything at or below it is stored
   * @param forgotten fork points below it can't be served any more
   */
  public record Progress(
      String slot, String systemId, Lsn continuousSince, Lsn applied, Lsn forgotten) {}

  /** Empty before the feed first started. */
  public Optional<Progress> progress() {
    return jdbi.withHandle(FeedStore::progress);
  }

  /**
   * Run before every {@link #deltaSince}: the last look at whether the tables are still watched as
   * stored.
   */
  public void beforeEveryDelta(Runnable check) {
    beforeDelta = check;
  }

  @Override
  public Lsn applied() {
    return gate.applied();
  }

  @Override
  public Lsn await(Lsn position, Duration patience) {
    return gate.await(position, patience);
  }

  @Override
  public Delta deltaSince(Lsn forkLsn) {
    beforeDelta.run();
    return jdbi.inTransaction(
        TransactionIsolationLevel.REPEATABLE_READ,
        handle -> new DeltaReader(handle).since(forkLsn));
  }

  @Override
  public Delta deltaSince(Lsn forkLsn, Delta earlier) {
    beforeDelta.run();
    return jdbi.inTransaction(
        TransactionIsolationLevel.REPEATABLE_READ,
        handle -> new DeltaReader(handle).since(forkLsn, earlier));
  }

  @Override
  public void tellSince(Lsn forkLsn, Told told) {
    beforeDelta.run();
    jdbi.useTransaction(
        TransactionIsolationLevel.REPEATABLE_READ,
        handle -> new DeltaReader(handle).tell(forkLsn, told));
  }

  @Override
  public Hold hold() {
    gate.hold(HOLD_PATIENCE);
    AtomicBoolean open = new AtomicBoolean(true);
    return new Hold() {
      @Override
      public void advanceTo(Lsn position, Duration patience) {
        if (!open.get()) {
          throw new IllegalStateException("the hold is closed");
        }
        gate.raise(position, patience);
      }

      @Override
      public void close() {
        if (open.getAndSet(false)) {
          gate.release();
        }
      }
    };
  }

  @Override
  public Optional<Lsn> marker(String promotionId) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT lsn::text FROM feed_marker WHERE promotion = :promotion")
            .bind("promotion", promotionId)
            .mapTo(String.class)
            .findOne()
            .map(Lsn::parse));
  }

  @Override
  public void forget(Lsn oldestForkLsn) {
    jdbi.useTransaction(handle -> {
      int moved =
          handle
              .createUpdate(
                  "UPDATE feed_progress SET forgotten = :lsn::pg_lsn WHERE forgotten <"
                      + " :lsn::pg_lsn")
              .bind("lsn", oldestForkLsn.toString())
              .execute();
      if (moved > 0) {
        handle
            .createUpdate("DELETE FROM feed_row WHERE lsn <= :lsn::pg_lsn")
            .bind("lsn", oldestForkLsn.toString())
            .execute();
        handle
            .createUpdate("DELETE FROM feed_moment WHERE lsn <= :lsn::pg_lsn")
            .bind("lsn", oldestForkLsn.toString())
            .execute();
      }
    });
  }

  /**
   * A row of main.
   *
   * @param table {@code schema.table}
   */
  public record RowName(String table, Key key) {}

  /** When main changed these rows last; without those of which the feed has no change. */
  public Map<RowName, LastWrite> lastWrites(Collection<RowName> rows) {
    return jdbi.inTransaction(handle -> new LastWrites(handle).of(rows));
  }

  /** All tables that the feed has met and main still has. */
  public Map<TableId, WatchedTable> tables() {
    return jdbi.withHandle(handle -> new FeedTableStore(handle).all());
  }

  /**
   * A table of main that is kept out of the publication.
   *
   * @param name with its schema, as it was called then
   */
  public record LeftOut(TableId table, String name) {}

  /** Those that are to be kept out, until they are let in again. */
  public Set<LeftOut> leftOut() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT table_oid, table_name FROM feed_left_out")
            .map((row, context) -> new LeftOut(new TableId(row.getLong(1)), row.getString(2)))
            .set());
  }

  public void leaveOut(Collection<LeftOut> tables) {
    jdbi.useTransaction(handle ->
        tables.forEach(left ->
            handle.execute(
                "INSERT INTO feed_left_out VALUES (?, ?) ON CONFLICT (table_oid) DO UPDATE SET"
                    + " table_name = excluded.table_name",
                left.table().oid(),
                left.name())));
  }

  public void letIn(Collection<LeftOut> tables) {
    jdbi.useTransaction(handle ->
        tables.forEach(left ->
            handle.execute(
                "DELETE FROM feed_left_out WHERE table_oid = ? OR table_name = ?",
                left.table().oid(),
                left.name())));
  }

  /**
   * Keeps a table's layout while it waits to be watched, and forgets what was stored of it under
   * another.
   */
  public void register(Collection<WatchedTable> tables) {
    jdbi.useTransaction(handle -> new FeedTableStore(handle).register(tables));
  }

  /** From now on nothing is known of these tables. Stored before main stops publishing them. */
  public void unwatch(Map<TableId, String> reasons) {
    jdbi.useTransaction(handle -> new FeedTableStore(handle).unwatch(reasons));
  }

  /** Every change of these tables that is committed after the position will be stored. */
  public void coverFrom(Lsn position, Collection<TableId> tables) {
    jdbi.useTransaction(handle -> new FeedTableStore(handle).coverFrom(position, tables));
  }

  /**
   * Forgets everything and begins at a new slot: what was committed before it, and after what was
   * stored, is lost. Promotions found earlier stay known.
   */
  public void restart(String slot, String systemId, Lsn position, Collection<WatchedTable> tables) {
    jdbi.useTransaction(
        handle -> new FeedTableStore(handle).restart(slot, systemId, position, tables));
    gate.startAt(position);
  }

  /** Forgets main altogether. */
  public void clear() {
    jdbi.useHandle(handle ->
        handle.execute("TRUNCATE feed_progress, feed_table, feed_row, feed_marker, feed_moment"));
    gate.startAt(Lsn.ZERO);
  }

  /** The writer that goes on at {@link Progress#applied()}. Only one may be open. */
  public FeedSink openWriter() throws SQLException {
    Progress progress = progress().orElseThrow();
    gate.startAt(progress.applied());
    return new FeedSink(
        gate, new FeedWriter(controlDatabase.getConnection()), tables(), progress.applied());
  }

  /** Waits until the store has moved or somebody waits for it to, at most so long. */
  public void pause(Duration most) throws InterruptedException {
    gate.pause(most);
  }

  /** Wakes the writer when it waits for something to do. */
  public void nudge() {
    gate.nudge();
  }

  static Optional<Progress> progress(Handle handle) {
    return handle
        .createQuery(
            "SELECT slot, system_id, continuous_since::text, applied::text, forgotten::text FROM"
                + " feed_progress")
        .map((row, context) ->
            new Progress(
                row.getString(1),
                row.getString(2),
                Lsn.parse(row.getString(3)),
                Lsn.parse(row.getString(4)),
                Lsn.parse(row.getString(5))))
        .findOne();
  }
}
