package dev.anabranch.branch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Identifiers;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.golden.BranchSettings;
import dev.anabranch.branch.golden.EndOfRecovery;
import dev.anabranch.branch.golden.GoldenImage;
import dev.anabranch.branch.golden.Leftovers;
import dev.anabranch.branch.golden.Roles;
import dev.anabranch.branch.history.PastLog;
import dev.anabranch.branch.storage.DataDirectory;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.branch.storage.DiskUse;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.ClusterSpec;
import dev.anabranch.cluster.ClusterState;
import dev.anabranch.cluster.Installation;
import dev.anabranch.cluster.Installations;
import dev.anabranch.cluster.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Postgres clusters of branches: files, processes and sockets. It knows nothing of names and
 * lifetimes.
 */
final class BranchClusters {

  private static final Logger log = LoggerFactory.getLogger(BranchClusters.class);
  static final Duration START_PATIENCE = Duration.ofMinutes(2);

  /** The application_name of connections that keep nobody from stopping a branch. */
  static final String IN_PASSING = "anabranch in passing";

  /** How much of its log a branch keeps for going back in it. */
  private static final long MOST_LOG_BYTES = 1L << 30;

  private final DataLayout home;
  private final Storage storage;
  private final Installations installations;
  private final Network network;
  private final Map<Integer, Installation> byMajor = new ConcurrentHashMap<>();

  /**
   * Whoever removes files holds it. A branch is hundreds of files; many branches' at once would
   * keep processors and disk from those who wait for a branch, and be gone no sooner.
   */
  private final Semaphore removal = new Semaphore(1, true);

  BranchClusters(DataLayout home, Storage storage, Installations installations, Network network) {
    this.home = home;
    this.storage = storage;
    this.installations = installations;
    this.network = network;
  }

  Cluster cluster(BranchId id, GoldenImage image, boolean ephemeral) {
    Installation installation = byMajor.computeIfAbsent(image.major(), installations::forMajor);
    return new Cluster(
        installation, storage.user(), spec(id, BranchSettings.of(image, !ephemeral)));
  }

  /** Whether its Postgres accepts connections. */
  boolean isRunning(BranchId id) {
    return ClusterState.of(directory(id).resolve("data")) instanceof ClusterState.Ready;
  }

  /** Where its socket is. */
  Path sockets(BranchId id) {
    return home.socketsOf("b" + id);
  }

  private ClusterSpec spec(BranchId id, Map<String, String> settings) {
    return new ClusterSpec(
        directory(id).resolve("data"),
        sockets(id),
        OptionalInt.empty(),
        settings,
        List.of("local all all trust"),
        directory(id).resolve("postgres.log"),
        network);
  }

  Optional<DiskUse> diskUse(BranchId id) {
    return storage.use(directory(id));
  }

  private Path directory(BranchId id) {
    return home.branches().resolve(id.toString());
  }

  void copyInto(Cluster cluster, Path source) {
    storage.copy(source, cluster.spec().data(), DataDirectory.withSlots());
    if (BranchSettings.isDurable(cluster.spec().settings())) {
      storage.makeDurable(cluster.spec().data());
    }
  }

  /**
   * Copies a branch, cleanly stopped for the moment: its sessions end. What it has written so far
   * is not the copy's work.
   */
  void copyInto(Cluster cluster, Cluster parent, String database) {
    boolean ran = !(parent.state() instanceof ClusterState.Stopped);
    if (ran) {
      run(parent, database, "CHECKPOINT"); // most of what a stop waits for, while it still works
      parent.stop(StopMode.FAST);
    }
    try {
      copyInto(cluster, parent.spec().data());
    } finally {
      if (ran) {
        parent.start(START_PATIENCE);
      }
    }
    cluster.start(START_PATIENCE);
    skipToNow(cluster, database);
  }

  /** The files of a branch's own log. */
  Path log(BranchId id) {
    return directory(id).resolve("data").resolve("pg_wal");
  }

