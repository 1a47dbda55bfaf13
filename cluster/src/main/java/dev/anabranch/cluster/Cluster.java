package dev.anabranch.cluster;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.SessionDefaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * One Postgres cluster in a data directory of ours. It is a daemon: it outlives this process and is
 * found again through its {@code postmaster.pid}.
 *
 * <p>Its configuration is {@code anabranch.conf} alone, written before each start: settings that
 * came with a copied data directory have no say. {@code postgresql.auto.conf}, which Postgres reads
 * whatever we do, is emptied by {@link #forgetForeignSettings()}.
 */
public final class Cluster {

  /** A unix socket's path must fit into {@code sockaddr_un}. */
  static final int LONGEST_SOCKET_PATH_BYTES = 107;

  private static final Duration STOP_PATIENCE = Duration.ofMinutes(2);
  private static final int LOG_LINES_QUOTED = 8;

  private final Installation installation;
  private final SystemUser user;
  private final ClusterSpec spec;

  /** How sessions end when a cluster stops. */
  public enum StopMode {
    /** Sessions are ended, a checkpoint is written: nothing to recover at the next start. */
    FAST(Signal.INTERRUPT),
    /** Everything drops at once; the next start recovers from the log. */
    IMMEDIATE(Signal.QUIT);

    private final Signal signal;

    StopMode(Signal signal) {
      this.signal = signal;
    }
  }

  /**
   * @throws AnabranchException when the socket's path is too long for the system
   */
  public Cluster(Installation installation, SystemUser user, ClusterSpec spec) {
    this.installation = installation;
    this.user = user;
    this.spec = spec;
    int bytes = spec.socketFile().toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST_SOCKET_PATH_BYTES) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED,
          "preparing its socket",
          "the path "
              + spec.socketFile()
              + " is longer than the "
              + LONGEST_SOCKET_PATH_BYTES
              + " bytes allowed.");
    }
  }

  public Installation installation() {
    return installation;
  }

  public SystemUser user() {
    return user;
  }

  public ClusterSpec spec() {
    return spec;
  }

  /** The same data directory with other settings at its next start. */
  public Cluster with(Map<String, String> settings) {
    return new Cluster(installation, user, spec.with(settings));
  }

  /**
   * Makes a new, empty cluster in UTF-8 and code-point order with the superuser {@code postgres}.
   */
  public void initialise(Optional<String> password) {
    user.makePrivateDirectory(spec.data());
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-D",
                spec.data().toString(),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-instructions"));
    if (installation.major() >= 17) {
      arguments.addAll(
          List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"));
    } else {
      arguments.add("--locale=C");
    }
    if (spec.settings().getOrDefault("fsync", "on").equals("off")) {
      arguments.add("--no-sync");
    }
    if (password.isEmpty()) {
      installation.run(user, "making a new cluster", Map.of(), "initdb", arguments);
      return;
    }
    withPasswordFile(
        password.get(),
        file -> {
          arguments.add("--pwfile=" + file);
          installation.run(user, "making a new cluster", Map.of(), "initdb", arguments);
        });
  }

  private void withPasswordFile(String password, java.util.function.Consumer<Path> action) {
    try {
      Path file = Files.createTempFile("anabranch", ".pw"); // 0600 from the start
      try {
        Files.writeString(file, password);
        user.own(file);
        action.accept(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("handing over a password", e);
    }
  }

  public ClusterState state() {
    return ClusterState.of(spec.data());
  }

  /** The postmaster's process id while one runs. */
  public Optional<Long> pid() {
    return switch (state()) {
      case ClusterState.Stopped ignored -> Optional.empty();
      case ClusterState.Busy(long pid) -> Optional.of(pid);
      case ClusterState.Ready(long pid) -> Optional.of(pid);
    };
  }

  /**
   * Starts it and waits until it accepts connections; one that runs already is adopted as it is.
   *
   * @throws AnabranchException quoting the end of its log when it does not get there in time
   */
  public void start(Duration patience) {
    if (state() instanceof ClusterState.Stopped) {
      if (hasRun()) {
        Orphans.end(spec.data());
      }
      configure();
      Process process = Starts.HERE.launch(() -> launched(patience));
      boolean ended =
          !Poll.until(patience, () -> state() instanceof ClusterState.Ready || !process.isAlive());
      if (ended || !(state() instanceof ClusterState.Ready)) {
        throw Program.failure("starting the cluster in " + spec.data(), lastLogLines());
      }
      requireNetwork();
    } else if (!Poll.until(patience, () -> !(state() instanceof ClusterState.Busy))) {
      throw Program.failure("waiting for the cluster in " + spec.data(), lastLogLines());
    } else if (state() instanceof ClusterState.Stopped) {
      start(patience); // it was on its way down
    }
  }

  /** Until the process table tells that it is a server, and of which directory. */
  private Process launched(Duration patience) {
    Process process = launch();
    Poll.until(patience, () -> !(state() instanceof ClusterState.Stopped) || !process.isAlive());
    return process;
  }

  /** Asks the kernel: what a branch can reach is not left to how Java starts processes. */
  private void requireNetwork() {
    if (!pid().map(spec.network()::holds).orElse(true)) {
      stop(StopMode.IMMEDIATE);
      throw Program.failure(
          "starting the cluster in " + spec.data(),
          "it ran with the network of this machine although it was to have none.");
    }
  }

  /**
   * Whether a Postgres was ever started here. A new copy has none of its marks, and there is no
   * need to look through the whole process table for what one left.
   */
  private boolean hasRun() {
    return Files.exists(spec.data().resolve("postmaster.opts"))
        || Files.exists(spec.data().resolve("postmaster.pid"));
  }

  /** Our own configuration file, and an access file, in the data directory. */
  private void configure() {
    Map<String, String> all = new TreeMap<>(spec.settings());
    all.put("unix_socket_directories", spec.sockets().toString());
    all.put("unix_socket_permissions", "0700");
    all.put("listen_addresses", spec.tcpPort().isPresent() ? "127.0.0.1" : "");
    all.put("port", Integer.toString(spec.port()));
    all.put("hba_file", spec.data().resolve("anabranch_hba.conf").toString());
    all.put("ident_file", spec.data().resolve("anabranch_ident.conf").toString());
    StringBuilder text = new StringBuilder("# Written by Anabranch at each start.\n");
    all.forEach((name, value) ->
        text.append(name)
            .append(" = '")
            .append(value.replace("\\", "\\\\").replace("'", "''"))
            .append("'\n"));
    List<String> access = spec.access().isEmpty() ? List.of("local all all trust") : spec.access();
    write("anabranch.conf", text.toString());
    write("anabranch_hba.conf", String.join("\n", access) + "\n");
    write("anabranch_ident.conf", "");
  }

  /**
   * Empties {@code postgresql.auto.conf}: what {@code ALTER SYSTEM} left on the cluster this one
   * was copied from.
   */
  public void forgetForeignSettings() {
    write("postgresql.auto.conf", "");
  }

  private void write(String name, String text) {
    Path file = spec.data().resolve(name);
    try {
      Files.writeString(file, text);
      user.own(file);
    } catch (IOException e) {
      throw storageFailure("writing " + file, e);
    }
  }

  private static RuntimeException storageFailure(String doing, IOException e) {
    return String.valueOf(e.getMessage()).contains("No space left on device")
        ? new AnabranchException(ErrorCode.STORAGE_FULL, e, "Anabranch's data")
        : new UncheckedIOException(doing, e);
  }

  /**
   * A session of its own, so that an interrupt typed at our terminal does not stop every Postgres
   * at once.
   */
  private Process launch() {
    user.makePrivateDirectory(spec.sockets());
    List<String> plain = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      plain.add("/usr/bin/setsid");
    }
    plain.addAll(
        List.of(
            installation.bin().resolve("postgres").toString(),
            "-D",
            spec.data().toString(),
            "-c",
            "config_file=" + spec.data().resolve("anabranch.conf")));
    ProcessBuilder builder = new ProcessBuilder(user.command(plain)).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
    builder.directory(spec.data().toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_MESSAGES", "C");
    try {
      keepLogPrivate();
      return spec.network().start(builder);
    } catch (IOException e) {
      throw storageFailure("starting Postgres in " + spec.data(), e);
    }
  }

  /** Statements and their values can be in it. */
  private void keepLogPrivate() throws IOException {
    Set<PosixFilePermission> ours = PosixFilePermissions.fromString("rw-------");
    try {
      Files.createFile(spec.log(), PosixFilePermissions.asFileAttribute(ours));
    } catch (FileAlreadyExistsException e) {
      Files.setPosixFilePermissions(spec.log(), ours);
    }
  }

  private String lastLogLines() {
    try {
      List<String> lines =
          new String(Files.readAllBytes(spec.log()), StandardCharsets.UTF_8).lines().toList();
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_QUOTED), lines.size()));
    } catch (IOException e) {
      return "(its log " + spec.log() + " can't be read)";
    }
  }

  /** Stops it and waits until its process is gone. One that does not run is left alone. */
  public void stop(StopMode mode) {
    Optional<Long> running = pid();
    if (running.isEmpty()) {
      Orphans.end(spec.data());
      return;
    }
    mode.signal.send(running.get());
    if (!Poll.until(STOP_PATIENCE, () -> !pid().equals(running))) {
      throw Program.failure("stopping the cluster in " + spec.data(), lastLogLines());
    }
  }

  /** A connection over the unix socket. */
  public Connection connect(String userName, String database) {
    try {
      return DriverManager.getConnection(jdbcUrl(database), properties(userName));
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED,
          e,
          "connecting to the cluster in " + spec.data(),
          String.valueOf(e.getMessage()));
    }
  }

  /**
   * Connections over the unix socket, a new one each time; put a pool around it where that matters.
   */
  public DataSource dataSource(String userName, String database) {
    return new ClusterDataSource(this, userName, database);
  }

  private static String jdbcUrl(String database) {
    return "jdbc:postgresql://localhost/"
        + java.net.URLEncoder.encode(database, StandardCharsets.UTF_8);
  }

  private Properties properties(String userName) {
    Properties properties = new Properties();
    properties.setProperty("user", userName);
    properties.setProperty("password", "");
    properties.setProperty("sslmode", "disable");
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("socketFactory", "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg");
    properties.setProperty("socketFactoryArg", spec.socketFile().toString());
    SessionDefaults.addTo(properties, installation.major());
    return properties;
  }

  @Override
  public String toString() {
    return "Postgres " + installation.version() + " in " + spec.data();
  }
}
