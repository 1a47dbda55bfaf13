package dev.anabranch.branch.golden;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.BranchPoint;
import dev.anabranch.branch.mirror.MainFacts;
import dev.anabranch.branch.mirror.Mirror;
import dev.anabranch.branch.storage.DataDirectory;
import dev.anabranch.branch.storage.Home;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.ClusterSpec;
import dev.anabranch.cluster.Network;
import dev.anabranch.cluster.Poll;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Cuts golden images from the mirror, keeps those that something rests on, and drops the rest.
 *
 * <p>A fork point counts log up to the <em>end</em> of a record: a commit is inside when its end
 * LSN (pgoutput's {@code end_lsn}, not {@code commit_lsn}, which is where its record starts) is at
 * or below the fork point.
 *
 * <p>Locks: one cut at a time, and no drop meanwhile; the pins' monitor is held while an image is
 * chosen or forgotten, never for long.
 */
public final class GoldenImages {

  private static final Duration START_PATIENCE = Duration.ofMinutes(10);
  private static final Duration REPLAY_PATIENCE = Duration.ofMinutes(5);
  private static final Duration FLUSH_PATIENCE = Duration.ofSeconds(2);

  private final Mirror mirror;
  private final Home home;
  private final Storage storage;
  private final GoldenSurvey survey;
  private final Network network;
  private final GoldenStore store;
  private final Duration freshness;
  private final InstantSource clock;
  private final ReentrantLock cutting = new ReentrantLock();
  private final Map<Long, Integer> pins = new HashMap<>(); // guarded by itself

  /** When main was last known to have nothing that an image has not. */
  private final Map<Long, Instant> freshAsOf = new ConcurrentHashMap<>();

  /**
   * @param control a pool on the control database
   * @param network what copies of main may reach
   * @param freshness how old an image may be for a branch that starts at the latest
   */
  public GoldenImages(
      Mirror mirror,
      Home home,
      Storage storage,
      GoldenSurvey survey,
      DataSource control,
      Network network,
      Duration freshness,
      InstantSource clock) {
    this.mirror = mirror;
    this.home = home;
    this.storage = storage;
    this.survey = survey;
    this.store = new GoldenStore(control);
    this.network = network;
    this.freshness = freshness;
    this.clock = clock;
  }

  /** Removes what a crash left of cuts; before anything else of this class. */
  public void recover() {
    for (long id : store.unfinished()) {
      stopLeftover(id);
      storage.delete(directory(id));
      store.remove(id);
    }
    Set<String> known =
        store.whole().stream().map(image -> Long.toString(image.id())).collect(Collectors.toSet());
    storage.deleteAllBut(home.golden(), known);
  }

  private void stopLeftover(long id) {
    ClusterSpec spec = spec(id, Map.of());
    new Cluster(mirror.installation(), storage.user(), spec).stop(StopMode.IMMEDIATE);
  }

  /** Whole images, the newest first. */
  public List<GoldenImage> list() {
    return store.whole();
  }

  /** The image of exactly this fork point, if it is still kept. */
  public Optional<GoldenImage> of(Lsn forkLsn) {
    return store.at(forkLsn);
  }

  /** What copies of main may reach. */
  public Network network() {
    return network;
  }

  /** Its data directory; never start a Postgres there, copy it. */
  public Path data(GoldenImage image) {
    return directory(image.id()).resolve("data");
  }

  private Path directory(long id) {
    return home.golden().resolve(Long.toString(id));
  }

  /** Whether it is young enough for a branch that starts at the latest. Quick. */
  public boolean isFresh(GoldenImage image) {
    Instant asOf = freshAsOf.getOrDefault(image.id(), image.forkTime());
    return asOf.plus(freshness).isAfter(clock.instant());
  }

  /** An image that is not dropped while this is open. */
  public final class Pin implements AutoCloseable {

    private final GoldenImage image;

    private Pin(GoldenImage image) {
      this.image = image;
      pins.merge(image.id(), 1, Integer::sum);
    }

    public GoldenImage image() {
      return image;
    }

    @Override
    public void close() {
      synchronized (pins) {
        pins.computeIfPresent(image.id(), (id, count) -> count == 1 ? null : count - 1);
      }
    }
  }

  /**
   * The image for a branch that starts here; cut now where the point asks for it.
   *
   * @throws AnabranchException with {@link ErrorCode#BRANCH_POINT_INVALID} when no image of that
   *     point is kept
   */
  public Pin pin(BranchPoint point) {
    return switch (point) {
      case BranchPoint.Now _ -> pinCut();
      case BranchPoint.Latest _ -> pinKept(this::isFresh).orElseGet(this::pinCut);
      case BranchPoint.AtLsn(Lsn lsn) ->
          pinKept(image -> image.forkLsn().equals(lsn)).orElseThrow(() -> invalid(lsn.toString()));
      case BranchPoint.AtTime(Instant time) ->
          pinKept(image -> !image.forkTime().isAfter(time))
              .orElseThrow(() -> invalid(time.toString()));
    };
  }

  private Pin pinCut() {
    cutting.lock(); // until it is pinned, only the newest image is safe, and a cut may follow
    try {
      GoldenImage image = cut();
      synchronized (pins) {
        return new Pin(image);
      }
    } finally {
      cutting.unlock();
    }
  }

  /** The newest that suits. */
  private Optional<Pin> pinKept(Predicate<GoldenImage> suits) {
    synchronized (pins) {
      return store.whole().stream().filter(suits).findFirst().map(Pin::new);
    }
  }

  private Optional<GoldenImage> newest() {
    return store.whole().stream().findFirst();
  }

  private static AnabranchException invalid(String point) {
    return new AnabranchException(ErrorCode.BRANCH_POINT_INVALID, point);
  }

  /**
   * An image in which every commit is that main acknowledged before this call. When main has
   * written nothing since the newest image, that one.
   */
  public GoldenImage cut() {
    cutting.lock();
    try {
      Instant now = clock.instant();
      Asked asked = askMain();
      Optional<GoldenImage> newest = newest();
      GoldenImage image =
          newest.isPresent() && !asked.position().isAfter(newest.get().forkLsn())
              ? newest.get()
              : cutNew(asked, flush(asked.position()));
      freshAsOf.put(image.id(), now);
      return image;
    } finally {
      cutting.unlock();
    }
  }

  /**
   * Where main's log was when it was asked: what was acknowledged before is at or below the
   * position.
   */
  private record Asked(Lsn position, Instant time) {}

  private Asked askMain() {
    try (Connection connection = mirror.main().connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT clock_timestamp(), pg_current_wal_insert_lsn()")) {
      row.next();
      return new Asked(
          WalPosition.endOfRecord(Lsn.parse(row.getString(2))), row.getTimestamp(1).toInstant());
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Has main write out its log up to here, commits with {@code synchronous_commit = off} included;
   * returns how far it is.
   */
  private Lsn flush(Lsn position) {
    try (Connection connection = mirror.main().connect();
        Statement statement = connection.createStatement()) {
      if (mirror.facts().mayCheckpoint()) {
        // The mirror's own checkpoints follow main's: without one now, each image replays what came
        // since the last.
        statement.execute("CHECKPOINT");
      }
      Poll.until(FLUSH_PATIENCE, () -> !flushed(statement).isBefore(position));
      return flushed(statement);
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  private static Lsn flushed(Statement statement) {
    try (ResultSet row = statement.executeQuery("SELECT pg_current_wal_flush_lsn()")) {
      row.next();
      return WalPosition.endOfRecord(Lsn.parse(row.getString(1)));
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  private GoldenImage cutNew(Asked asked, Lsn target) {
    if (!mirror.awaitReplay(target, REPLAY_PATIENCE)) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED,
          "cutting a golden image",
          "the mirror has not reached "
              + target
              + " within "
              + REPLAY_PATIENCE.toMinutes()
              + " minutes.");
    }
    MainFacts facts = mirror.facts();
    Map<String, String> mainSettings = new HashMap<>(facts.sessionDefaults());
    for (String name : List.of("max_prepared_transactions", "max_locks_per_transaction")) {
      mainSettings.put(name, facts.standbyMinimums().getOrDefault(name, "64"));
    }
    long id = store.begin(facts.major(), mirror.main().database(), mainSettings);
    try {
      Lsn forkLsn = copyMirror(id, facts.walSegmentBytes());
      recoverAndPrepare(id, forkLsn, facts, mainSettings);
      storage.makeDurable(
          directory(id)); // it was prepared without fsync, and branches will rest on it
      store.finish(id, forkLsn, asked.time());
      dropUnused();
      return new GoldenImage(
          id, forkLsn, asked.time(), facts.major(), mirror.main().database(), mainSettings);
    } catch (RuntimeException e) {
      stopLeftover(id);
      storage.delete(directory(id));
      store.remove(id);
      throw e;
    }
  }

  private Lsn copyMirror(long id, long segmentBytes) {
    Path data = directory(id).resolve("data");
    return mirror.frozen(frozen -> {
      storage.densify(frozen.data());
      storage.copy(
          frozen.data(),
          data,
          DataDirectory.withoutSlots()
              .and(DataDirectory.walBetween(frozen.redo(), frozen.position(), segmentBytes)));
      DataDirectory.endWalAt(data, frozen.position(), segmentBytes);
      return frozen.position();
    });
  }

  private ClusterSpec spec(long id, Map<String, String> settings) {
    return new ClusterSpec(
        directory(id).resolve("data"),
        home.socketsOf("golden-" + id),
        OptionalInt.empty(),
        settings,
        List.of("local all all trust"),
        directory(id).resolve("postgres.log"),
        network);
  }

  private void recoverAndPrepare(
      long id, Lsn forkLsn, MainFacts facts, Map<String, String> mainSettings) {
    Map<String, String> settings =
        new HashMap<>(BranchSettings.of(facts.major(), mainSettings, false));
    settings.put("shared_buffers", "64MB");
    settings.put("max_wal_size", "4GB"); // no checkpoint but those we ask for
    settings.put("checkpoint_timeout", "1d");
    Cluster cluster = new Cluster(mirror.installation(), storage.user(), spec(id, settings));
    String database = mirror.main().database();
    cluster.forgetForeignSettings();
    cluster.start(START_PATIENCE);
    try {
      try (Connection connection = cluster.connect(facts.bootstrapSuperuser(), database)) {
        requireEndOfRecovery(connection, forkLsn);
        survey.asMain(connection, forkLsn);
      }
      new Preparation(cluster, facts.bootstrapSuperuser(), database, network).run();
      try (Connection connection = cluster.connect(Roles.OWNER, database)) {
        survey.asBranch(connection, forkLsn);
      }
      warm(cluster, database);
      shutDown(cluster, database, facts.walSegmentBytes());
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED, e, "preparing a golden image", String.valueOf(e.getMessage()));
    } finally {
      cluster.stop(StopMode.IMMEDIATE);
      storage.delete(home.socketsOf("golden-" + id));
    }
  }

  /**
   * The same truth from the other side: recovery ended where the mirror stood, and wrote its
   * checkpoint right there.
   */
  private static void requireEndOfRecovery(Connection connection, Lsn forkLsn) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT checkpoint_lsn FROM pg_control_checkpoint()")) {
      row.next();
      Lsn end = WalPosition.endOfRecord(Lsn.parse(row.getString(1)));
      if (!end.equals(WalPosition.endOfRecord(forkLsn))) {
        throw new AnabranchException(
            ErrorCode.POSTGRES_FAILED,
            "recovering a golden image",
            "recovery ended at " + end + " and not at the mirror's position " + forkLsn + ".");
      }
    }
  }

  /**
   * The client's first connection writes the catalog cache files that every branch then has from
   * the start.
   */
  private static void warm(Cluster cluster, String database) throws SQLException {
    try (Connection connection = cluster.connect(Roles.CLIENT, database);
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT count(*) FROM pg_class");
    }
  }

  private void shutDown(Cluster cluster, String database, long segmentBytes) throws SQLException {
    Lsn from;
    Lsn to;
    try (Connection connection = cluster.connect(Roles.OWNER, database);
        Statement statement = connection.createStatement()) {
      statement.execute("CHECKPOINT");
      try (ResultSet row =
          statement.executeQuery(
              "SELECT min(restart_lsn), pg_current_wal_insert_lsn() FROM pg_replication_slots")) {
        row.next();
        from = Lsn.parse(row.getString(1));
        to = Lsn.parse(row.getString(2));
      }
    }
    cluster.stop(StopMode.FAST);
    DataDirectory.trimWal(cluster.spec().data(), from, to, segmentBytes);
    storage.densify(cluster.spec().data()); // a long recovery broke what it shares with the mirror
  }

  /** Drops every image that no branch rests on and nobody has pinned; the newest is kept. */
  public void dropUnused() {
    cutting.lock();
    try {
      for (GoldenImage image : forgetUnused()) {
        storage.delete(directory(image.id()));
        freshAsOf.remove(image.id());
      }
    } finally {
      cutting.unlock();
    }
  }

  private List<GoldenImage> forgetUnused() {
    synchronized (pins) {
      Set<Long> keep = new HashSet<>(store.inUse());
      keep.addAll(pins.keySet());
      newest().ifPresent(image -> keep.add(image.id()));
      List<GoldenImage> unused =
          store.whole().stream().filter(image -> !keep.contains(image.id())).toList();
      unused.forEach(image -> store.remove(image.id()));
      return unused;
    }
  }
}
