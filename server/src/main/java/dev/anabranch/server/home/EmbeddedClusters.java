package dev.anabranch.server.home;

import dev.anabranch.base.Identifiers;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.ClusterSpec;
import dev.anabranch.cluster.ClusterState;
import dev.anabranch.cluster.Installations;
import dev.anabranch.cluster.SystemUser;
import dev.anabranch.cluster.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Postgres servers that come with Anabranch: the control database, and main when none is named.
 * A directory is made aside and renamed, so that it is either whole or not there.
 *
 * @param home where they lie
 * @param installations where the binaries are
 * @param user who they run as
 */
public record EmbeddedClusters(DataLayout home, Installations installations, SystemUser user) {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedClusters.class);
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);

  private static final Map<String, String> COMMON =
      Map.of("timezone", "UTC", "log_timezone", "UTC", "logging_collector", "off");

  /** The control database: small, durable, on a private socket alone. */
  Cluster control() {
    return cluster(
        directory("control"),
        OptionalInt.empty(),
        Map.of("shared_buffers", "64MB", "max_connections", "60", "max_wal_size", "512MB"),
        List.of());
  }

  /** Main: on a loopback port with a password, ready to be branched. */
  Cluster main(int port) {
    return cluster(
        directory("main"),
        OptionalInt.of(port),
        Map.of(
            "wal_level", "logical",
            "shared_buffers", "128MB",
            "max_connections", "200",
            "max_wal_senders", "20",
            "max_replication_slots", "20",
            "max_wal_size", "2GB"),
        List.of(
            "local all all trust",
            "local replication all trust",
            "host all all 127.0.0.1/32 scram-sha-256",
            "host replication all 127.0.0.1/32 scram-sha-256"));
  }

  private Cluster cluster(
      Path data, OptionalInt port, Map<String, String> settings, List<String> access) {
    Map<String, String> all = new java.util.HashMap<>(COMMON);
    all.putAll(settings);
    String name = data.getFileName().toString();
    return new Cluster(
        installations.embedded(),
        user,
        new ClusterSpec(data, home.socketsOf(name), port, all, access, directory(name + ".log")));
  }

  private Path directory(String name) {
    return home.directory().resolve(name);
  }

  /** Where the embedded main lies, or would. */
  Path mainDirectory() {
    return directory("main");
  }

  /** Starts a cluster, made first when it is missing, with this database in it. */
  void start(Cluster cluster, String database) {
    start(cluster, database, Optional.empty());
  }

  void start(Cluster cluster, String database, Optional<String> password) {
    if (!Files.isDirectory(cluster.spec().data())) {
      initialise(cluster, password);
    }
    cluster.start(START_PATIENCE);
    createDatabase(cluster, database);
  }

  /** Starts one again that has died: its sessions are lost then, and nothing that it committed. */
  static void startIfDead(Cluster cluster) {
    if (cluster.state() instanceof ClusterState.Stopped) {
      LOG.warn("The Postgres in {} has died, and is started again", cluster.spec().data());
      cluster.start(START_PATIENCE);
    }
  }

  private void initialise(Cluster cluster, Optional<String> password) {
    Path data = cluster.spec().data();
    Path aside = data.resolveSibling(data.getFileName() + ".new");
    ClusterSpec spec = cluster.spec();
    Cluster half =
        new Cluster(
            cluster.installation(),
            cluster.user(),
            new ClusterSpec(
                aside, spec.sockets(), spec.tcpPort(), spec.settings(), spec.access(), spec.log()));
    try {
      if (Files.isDirectory(aside)) {
        Trees.delete(aside);
      }
      half.initialise(password);
      Files.move(aside, data, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("making " + data, e);
    }
  }

  private static void createDatabase(Cluster cluster, String database) {
    try (Connection connection = cluster.connect("postgres", "postgres");
        PreparedStatement known =
            connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?");
        Statement create = connection.createStatement()) {
      known.setString(1, database);
      if (!known.executeQuery().next()) {
        create.execute("CREATE DATABASE " + Identifiers.quote(database));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("making the database " + database, e);
    }
  }
}
