package dev.anabranch.branch.golden;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.mirror.MainFacts;
import dev.anabranch.branch.mirror.Mirror;
import dev.anabranch.branch.storage.DataDirectory;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.branch.storage.Urgency;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.ClusterSpec;
import dev.anabranch.cluster.Network;
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
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Makes golden images of raw copies of main whose log ends at the fork point: recovers them once,
 * has them looked at, makes them safe, and shuts them down for good.
 */
final class ImageFinalizer {

  private static final Duration START_PATIENCE = Duration.ofMinutes(10);

  private final Mirror mirror;
  private final DataLayout home;
  private final Storage storage;
  private final GoldenSurvey survey;
  private final Network network;

  ImageFinalizer(
      Mirror mirror, DataLayout home, Storage storage, GoldenSurvey survey, Network network) {
    this.mirror = mirror;
    this.home = home;
    this.storage = storage;
    this.survey = survey;
    this.network = network;
  }

  Path directory(long id) {
    return home.golden().resolve(Long.toString(id));
  }

  /** Where its data directory is, or will be. */
  Path data(long id) {
    return directory(id).resolve("data");
  }

  /** Stops what runs there, and removes it. */
  void discard(long id) {
    new Cluster(mirror.installation(), storage.user(), spec(id, Map.of())).stop(StopMode.IMMEDIATE);
    storage.delete(directory(id));
  }

  private ClusterSpec spec(long id, Map<String, String> settings) {
    return new ClusterSpec(
        data(id),
        home.socketsOf("golden-" + id),
        OptionalInt.empty(),
        settings,
        List.of("local all all trust"),
        directory(id).resolve("postgres.log"),
        network);
  }

  /**
   * Leaves an image behind that is cleanly shut down and on the disk.
   *
   * @param mainSettings settings of main that change what a statement means
   * @param urgency whether somebody waits for it
   * @throws AnabranchException when recovery does not end at the fork point, or Postgres fails; the
   *     directory is the caller's to remove
   */
  void finish(
      long id, Lsn forkLsn, MainFacts facts, Map<String, String> mainSettings, Urgency urgency) {
    Map<String, String> settings = MirrorCopies.settingsOfCopy(facts, mainSettings);
    Cluster cluster = new Cluster(mirror.installation(), storage.user(), spec(id, settings));
    String database = mirror.main().database();
    cluster.forgetForeignSettings();
    cluster.start(START_PATIENCE);
    try {
      try (Connection connection = cluster.connect(facts.bootstrapSuperuser(), database)) {
        EndOfRecovery.require(connection, forkLsn);
        survey.asMain(connection, forkLsn);
      }
      new Preparation(cluster, facts.bootstrapSuperuser(), database, network).ofAnImage();
      try (Connection connection = cluster.connect(Roles.OWNER, database)) {
        survey.asBranch(connection, forkLsn);
      }
      warm(cluster, database);
      shutDown(id, cluster, database, facts.walSegmentBytes());
      // A long recovery broke what it shares with the mirror.
      storage.densify(data(id), urgency);
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED, e, "preparing a golden image", String.valueOf(e.getMessage()));
    } finally {
      cluster.stop(StopMode.IMMEDIATE);
      storage.delete(home.socketsOf("golden-" + id));
    }
    storage.makeDurable(directory(id)); // it was prepared without fsync, and branches rest on it
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

  /** The control file of the image while it still ran: with it, a copy replays what comes later. */
  Path runningControl(long id) {
    return directory(id).resolve("pg_control");
  }

  private void keepRunningControl(long id) {
    try {
      Files.copy(
          DataDirectory.control(data(id)), runningControl(id), StandardCopyOption.COPY_ATTRIBUTES);
    } catch (IOException e) {
      throw new UncheckedIOException("keeping the control file of " + data(id), e);
    }
  }

  private void shutDown(long id, Cluster cluster, String database, long segmentBytes)
      throws SQLException {
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
    keepRunningControl(id);
    cluster.stop(StopMode.FAST);
    DataDirectory.trimWal(cluster.spec().data(), from, to, segmentBytes);
  }
}
