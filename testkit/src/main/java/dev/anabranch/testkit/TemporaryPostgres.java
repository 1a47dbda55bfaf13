package dev.anabranch.testkit;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Identifiers;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.ClusterSpec;
import dev.anabranch.cluster.Installation;
import dev.anabranch.cluster.Installations;
import dev.anabranch.cluster.SystemUser;
import dev.anabranch.cluster.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real Postgres for one test class or one test: superuser {@code postgres} without a password,
 * database {@code postgres}, {@code wal_level=logical}, on a loopback port and on a unix socket.
 * Closing stops it by its process id and removes its directory; so does the end of the JVM.
 */
public final class TemporaryPostgres implements AutoCloseable {

  /**
   * The major version of main that tests try beside the embedded one, where it is installed: {@code
   * -Danabranch.postgres=16} for another.
   */
  public static final int OTHER_MAJOR = Integer.getInteger("anabranch.postgres", 15);

  private static final int PORTS_TRIED = 1_000;
  private static final int LOWEST_PORT = 10_000;
  private static final int FIRST_PORT_OF_CLIENTS = 32_768; // ip_local_port_range
  private static final Duration START_PATIENCE = Duration.ofMinutes(1);
  private static final Map<String, String> SETTINGS =
      Map.of(
          "wal_level", "logical",
          "fsync", "off",
          "full_page_writes", "off",
          "shared_buffers", "32MB",
          "max_connections", "100",
          "max_wal_senders", "20",
          "max_replication_slots", "30",
          "timezone", "UTC",
          "log_timezone", "UTC");

  private static final class Shared {
    private static final TemporaryPostgres SERVER = start();
  }

  private final Path home;
  private final Cluster cluster;
  private final int port;
  private final Thread hook = new Thread(this::remove, "stop a temporary Postgres");
  private final AtomicInteger databases = new AtomicInteger();
  private boolean closed;

  private TemporaryPostgres(Path home, Cluster cluster, int port) {
    this.home = home;
    this.cluster = cluster;
    this.port = port;
  }

  /** The embedded Postgres of the newest release. */
  public static TemporaryPostgres start() {
    return start(Map.of());
  }

  /** The embedded Postgres with these settings over the usual ones. */
  public static TemporaryPostgres start(Map<String, String> settings) {
    return start(installations().embedded(), settings);
  }

  /**
   * A Postgres of this major version that is installed on the machine.
   *
   * @return empty when none is installed; a test then says so with an assumption
   */
  public static Optional<TemporaryPostgres> start(int major) {
    return installed(major).map(installation -> start(installation, Map.of()));
  }

  /** An installation of this major version, if the machine has one. */
  public static Optional<Installation> installed(int major) {
    try {
      return Optional.of(installations().forMajor(major));
    } catch (AnabranchException e) {
      if (e.code() == ErrorCode.MAIN_VERSION_UNSUPPORTED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  public static TemporaryPostgres start(Installation installation, Map<String, String> settings) {
    SystemUser user = SystemUser.choose(Optional.empty());
    Path home = temporaryDirectory("anabranch-test-");
    int port = freePort();
    Map<String, String> all = new HashMap<>(SETTINGS);
    all.putAll(settings);
    ClusterSpec spec =
        new ClusterSpec(
            home.resolve("data"),
            home.resolve("run"),
            OptionalInt.of(port),
            all,
            List.of(
                "local all all trust",
                "local replication all trust",
                "host all all 127.0.0.1/32 trust",
                "host replication all 127.0.0.1/32 trust"),
            home.resolve("postgres.log"));
    Cluster cluster = new Cluster(installation, user, spec);
    TemporaryPostgres postgres = new TemporaryPostgres(home, cluster, port);
    Runtime.getRuntime().addShutdownHook(postgres.hook);
    try {
      InitialisedCopy.of(installation, user).into(spec.data());
      cluster.start(START_PATIENCE);
    } catch (RuntimeException e) {
      postgres.close();
      throw e;
    }
    return postgres;
  }

  /**
   * One server for all tests of this JVM; give each test a database of its own with {@link
   * #freshDatabase()}.
   */
  public static TemporaryPostgres shared() {
    return Shared.SERVER;
  }

  /**
   * Where tests look for Postgres; the embedded binaries are unpacked once per machine and user.
   */
  public static Installations installations() {
    Path cache =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "anabranch-postgres-" + System.getProperty("user.name"));
    return new Installations(List.of(), cache);
  }

  /**
   * A new directory below the system's temporary one that Postgres's user can pass through. The
   * caller removes it.
   */
  public static Path temporaryDirectory(String prefix) {
    try {
      Path directory = Files.createTempDirectory(prefix);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("making a temporary directory", e);
    }
  }

  /**
   * A loopback port that was free a moment ago, and that no outgoing connection is given: it is
   * free still after its server was restarted.
   */
  public static int freePort() {
    for (int i = 0; i < PORTS_TRIED; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, FIRST_PORT_OF_CLIENTS);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Somebody listens there: try another.
      }
    }
    throw new IllegalStateException("no port is free");
  }

  public Cluster cluster() {
    return cluster;
  }

  public int port() {
    return port;
  }

  /** TCP, superuser, database {@code postgres}. */
  public String jdbcUrl() {
    return jdbcUrl("postgres");
  }

  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres";
  }

  /** The same as a libpq URL, as clients of Postgres write it. */
  public String url(String database) {
    return "postgresql://postgres@127.0.0.1:" + port + "/" + database;
  }

  public Connection connect() {
    return connect("postgres");
  }

  public Connection connect(String database) {
    try {
      return DriverManager.getConnection(jdbcUrl(database));
    } catch (SQLException e) {
      throw new IllegalStateException("connecting to " + jdbcUrl(database), e);
    }
  }

  /** Runs each statement by itself in the database {@code postgres}. */
  public void execute(String... sql) {
    executeIn("postgres", sql);
  }

  /** Runs each statement by itself. */
  public void executeIn(String database, String... sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String one : sql) {
        statement.execute(one);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(String.join("; ", sql), e);
    }
  }

  /** The first column of each row, as text. */
  public List<String> query(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** A new, empty database; returns its name. */
  public String freshDatabase() {
    String name = "test_" + databases.incrementAndGet();
    execute("CREATE DATABASE " + Identifiers.quote(name));
    return name;
  }

  /** A new database that holds what another one does, which nobody is connected to. */
  public String copyOf(String database) {
    String name = "test_" + databases.incrementAndGet();
    execute(
        "CREATE DATABASE " + Identifiers.quote(name) + " TEMPLATE " + Identifiers.quote(database));
    return name;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Runtime.getRuntime().removeShutdownHook(hook);
      remove();
    }
  }

  private void remove() {
    cluster.stop(StopMode.IMMEDIATE);
    try {
      Trees.delete(home);
    } catch (IOException e) {
      throw new UncheckedIOException("removing " + home, e);
    }
  }
}
