package dev.anabranch.branch.history;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.mirror.Mirror;
import dev.anabranch.branch.storage.DataDirectory;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.branch.storage.FilesystemProbe;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.branch.storage.Urgency;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Main as it was: raw copies of the mirror (bases), made on a schedule, and main's WAL from the
 * oldest of them on.
 *
 * <p>The log is what the mirror has received anyway: a replication slot on the <em>mirror</em>
 * keeps it there. Main keeps nothing for it. A mirror that is built anew has no such slot; then the
 * history begins anew.
 *
 * <p>Locks: one base is made at a time ({@code tending}); whoever uses a base shares {@code using},
 * whoever drops one holds it alone.
 */
public final class History {

  private static final Logger log = LoggerFactory.getLogger(History.class);
  private static final String SLOT = "anabranch_history";

  /** With less room than this on the disk only the newest base is kept. */
  private static final double SCARCE = 0.05;

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMinutes(1);

  private final Mirror mirror;
  private final DataLayout home;
  private final Storage storage;
  private final HistoryStore store;
  private final HistorySettings settings;
  private final InstantSource clock;
  private final ReentrantLock tending = new ReentrantLock();
  private final ReentrantReadWriteLock using = new ReentrantReadWriteLock();
  // Both are guarded by tending.
  private Instant notBefore = Instant.MIN;
  private boolean ended;

  /**
   * @param control a pool on the control database
   */
  public History(
      Mirror mirror,
      DataLayout home,
      Storage storage,
      DataSource control,
      HistorySettings settings,
      InstantSource clock) {
    this.mirror = mirror;
    this.home = home;
    this.storage = storage;
    this.store = new HistoryStore(control);
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * What can be had again.
   *
   * @param from the oldest position
   * @param since when that was
   * @param bases how many copies of the mirror are kept
   * @param logBytes how much of main's WAL is kept
   */
  public record Window(Lsn from, Instant since, int bases, long logBytes) {}

  /** What can be had again, if anything can. */
  public Optional<Window> window() {
    List<Base> bases = store.bases();
    return bases.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Window(
                bases.getFirst().position(),
                bases.getFirst().takenAt(),
                bases.size(),
                logBehind(bases.getFirst())));
  }

  private long logBehind(Base base) {
    return Math.max(0, mirror.replayed().value() - base.redo().value());
  }

  /** Removes what a crash left; before anything else of this class. */
  public void recover() {
    for (long id : store.unfinished()) {
      storage.delete(directory(id));
      store.remove(id);
    }
    Set<String> known =
        store.bases().stream().map(base -> Long.toString(base.id())).collect(Collectors.toSet());
    storage.deleteAllBut(home.history(), known);
  }

  private Path directory(long id) {
    return home.history().resolve(Long.toString(id));
  }

  private Path data(Base base) {
    return directory(base.id()).resolve("data");
  }

  /** Makes a base when it is time for one, and drops what is too old or too much. */
  public void tend() {
    tending.lock();
    try {
      if (settings.isOff()) {
        end();
      } else if (!clock.instant().isBefore(notBefore)) {
        notBefore = clock.instant().plus(PAUSE_AFTER_FAILURE);
        beginAnewUnlessKept();
        if (isDue()) {
          take();
        }
        dropOld();
        notBefore = Instant.MIN;
      }
    } finally {
      tending.unlock();
    }
  }

  /** It was on once, perhaps, and is off now. */
  private void end() {
    if (!ended) {
      forget();
      mirror.read(connection ->
          single(
              connection,
              "SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE"
                  + " slot_name = '"
                  + SLOT
                  + "'"));
      ended = true;
    }
  }

  /** Drops every base. */
  public void forget() {
    tending.lock();
    try {
      drop(store.bases());
    } finally {
      tending.unlock();
    }
  }

  private void beginAnewUnlessKept() {
    Optional<Lsn> kept = keptFrom();
    long timeline = timeline();
    List<Base> lost =
        store.bases().stream()
            .filter(base ->
                kept.isEmpty() || base.redo().isBefore(kept.get()) || base.timeline() != timeline)
            .toList();
    if (!lost.isEmpty()) {
      log.warn(
          "the mirror was built anew, or main is another server now: what could be restored of main"
              + " before is gone");
      drop(lost);
    }
    if (kept.isEmpty()) {
      mirror.read(connection ->
          single(connection, "SELECT pg_create_physical_replication_slot('" + SLOT + "', true)"));
    }
  }

  /** From where on the mirror keeps main's WAL; empty when it does not. */
  private Optional<Lsn> keptFrom() {
    String text =
        mirror.read(connection ->
            single(
                connection,
                "SELECT max(restart_lsn::text) FROM pg_replication_slots WHERE wal_status IS"
                    + " DISTINCT FROM 'lost' AND slot_name = '"
                    + SLOT
                    + "'"));
    return text.isEmpty() ? Optional.empty() : Optional.of(Lsn.parse(text));
  }

  /** Main's timeline; on the way from one to the next: neither. */
  private long timeline() {
    return Long.parseLong(
        mirror.read(connection ->
            single(
                connection,
                "SELECT CASE WHEN c.timeline_id = r.min_recovery_end_timeline AND"
                    + " coalesce(received_tli, c.timeline_id) = c.timeline_id THEN c.timeline_id"
                    + " ELSE 0 END FROM pg_control_checkpoint() c, pg_control_recovery() r LEFT"
                    + " JOIN pg_stat_wal_receiver ON true")));
  }

  private boolean isDue() {
    List<Base> bases = store.bases();
    if (bases.isEmpty()) {
      return true;
    }
    Base newest = bases.getLast();
    boolean old = !newest.takenAt().plus(settings.every()).isAfter(clock.instant());
    boolean behind = logBehind(newest) > settings.mostLogBytes() / 2;
    return (old || behind) && mirror.replayed().isAfter(newest.position());
  }