  /** Whether its log is still kept from its beginning on. It runs. */
  boolean keepsPast(Cluster cluster, String database) {
    try (Connection connection = cluster.connect(Roles.OWNER, database);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '"
                    + Roles.PAST
                    + "' AND wal_status IS DISTINCT FROM 'lost'")) {
      row.next();
      return row.getInt(1) == 1;
    } catch (SQLException e) {
      throw failure("looking for a branch's WAL", e);
    }
  }

  /** Whether it has written so much that its past can't be kept. */
  boolean hasOutgrownPast(BranchId id) {
    return isRunning(id) && logBytes(id) > MOST_LOG_BYTES;
  }

  private long logBytes(BranchId id) {
    try (Stream<Path> files = Files.list(log(id))) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      return 0; // it is going away under our eyes
    }
  }

  /** Lets a branch forget its past; what it has written itself and nobody has read yet stays. */
  void forgetPast(Cluster cluster, String database) {
    run(
        cluster,
        database,
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
            + Roles.PAST
            + "'");
  }

  /** Makes a running copy of an image that has replayed a branch's log to exactly this end. */
  void restoreInto(Cluster cluster, Path image, Path control, PastLog log, Lsn redo, Lsn end) {
    Path data = cluster.spec().data();
    // The slots may need log from before the redo position; the image has that.
    storage.copy(image, data, DataDirectory.withSlots().and(log.segments().filesBefore(redo)));
    try {
      Files.copy(
          control,
          DataDirectory.control(data),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.COPY_ATTRIBUTES);
    } catch (IOException e) {
      throw new UncheckedIOException("copying " + control, e);
    }
    log.copyTo(data, redo, end, storage);
    if (BranchSettings.isDurable(cluster.spec().settings())) {
      storage.makeDurable(data);
    }
    cluster.start(START_PATIENCE);
  }

  /** Recovery ended there, and what is written from here on is captured. */
  void beginAt(Cluster cluster, String database, Lsn end) {
    try (Connection connection = cluster.connect(Roles.OWNER, database)) {
      EndOfRecovery.require(connection, end);
    } catch (SQLException e) {
      throw failure("restoring a branch", e);
    }
    skipToNow(cluster, database);
  }

  /** A position of its log: whatever was committed before the call ends before, in its files. */
  Lsn flushed(Cluster cluster, String database) {
    try (Connection connection = cluster.connect(Roles.OWNER, database)) {
      return LogEnd.written(connection);
    } catch (SQLException e) {
      throw failure("reading a branch's WAL", e);
    }
  }

  /**
   * Makes a cluster whose recovery ended here one for reading: it is shut down, so that nothing in
   * it is under way, and started again as a standby that follows nobody. Nobody who is no superuser
   * can end that, whatever main had granted.
   */
  void freezeAt(Cluster cluster, String database, Lsn end) {
    try (Connection connection = cluster.connect(Roles.OWNER, database);
        Statement statement = connection.createStatement()) {
      EndOfRecovery.require(connection, end);
      statement.execute(
          "UPDATE pg_proc SET proacl = ARRAY[makeaclitem(proowner, proowner, 'EXECUTE', false)]"
              + " WHERE proname = 'pg_promote' AND pronamespace = 'pg_catalog'::regnamespace");
      statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
    } catch (SQLException e) {
      throw failure("making a view of a branch", e);
    }
    cluster.stop(StopMode.FAST);
    Path signal = cluster.spec().data().resolve("standby.signal");
    try {
      Files.writeString(signal, "");
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + signal, e);
    }
    cluster.user().own(signal);
    cluster.start(START_PATIENCE);
    requireRecovery(cluster, database);
  }

  private static void requireRecovery(Cluster cluster, String database) {
    try (Connection connection = cluster.connect(Roles.OWNER, database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
      row.next();
      if (!row.getBoolean(1)) {
        throw new AnabranchException(
            ErrorCode.POSTGRES_FAILED, "making a view of a branch", "it could be written to.");
      }
    } catch (SQLException e) {
      throw failure("making a view of a branch", e);
    }
  }

  private static void skipToNow(Cluster cluster, String database) {
    run(
        cluster,
        database,
        "SELECT pg_replication_slot_advance("
            + Identifiers.literal(Roles.CAPTURE)
            + ", pg_current_wal_flush_lsn())");
  }

  private static void run(Cluster cluster, String database, String sql) {
    try (Connection connection = cluster.connect(Roles.OWNER, database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failure("branching a branch", e);
    }
  }

  static AnabranchException failure(String doing, Exception e) {
    return new AnabranchException(
        ErrorCode.POSTGRES_FAILED, e, doing, String.valueOf(e.getMessage()));
  }

  /**
   * Makes the login that acts as one role of main and as nothing else: member of it alone, with its
   * settings, and being it from the first statement, so that {@code current_user} and row security
   * see what they see in production.
   */
  void actAs(Cluster cluster, String database, String role) {
    try (Connection connection = cluster.connect(Roles.OWNER, database);
        Statement statement = connection.createStatement()) {
      requireSafe(connection, role);
      statement.execute("CREATE ROLE " + Roles.MEMBER + " LOGIN");
      statement.execute("GRANT " + Identifiers.quote(role) + " TO " + Roles.MEMBER);
      statement.execute(
          "GRANT CONNECT ON DATABASE " + Identifiers.quote(database) + " TO " + Roles.MEMBER);
      statement.execute(
          "INSERT INTO pg_db_role_setting SELECT setdatabase, '"
              + Roles.MEMBER
              + "'::regrole, setconfig FROM pg_db_role_setting WHERE setrole = (SELECT oid FROM"
              + " pg_roles WHERE rolname = "
              + Identifiers.literal(role)
              + ")");
      statement.execute("ALTER ROLE " + Roles.MEMBER + " SET role = " + Identifiers.literal(role));
    } catch (SQLException e) {
      throw failure("making the branch's login", e);
    }
  }

  /** The role that the login of {@link #actAs} is a member of. */
  String actedRole(Cluster cluster, String database) {
    try (Connection connection = cluster.connect(Roles.OWNER, database);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT rolname FROM pg_auth_members JOIN pg_roles r ON r.oid = roleid WHERE member"
                    + " = '"
                    + Roles.MEMBER
                    + "'::regrole")) {
      row.next();
      return String.valueOf(row.getString(1));
    } catch (SQLException e) {
      throw failure("reading the branch's login", e);
    }
  }

  private static void requireSafe(Connection connection, String role) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT rolsuper FROM pg_roles WHERE rolname = ?")) {
      query.setString(1, role);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          throw new AnabranchException(ErrorCode.BRANCH_ROLE_UNKNOWN, role);
        }
        if (row.getBoolean(1) || role.startsWith("pg_")) {
          throw new AnabranchException(ErrorCode.BRANCH_ROLE_UNSAFE, role);
        }
      }
    }
  }

  /** Stops whatever runs there and removes its files and its socket directory. */
  void discard(BranchId id) {
    stop(id);
    removal.acquireUninterruptibly();
    try {
      storage.delete(directory(id));
      storage.delete(home.socketsOf("b" + id));
    } finally {
      removal.release();
    }
  }

  /**
   * How many clients are connected to a running one, those of Anabranch itself counted, but for
   * what is done in passing.
   */
  int connections(Cluster cluster, String database) {
    try (Connection connection = cluster.connect(Roles.OWNER, database);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND"
                    + " pid <> pg_backend_pid() AND application_name <> '"
                    + IN_PASSING
                    + "'")) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw failure("counting a branch's sessions", e);
    }
  }

  /** Stops it, cleanly if it can be. */
  void putToRest(BranchId id) {
    stopSomehow(directory(id).resolve("data"));
  }

  void stop(BranchId id) {
    stop(directory(id).resolve("data"), StopMode.IMMEDIATE);
  }

  private void stop(Path data, StopMode mode) {
    // Any installation will do: stopping needs the process alone.
    ClusterSpec spec =
        new ClusterSpec(
            data,
            home.socketsOf("b"),
            OptionalInt.empty(),
            Map.of(),
            List.of(),
            data.resolveSibling("postgres.log"));
    new Cluster(new Installation(home.postgres(), 0, "any"), storage.user(), spec).stop(mode);
  }

  /** Stops and removes every cluster on disk that is none of these. */
  void discardAllBut(List<BranchId> known) {
    Set<String> names = known.stream().map(BranchId::toString).collect(Collectors.toSet());
    for (Path data : Leftovers.dataDirectories(home.branches())) {
      Path directory = data.getParent();
      if (directory != null && !names.contains(directory.getFileName().toString())) {
        stop(data, StopMode.IMMEDIATE);
        storage.delete(home.socketsOf("b" + directory.getFileName()));
      }
    }
    storage.deleteAllBut(home.branches(), names);
  }

  /**
   * Stops every branch, all at once: cleanly, and one that can't be stopped so (a full disk)
   * without its checkpoint.
   */
  void stopAll() {
    try (ExecutorService stops = Executors.newCachedThreadPool()) {
      for (Path data : Leftovers.dataDirectories(home.branches())) {
        stops.execute(() -> stopSomehow(data));
      }
    }
  }

  private void stopSomehow(Path data) {
    try {
      stop(data, StopMode.FAST);
    } catch (AnabranchException e) {
      log.warn(
          "a branch does not stop cleanly ({}): it recovers at its next start", e.getMessage());
      stop(data, StopMode.IMMEDIATE);
    }
  }
}
