package dev.anabranch.bench.gateway;

import dev.anabranch.branch.golden.Roles;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.ClusterSpec;
import dev.anabranch.cluster.Program;
import dev.anabranch.cluster.SystemUser;
import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A copy of the branch's Postgres that listens on a loopback port and wants a password, as the
 * gateway does: what a client would have with nothing in between. Branches themselves have no
 * network.
 *
 * @param cluster it
 * @param directory its files
 * @param port where it listens
 */
record Twin(Cluster cluster, Path directory, int port) implements AutoCloseable {

  static final String PASSWORD = "twin";

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Settings that a cluster is given by where it lies. */
  private static final Set<String> PLACED =
      Set.of(
          "unix_socket_directories",
          "unix_socket_permissions",
          "listen_addresses",
          "port",
          "hba_file",
          "ident_file");

  /** Copies a branch that does not run, and starts the copy with the branch's own settings. */
  static Twin of(Path branchData, Path home, DataLayout places, String database)
      throws IOException, SQLException {
    SystemUser user = SystemUser.choose(Optional.empty());
    Path directory = home.resolve("twin");
    user.makePrivateDirectory(directory);
    Path data = directory.resolve("data");
    Program.mustRun(
        "copying the branch",
        List.of("cp", "-a", "--reflink=auto", branchData.toString(), data.toString()),
        Map.of());
    int port = TemporaryPostgres.freePort();
    ClusterSpec spec =
        new ClusterSpec(
            data,
            places.socketsOf("twin"),
            OptionalInt.of(port),
            settings(data.resolve("anabranch.conf")),
            List.of("local all all trust", "host all all 127.0.0.1/32 scram-sha-256"),
            directory.resolve("postgres.log"));
    Twin twin =
        new Twin(
            new Cluster(TemporaryPostgres.installations().embedded(), user, spec), directory, port);
    twin.cluster.start(PATIENCE);
    try (Connection connection = twin.cluster.connect(Roles.OWNER, database);
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE " + Roles.CLIENT + " PASSWORD '" + PASSWORD + "'");
    }
    return twin;
  }

  private static Map<String, String> settings(Path written) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String line : Files.readAllLines(written)) {
      int equals = line.indexOf(" = '");
      if (equals > 0 && !PLACED.contains(line.substring(0, equals))) {
        settings.put(
            line.substring(0, equals),
            line.substring(equals + " = '".length(), line.length() - 1)
                .replace("''", "'")
                .replace("\\\\", "\\"));
      }
    }
    return settings;
  }

  @Override
  public void close() throws IOException {
    cluster.stop(StopMode.IMMEDIATE);
    Trees.delete(directory);
    Trees.delete(cluster.spec().sockets());
  }
}