  private void take() {
    long id = store.begin();
    try {
      long timeline = timeline();
      Mirror.Frozen frozen =
          mirror.frozen(stopped -> {
            storage.densify(stopped.data(), Urgency.NOBODY_WAITS);
            storage.copy(
                stopped.data(),
                directory(id).resolve("data"),
                DataDirectory.withoutSlots().and(DataDirectory.withoutWal()));
            return stopped;
          });
      storage.makeDurable(directory(id));
      if (timeline == 0 || timeline() != timeline) {
        throw new AnabranchException(
            ErrorCode.POSTGRES_FAILED, "keeping main as it is", "main has just become another.");
      }
      store.finish(new Base(id, frozen.position(), frozen.redo(), mainClock(), timeline));
    } catch (RuntimeException e) {
      storage.delete(directory(id));
      store.remove(id);
      throw e;
    }
  }

  private Instant mainClock() {
    try (Connection connection = mirror.main().connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
      row.next();
      return row.getTimestamp(1).toInstant();
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  /** Keeps what is young enough and, so that all of that can be had, the one before. */
  private void dropOld() {
    List<Base> bases = store.bases();
    Instant horizon = clock.instant().minus(settings.keep());
    FilesystemProbe ground = FilesystemProbe.of(home.directory());
    boolean scarce = ground.freeBytes() < ground.totalBytes() * SCARCE;
    int over = 0;
    while (over < bases.size() - 1
        && (!bases.get(over + 1).takenAt().isAfter(horizon)
            || logBehind(bases.get(over)) > settings.mostLogBytes()
            || scarce)) {
      over++;
    }
    if (over > 0) {
      drop(bases.subList(0, over));
    }
    keepFrom(bases.get(over).redo());
  }

  private void drop(List<Base> bases) {
    using.writeLock().lock();
    try {
      for (Base base : bases) {
        storage.delete(directory(base.id()));
        store.remove(base.id());
      }
    } finally {
      using.writeLock().unlock();
    }
  }

  private void keepFrom(Lsn position) {
    mirror.read(connection ->
        single(
            connection,
            String.format(
                Locale.ROOT,
                "SELECT count(pg_replication_slot_advance(slot_name, '%s')) FROM"
                    + " pg_replication_slots WHERE slot_name = '%s' AND restart_lsn < '%s'",
                position,
                SLOT,
                position)));
  }

  /** A moment that can be had again, for as long as the action runs that got it. */
  public final class Moment {
    private final Base base;
    private final PastLog.Moment found;

    private Moment(Base base, PastLog.Moment found) {
      this.base = base;
      this.found = found;
    }

    /** Every commit that ends at or below it was there, none above. */
    public Lsn end() {
      return found.lsn();
    }

    /** When that was. */
    public Instant time() {
      return found.time();
    }

    /** Files that recover to exactly the end, and no further. */
    public void copyTo(Path target) {
      storage.copy(data(base), target, DataDirectory.withoutSlots());
      pastLog(base).copyTo(target, base.redo(), end(), storage);
    }
  }

  private PastLog pastLog(Base base) {
    return new PastLog(
        new LogSegments(mirror.log(), base.timeline(), mirror.facts().walSegmentBytes()));
  }

  /**
   * Gives the action this moment of main, which the mirror has replayed.
   *
   * @throws AnabranchException with {@link ErrorCode#BRANCH_POINT_GONE} when it is not kept
   */
  public <T> T at(PastPoint point, Function<Moment, T> action) {
    using.readLock().lock();
    try {
      Base base = baseBefore(point);
      return action.apply(moment(base, point));
    } finally {
      using.readLock().unlock();
    }
  }

  private Base baseBefore(PastPoint point) {
    List<Base> bases = store.bases();
    if (bases.isEmpty()) {
      throw new AnabranchException(
          ErrorCode.BRANCH_POINT_GONE,
          point,
          settings.isOff()
              ? "nothing of the past is kept unless the setting 'history' says so"
              : "the history of main begins in a moment");
    }
    return bases.reversed().stream()
        .filter(base -> !isBefore(point, base))
        .findFirst()
        .orElseThrow(() ->
            new AnabranchException(
                ErrorCode.BRANCH_POINT_GONE,
                point,
                "the history of main begins at "
                    + bases.getFirst().position()
                    + ", "
                    + bases.getFirst().takenAt()));
  }

  private static boolean isBefore(PastPoint point, Base base) {
    return switch (point) {
      case PastPoint.AtLsn(Lsn lsn) -> lsn.isBefore(base.position());
      case PastPoint.AtTime(Instant time) -> time.isBefore(base.takenAt());
    };
  }

  private Moment moment(Base base, PastPoint point) {
    if (timeline() != base.timeline()) {
      throw new AnabranchException(
          ErrorCode.BRANCH_POINT_GONE, point, "main is another server since then");
    }
    PastLog.Moment found =
        pastLog(base)
            .find(point, new PastLog.Moment(base.position(), base.takenAt()), mirror.replayed());
    return switch (point) {
      case PastPoint.AtLsn ignored -> new Moment(base, found);
      case PastPoint.AtTime(Instant asked) ->
          new Moment(base, new PastLog.Moment(found.lsn(), asked));
    };
  }

  /** The position before which nothing can be had; what others keep for longer is for nobody. */
  public Optional<Lsn> oldest() {
    return store.bases().stream().findFirst().map(Base::position);
  }

  private static String single(Connection connection, String sql) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      String text = row.getString(1);
      return text == null ? "" : text;
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED,
          e,
          "keeping the history of main",
          String.valueOf(e.getMessage()));
    }
  }
}
