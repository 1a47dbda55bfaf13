package dev.anabranch.mainfeed.slot;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.mainfeed.store.FeedSink;
import dev.anabranch.mainfeed.store.FeedStore;
import dev.anabranch.mainfeed.store.WatchedTable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the feed running: the only thing that opens a replication connection to main.
 *
 * <p>It makes the publication and the slot when they are missing (the publication first: a slot
 * that decodes a moment at which the publication did not exist fails), goes on from the stored
 * position, tells main that a position is dealt with only once the store has committed it, and
 * comes back by itself when main or the control database was away.
 *
 * <p>A slot that is gone, was invalidated, or is ahead of the store has lost changes. Then
 * everything begins anew at a new slot, and every table is watched only since then; it is never
 * passed over in silence.
 *
 * <p>Two threads: one reads main's WAL, one looks after the publication.
 */
public final class FeedSupervisor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FeedSupervisor.class);

  /** How long production's updates of a table that has lost its identity may be refused. */
  private static final Duration GLANCE = Duration.ofMillis(200);

  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration SETTLING_LOOK = Duration.ofMillis(50);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  private final FeedSettings settings;
  private final FeedStore store;
  private final WatchedTables tables;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch streamed = new CountDownLatch(1);
  private final Object catalogLock = new Object();
  private Optional<PublicationCatalog> upkeepCatalog = Optional.empty();
  private volatile Optional<Thread> reader = Optional.empty();
  private volatile Optional<Thread> upkeep = Optional.empty();
  private volatile boolean streaming;
  private volatile String lastFailure = "";
  private volatile boolean stillWriting;
  private volatile Lsn mainFlushed = Lsn.ZERO;
  private volatile long rowsStored;

  public FeedSupervisor(FeedSettings settings, FeedStore store) {
    this.settings = settings;
    this.store = store;
    this.tables = new WatchedTables(store);
  }

  /**
   * How the feed is doing.
   *
   * @param streaming whether main's WAL is being read right now
   * @param applied everything at or below it is stored
   * @param lagBytes how much of main's WAL is not stored yet, when last looked
   * @param rowsStored folded row changes written since the start
   * @param lastFailure what went wrong last, empty while all is well
   * @param unwatched by table: why its changes are not known
   */
  public record Status(
      boolean streaming,
      Lsn applied,
      long lagBytes,
      long rowsStored,
      String lastFailure,
      Map<String, String> unwatched) {}

  /** Begins to read, and to try again for as long as it takes. */
  public void start() {
    store.beforeEveryDelta(this::lookNow);
    reader = Optional.of(Thread.ofPlatform().daemon().name("main feed").start(this::read));
    upkeep =
        Optional.of(
            Thread.ofPlatform()
                .daemon()
                .name("main feed's publication")
                .start(this::lookAfterTables));
  }

  /**
   * Waits until main's WAL has been read for the first time.
   *
   * @throws AnabranchException MAIN_UNREACHABLE with the last failure when it takes too long
   */
  public void awaitStreaming(Duration patience) {
    try {
      if (!streamed.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AnabranchException(
            stillWriting ? ErrorCode.MAIN_BUSY : ErrorCode.MAIN_UNREACHABLE,
            lastFailure.isEmpty()
                ? "its WAL could not be read within " + patience.toSeconds() + " s"
                : lastFailure);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, "waiting for it was interrupted");
    }
  }

  /**
   * Looks at main's tables now, and waits until all that can be watched are: then every later fork
   * point has all their changes. Best called before a fork point is made.
   *
   * @return false when some still wait, for transactions that were writing when they were found
   * @throws AnabranchException MAIN_UNREACHABLE when main can't be asked
   */
  public boolean awaitWatched(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    try {
      lookNow();
      while (!tables.isSettled()) {
        if (System.nanoTime() > end || isStopped()) {
          return false;
        }
        store.pause(SETTLING_LOOK);
        lookNow();
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Takes a table, or all partitions of one, out of the publication and keeps it out: main's
   * commands on it are free of what being published forbids, and what changes in it is not known.
   *
   * @return the tables
   * @throws AnabranchException MAIN_TABLE_UNKNOWN, MAIN_UNREACHABLE, or MAIN_BUSY when a lock keeps
   *     it in for a moment longer
   */
  public List<String> unwatch(String table) {
    List<FeedStore.LeftOut> found = named(table);
    store.leaveOut(found);
    lookNow();
    if (tables.isPublished(found.stream().map(FeedStore.LeftOut::table).toList())) {
      throw new AnabranchException(
          ErrorCode.MAIN_BUSY, "a lock on " + table + " keeps it published; it is tried again");
    }
    return found.stream().map(FeedStore.LeftOut::name).toList();
  }

  /** Undoes {@link #unwatch}: it is published again, and watched from then on. */
  public List<String> watch(String table) {
    List<FeedStore.LeftOut> found = named(table);
    store.letIn(found);
    lookNow();
    return found.stream().map(FeedStore.LeftOut::name).toList();
  }

  private List<FeedStore.LeftOut> named(String table) {
    synchronized (catalogLock) {
      try {
        List<FeedStore.LeftOut> found =
            upkeepCatalog().named(table).stream()
                .map(shape -> new FeedStore.LeftOut(shape.id(), shape.qualifiedName()))
                .toList();
        if (found.isEmpty()) {
          throw new AnabranchException(ErrorCode.MAIN_TABLE_UNKNOWN, table);
        }
        return found;
      } catch (SQLException e) {
        dropCatalog();
        throw failure("looking at main's tables", e);
      }
    }
  }

  public Status status() {
    Lsn applied = store.applied();
    long lag = Math.max(0, mainFlushed.value() - applied.value());
    return new Status(streaming, applied, lag, rowsStored, lastFailure, tables.unwatched());
  }

  /**
   * Stops reading. Main keeps the slot, and with it its log, until this comes back or {@link
   * #remove} is called.
   */
  @Override
  public void close() {
    stopped.countDown();
    store.nudge();
    join(reader);
    join(upkeep);
    dropCatalog();
  }

  /**
   * What was taken from main.
   *
   * @param slot the replication slot, if it was there
   * @param publication the publication, if it was there
   */
  public record Removed(Optional<String> slot, Optional<String> publication) {}

  /**
   * For good: stops, and takes the slot and the publication from main. What an earlier call left
   * halfway is ended.
   *
   * @throws AnabranchException MAIN_UNREACHABLE before anything is stopped, POSTGRES_FAILED when
   *     something stays
   */
  public Removed remove() {
    try (PublicationCatalog main = catalogOfMain()) {
      close();
      if (reader.map(Thread::isAlive).orElse(false)) {
        // It may be making the slot this very moment, behind our back.
        throw new AnabranchException(
            ErrorCode.POSTGRES_FAILED,
            "stopping the feed",
            "it waits for transactions of main's to end; try again then.");
      }
      Optional<PublicationCatalog.Slot> slot = main.slot(settings.slot());
      if (slot.isPresent()) {
        dropSlot(main, slot.get());
      }
      boolean published = main.dropPublication();
      if (!main.dropGuard()) {
        LOG.warn(
            "the event trigger anabranch_guard stays on main, where it does nothing any more: only"
                + " a superuser may drop it");
      }
      store.clear();
      return new Removed(
          slot.map(ignored -> settings.slot()),
          published ? Optional.of(settings.publication()) : Optional.empty());
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED,
          e,
          "taking the feed's slot and publication from main",
          String.valueOf(e.getMessage()));
    }
  }

  private PublicationCatalog catalogOfMain() {
    try {
      return PublicationCatalog.open(settings);
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  private void read() {
    Duration retry = FIRST_RETRY;
    while (!isStopped()) {
      try {
        session();
        lastFailure = "";
        retry = FIRST_RETRY;
      } catch (SQLException | RuntimeException e) {
        failed("reading main's WAL", e);
        if (streaming) {
          retry = FIRST_RETRY; // it had worked
        }
        rest(retry);
        retry =
            retry.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? retry.multipliedBy(2) : LAST_RETRY;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        streaming = false;
      }
    }
  }

  /** One session; it ends by itself when more tables can be watched by a new one. */
  private void session() throws SQLException, InterruptedException {
    Lsn start = establish();
    tables.sessionBegins(start);
    try (FeedSink sink = store.openWriter();
        FeedSession session = FeedSession.open(settings, start)) {
      long before = rowsStored;
      session.run(
          sink,
          () -> {
            rowsStored = before + sink.rowsStored();
            streaming = true;
            lastFailure = "";
            streamed.countDown();
            return tables
                .wantsSessionAt()
                .map(wanted -> !wanted.isAfter(sink.applied()))
                .orElse(false);
          },
          this::isStopped,
          store::pause);
    }
  }

  /**
   * Makes sure that slot and publication are there and go on from where the store is; gives that
   * position.
   */
  private Lsn establish() throws SQLException {
    try (PublicationCatalog main = PublicationCatalog.open(settings)) {
      boolean published = main.ensurePublication();
      Optional<PublicationCatalog.Slot> slot = main.slot(settings.slot());
      Optional<FeedStore.Progress> progress = store.progress();
      String systemId = main.systemId();
      if (slot.isPresent() && progress.isPresent() && published) {
        Optional<String> gap = gap(main, slot.get(), progress.get(), systemId);
        if (gap.isEmpty()) {
          freeSlot(main, slot.get());
          return progress.get().applied();
        }
        LOG.warn("main's changes are watched anew: {}", gap.get());
      } else if (progress.isPresent()) {
        LOG.warn("main's changes are watched anew: the slot or the publication was gone");
      }
      if (slot.isPresent()) {
        dropSlot(main, slot.get());
      }
      List<WatchedTable> watched = tables.begin(main);
      Lsn start = main.createSlot(settings.slot());
      store.restart(settings.slot(), systemId, start, tables.begun(watched, start));
      LOG.info("{} tables of main are watched since {}", watched.size(), start);
      return start;
    }
  }

  /** Why what is stored and what the slot will send do not meet, if so. */
  private Optional<String> gap(
      PublicationCatalog main,
      PublicationCatalog.Slot slot,
      FeedStore.Progress progress,
      String systemId)
      throws SQLException {
    if (slot.lost()) {
      return Optional.of("the slot was invalidated, because main could keep no more of its WAL");
    }
    if (!slot.plugin().equals("pgoutput") || !slot.database().equals(main.database())) {
      return Optional.of("the slot is not ours");
    }
    if (!progress.slot().equals(settings.slot()) || !progress.systemId().equals(systemId)) {
      return Optional.of("this is another main");
    }
    if (slot.confirmed().isEmpty() || slot.confirmed().get().isAfter(progress.applied())) {
      return Optional.of("the slot is ahead of what is stored");
    }
    if (main.horizon().flushLsn().isBefore(progress.applied())) {
      return Optional.of("main has gone back to an earlier state");
    }
    return Optional.empty();
  }

  private static void freeSlot(PublicationCatalog main, PublicationCatalog.Slot slot)
      throws SQLException {
    if (slot.activePid().isPresent()) {
      main.endReader(slot.activePid().getAsLong());
    }
  }

  private void dropSlot(PublicationCatalog main, PublicationCatalog.Slot slot) throws SQLException {
    freeSlot(main, slot);
    main.dropSlot(settings.slot());
  }

  private void lookAfterTables() {
    boolean early = false;
    while (!isStopped()) {
      if (streaming) {
        try {
          lookNow();
        } catch (AnabranchException e) {
          failed("looking after the publication", e);
        }
      }
      // What could not be taken out then is not tried again sooner than usual.
      if (early) {
        rest(settings.upkeep());
      }
      early = !early && restWatchfully();
    }
  }

  /** Rests between two looks; true when it ended sooner, since production may be waiting. */
  private boolean restWatchfully() {
    Duration rested = Duration.ZERO;
    while (!isStopped() && rested.compareTo(settings.upkeep()) < 0) {
      rest(GLANCE);
      rested = rested.plus(GLANCE);
      if (!isStopped() && streaming && mayBeRefusing()) {
        return true;
      }
    }
    return false;
  }

  private boolean mayBeRefusing() {
    synchronized (catalogLock) {
      try {
        return upkeepCatalog().mayRefuseUpdates();
      } catch (SQLException e) {
        dropCatalog();
        return false;
      }
    }
  }

  /**
   * Looks at main's tables now.
   *
   * @throws AnabranchException MAIN_UNREACHABLE when main can't be asked
   */
  private void lookNow() {
    synchronized (catalogLock) {
      if (store.progress().isEmpty()) {
        return;
      }
      try {
        PublicationCatalog main = upkeepCatalog();
        tables.look(main);
        mainFlushed = main.horizon().flushLsn();
        store.nudge();
      } catch (SQLException e) {
        dropCatalog();
        throw failure("looking at main's tables", e);
      }
    }
  }

  /** That main can't be reached is said only when it can't. */
  private static AnabranchException failure(String doing, SQLException e) {
    String state = String.valueOf(e.getSQLState());
    boolean away = state.startsWith("08") || state.startsWith("57P") || state.startsWith("28");
    return away
        ? new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()))
        : new AnabranchException(
            ErrorCode.POSTGRES_FAILED, e, doing, String.valueOf(e.getMessage()));
  }

  private PublicationCatalog upkeepCatalog() throws SQLException {
    if (upkeepCatalog.isEmpty()) {
      upkeepCatalog = Optional.of(PublicationCatalog.open(settings));
    }
    return upkeepCatalog.get();
  }

  private void dropCatalog() {
    synchronized (catalogLock) {
      upkeepCatalog.ifPresent(main -> {
        try {
          main.close();
        } catch (SQLException e) {
          LOG.debug("closing a connection to main", e);
        }
      });
      upkeepCatalog = Optional.empty();
    }
  }

  private void failed(String what, Exception e) {
    if (!isStopped()) {
      String before = lastFailure;
      stillWriting = e instanceof PublicationCatalog.StillWriting;
      lastFailure =
          stillWriting ? String.valueOf(e.getMessage()) : what + " failed: " + e.getMessage();
      if (!lastFailure.equals(before)) { // one line for each cause
        LOG.warn("{}", lastFailure);
      }
      LOG.debug("{} failed", what, e);
    }
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** Waits for a while, or for the end. */
  private void rest(Duration time) {
    try {
      if (stopped.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("stopping");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(Optional<Thread> thread) {
    try {
      if (thread.isPresent()) {
        thread.get().join(Duration.ofSeconds(10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
