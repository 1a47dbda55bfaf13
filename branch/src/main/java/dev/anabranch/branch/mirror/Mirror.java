package dev.anabranch.branch.mirror;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.storage.DataDirectory;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.ClusterSpec;
import dev.anabranch.cluster.ClusterState;
import dev.anabranch.cluster.Installation;
import dev.anabranch.cluster.Installations;
import dev.anabranch.cluster.Poll;
import dev.anabranch.cluster.SystemUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A physical streaming standby of main on our own storage, with a replication slot of its own
 * there. It is the source of golden images and the place where main's state is read without loading
 * main.
 *
 * <p>It runs as a daemon and is found again after a crash of this process. Whatever is wrong with
 * it can be mended by building it anew: nothing but main's data is in it.
 *
 * <p>Locks: readers ({@link #read}) share one; a cut ({@link #frozen}), a start and a stop hold it
 * alone, because the standby is down meanwhile. Who has that may take the second: replay is paused
 * by us under it alone.
 */
public final class Mirror {

  private static final Logger log = LoggerFactory.getLogger(Mirror.class);
  private static final Duration START_PATIENCE = Duration.ofMinutes(10);
  private static final Duration SLOT_PATIENCE = Duration.ofSeconds(30);
  private static final Duration READING_PATIENCE = Duration.ofSeconds(5);
  private static final int MAJOR_WITH_IO_METHOD = 18;

  private final MainAddress main;
  private final Installations installations;
  private final SystemUser user;
  private final DataLayout home;
  private final Storage storage;
  private final String slot;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private final Replay replay = new Replay(this::connect);

  private volatile Optional<Running> running =
      Optional.empty(); // written under the lock, read by all

  private boolean tornDown; // guarded by the lock

  private record Running(Cluster cluster, MainFacts facts) {}

  /**
   * @param id tells this Anabranch's slots on main from another's: lower-case letters and digits
   */
  public Mirror(
      MainAddress main,
      Installations installations,
      SystemUser user,
      DataLayout home,
      Storage storage,
      String id) {
    this.main = main;
    this.installations = installations;
    this.user = user;
    this.home = home;
    this.storage = storage;
    this.slot = "anabranch_mirror_" + id;
  }

  /**
   * Builds it when there is none, or when the one there is can't follow main any more; starts it,
   * or adopts it running; returns when it answers.
   */
  public void start() {
    lock.writeLock().lock();
    try {
      if (tornDown) {
        throw new AnabranchException(ErrorCode.MAIN_RELEASED);
      }
      MainFacts facts = MainFacts.read(main);
      Running next = new Running(cluster(facts), facts);
      storage.delete(building());
      if (Files.isDirectory(data()) && !canFollow()) {
        log.warn("main no longer keeps the log that the mirror needs: building it anew");
        discard(next.cluster());
      }
      if (!Files.isDirectory(data())) {
        build(next.cluster());
      }
      startOrRebuild(next.cluster());
      resumeReplay(next);
      running = Optional.of(next);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void startOrRebuild(Cluster cluster) {
    try {
      cluster.start(START_PATIENCE);
    } catch (AnabranchException e) {
      if (e.code() == ErrorCode.STORAGE_FULL) {
        throw e;
      }
      log.warn("the mirror does not start ({}): building it anew", e.getMessage());
      discard(cluster);
      build(cluster);
      cluster.start(START_PATIENCE);
    }
  }

  /** A server that was killed during a cut leaves a mirror that runs and replays nothing. */
  private void resumeReplay(Running adopted) {
    try (Connection connection =
            adopted.cluster().connect(adopted.facts().bootstrapSuperuser(), main.database());
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_wal_replay_resume() WHERE pg_is_wal_replay_paused()");
    } catch (SQLException e) {
      throw failed("letting the mirror go on", e);
    }
  }

  private Path data() {
    return home.mirror().resolve("data");
  }

  private Path building() {
    return home.mirror().resolve("building");
  }

  private void build(Cluster cluster) {
    user.makePrivateDirectory(home.mirror());
    dropSlot();
    onMain("SELECT pg_create_physical_replication_slot('" + slot + "', true)");
    try {
      storage.makeDirectory(building());
      new BaseBackup(main, cluster.installation(), user, storage).into(building());
      Files.writeString(building().resolve("standby.signal"), "");
      user.own(building().resolve("standby.signal"));
      storage.makeDurable(building());
      Files.move(building(), data(), StandardCopyOption.ATOMIC_MOVE);
      cluster.forgetForeignSettings();
    } catch (IOException e) {
      throw new UncheckedIOException("building the mirror in " + home.mirror(), e);
    } finally {
      storage.delete(building());
    }
  }

  private void discard(Cluster cluster) {
    cluster.stop(StopMode.IMMEDIATE);
    storage.delete(data());
  }

  /** True while main still has our slot and the log behind it. */
  private boolean canFollow() {
    return onMain(
            "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '"
                + slot
                + "' AND slot_type = 'physical' AND wal_status IS DISTINCT FROM 'lost'")
        .equals("1");
  }

  /** True when there was one. */
  private boolean dropSlot() {
    onMain(
        "SELECT count(pg_terminate_backend(active_pid)) FROM pg_replication_slots WHERE active AND"
            + " slot_name = '"
            + slot
            + "'");
    Poll.until(SLOT_PATIENCE, () -> count("slot_name = '" + slot + "' AND active") == 0);
    return onMain(
            "SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE"
                + " slot_name = '"
                + slot
                + "'")
        .equals("1");
  }

  private int count(String condition) {
    return Integer.parseInt(onMain("SELECT count(*) FROM pg_replication_slots WHERE " + condition));
  }

  private String onMain(String sql) {
    try (Connection connection = main.connect()) {
      return single(connection, sql);
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED,
          e,
          "preparing the mirror on main",
          String.valueOf(e.getMessage()));
    }
  }

  static String single(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  private Cluster cluster(MainFacts facts) {
    Installation installation = installations.forMajor(facts.major());
    Map<String, String> settings = new HashMap<>(facts.standbyMinimums());
    settings.put("hot_standby", "on");
    settings.put("primary_conninfo", primaryConninfo());
    settings.put("primary_slot_name", slot);
    settings.put("recovery_target_timeline", "latest");
    settings.put("wal_receiver_status_interval", "1s");
    settings.put("wal_retrieve_retry_interval", "500ms");
    settings.put("hot_standby_feedback", "off"); // main's vacuum must not wait for us
    settings.put("max_standby_streaming_delay", "60s");
    settings.put("max_standby_archive_delay", "60s");
    settings.put("lock_timeout", "10s"); // who locks on main does so here, for as long as there
    settings.put("wal_level", "logical");
    settings.put("archive_mode", "off");
    settings.put("shared_preload_libraries", "");
    settings.put("max_logical_replication_workers", "0");
    settings.put("shared_buffers", "64MB");
    settings.put("log_timezone", "UTC");
    settings.put("allow_in_place_tablespaces", "on");
    settings.put("timezone", "UTC");
    if (facts.major() >= MAJOR_WITH_IO_METHOD) {
      settings.put("io_method", "sync");
    }
    ClusterSpec spec =
        new ClusterSpec(
            data(),
            home.socketsOf("mirror"),
            OptionalInt.empty(),
            settings,
            List.of("local all all trust"),
            home.mirror().resolve("postgres.log"));
    return new Cluster(installation, user, spec);
  }

  private String primaryConninfo() {
    Map<String, String> values = main.conninfo();
    main.password().ifPresent(word -> values.put("password", word));
    return Conninfo.text(values);
  }

  public MainAddress main() {
    return main;
  }

  /** What main was like when the mirror was last started. */
  public MainFacts facts() {
    return started().facts();
  }

  public Installation installation() {
    return started().cluster().installation();
  }

  public Optional<Long> pid() {
    return running.flatMap(now -> now.cluster().pid());
  }

  private Running started() {
    return running.orElseThrow(() -> new IllegalStateException("the mirror does not run"));
  }

  /**
   * Asks main's state on the mirror, as its superuser in main's database, and keeps a cut from
   * ending the connection meanwhile. A mirror that has died is started first.
   */
  public <T> T read(Function<Connection, T> question) {
    revive();
    lock.readLock().lock();
    try (Connection connection = connect()) {
      return question.apply(connection);
    } catch (SQLException e) {
      throw failed("reading the mirror", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  private void revive() {
    if (!(started().cluster().state() instanceof ClusterState.Ready)) {
      start();
    }
  }

  /**
   * A connection as its superuser to main's database, for reading. A cut of a golden image ends it:
   * see {@link #read}.
   */
  public Connection connect() {
    Running now = started();
    return now.cluster().connect(now.facts().bootstrapSuperuser(), main.database());
  }

  /**
   * Main at exactly one position; empty when replay does not come to a stop soon. A cut of a golden
   * image ends it.
   */
  public Optional<MirrorSnapshot> snapshot() {
    revive();
    lock.readLock().lock();
    try {
      return replay.snapshot();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Every commit that ends at or below it is visible on the mirror. */
  public Lsn replayed() {
    return read(Replay::position);
  }

  /**
   * Returns true as soon as everything up to here is visible on the mirror, false when patience ran
   * out.
   *
   * <p>A standby pauses when main's limits (such as {@code max_connections}) have grown beyond its
   * own; it is started anew with main's then.
   */
  public boolean awaitReplay(Lsn target, Duration patience) {
    boolean ended =
        read(connection ->
            Poll.until(
                patience, () -> replay.isStuck(connection) || Replay.reached(connection, target)));
    if (ended && read(replay::isStuck)) {
      log.info("main's limits have grown: starting the mirror with them");
      stop();
      start();
      return read(connection -> Poll.until(patience, () -> Replay.reached(connection, target)));
    }
    return ended;
  }

  /**
   * A cleanly stopped mirror whose directory may be copied.
   *
   * @param data its directory
   * @param position the end of a record; its files hold nothing of the log behind it, and the log
   *     up to it is there
   * @param redo where recovery starts
   */
  public record Frozen(Path data, Lsn position, Lsn redo) {}

  /**
   * Stops the standby cleanly and starts it again after the action.
   *
   * <p>The log it has received may go further than the position, even into half a record: a copy
   * must end its log at the position before it recovers. (Pausing replay first would give the same
   * position, but a paused standby takes up to a second to notice that it is to stop.)
   */
  public <T> T frozen(Function<Frozen, T> action) {
    revive();
    lock.writeLock().lock();
    try {
      Cluster cluster = started().cluster();
      try {
        Frozen before = checkpoint();
        cluster.stop(StopMode.FAST);
        Lsn position = Lsn.max(before.position(), DataDirectory.minRecoveryEnd(data()));
        return action.apply(new Frozen(data(), position, before.redo()));
      } catch (IOException e) {
        throw new UncheckedIOException("reading the mirror's control file", e);
      } finally {
        cluster.start(START_PATIENCE);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Makes the stop that follows quick, and makes sure that we read the control file as this
   * Postgres writes it.
   */
  private Frozen checkpoint() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      Lsn replayed = Replay.position(connection);
      statement.execute("CHECKPOINT");
      Lsn redo = Lsn.parse(single(connection, "SELECT redo_lsn FROM pg_control_checkpoint()"));
      if (!Poll.until(READING_PATIENCE, () -> readsControlFile(connection))) {
        throw new AnabranchException(
            ErrorCode.POSTGRES_FAILED,
            "freezing the mirror",
            "its control file has an unknown layout.");
      }
      return new Frozen(data(), replayed, redo);
    } catch (SQLException e) {
      throw failed("freezing the mirror", e);
    }
  }

  private boolean readsControlFile(Connection connection) {
    try {
      Lsn told =
          Lsn.parse(single(connection, "SELECT min_recovery_end_lsn FROM pg_control_recovery()"));
      return told.equals(DataDirectory.minRecoveryEnd(data()));
    } catch (SQLException e) {
      throw failed("freezing the mirror", e);
    } catch (IOException e) {
      return false;
    }
  }

  /** The files of main's WAL that it has received. Those that it has replayed don't change. */
  public Path log() {
    return data().resolve("pg_wal");
  }

  /**
   * How far the mirror is.
   *
   * @param replayed its position
   * @param lagBytes how much of main's WAL it has not replayed
   * @param streaming whether it is connected to main
   */
  public record Status(Lsn replayed, long lagBytes, boolean streaming) {}

  public Status status() {
    Lsn replayed = replayed();
    Lsn written = Lsn.parse(onMain("SELECT pg_current_wal_lsn()"));
    boolean streaming = count("slot_name = '" + slot + "' AND active") == 1;
    return new Status(replayed, Math.max(0, written.value() - replayed.value()), streaming);
  }

  /** Stops the standby; its slot stays, so that it can go on later. */
  public void stop() {
    lock.writeLock().lock();
    try {
      running.ifPresent(now -> now.cluster().stop(StopMode.FAST));
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Stops it for good: the slot on main and the files go. What an earlier call left halfway is
   * ended.
   *
   * @return the slot that was taken from main, if it was there
   */
  public Optional<String> tearDown() {
    lock.writeLock().lock();
    try {
      tornDown = true; // a reader that finds it dead must not build it anew
      running.ifPresent(now -> now.cluster().stop(StopMode.IMMEDIATE));
      running = Optional.empty();
      boolean dropped = dropSlot();
      storage.delete(home.mirror());
      return dropped ? Optional.of(slot) : Optional.empty();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private static AnabranchException failed(String doing, SQLException e) {
    return new AnabranchException(
        ErrorCode.POSTGRES_FAILED, e, doing, String.valueOf(e.getMessage()));
  }
}
