package dev.anabranch.bench.gateway;

import dev.anabranch.cluster.Poll;
import dev.anabranch.cluster.Program;
import dev.anabranch.cluster.SystemUser;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A PgBouncer on a loopback port of its own, in front of one unix socket.
 *
 * @param process it
 * @param port where it listens
 */
record Bouncer(Process process, int port) implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** How many servers a PgBouncer may have; as many as clients, so that none of them waits. */
  static final int POOL = 100;

  /** The program, where this machine has it. */
  static Optional<Path> find() {
    return List.of(Path.of("/usr/sbin/pgbouncer"), Path.of("/usr/bin/pgbouncer")).stream()
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Its version, such as {@code PgBouncer 1.18.0}. */
  static String version(Path program) {
    return Program.run(List.of(program.toString(), "--version"))
        .output()
        .lines()
        .findFirst()
        .orElse("PgBouncer");
  }

  /**
   * Starts one; returns when it listens.
   *
   * @param mode {@code session} or {@code transaction}
   * @param directory for its files; made
   * @param socket the directory of the branch's socket
   */
  static Bouncer start(
      Path program, String mode, Path directory, Path socket, String user, String database)
      throws IOException {
    SystemUser system = SystemUser.choose(Optional.empty());
    system.makePrivateDirectory(directory);
    int port = TemporaryPostgres.freePort();
    Path configuration = directory.resolve("pgbouncer.ini");
    Files.writeString(configuration, configuration(mode, port, directory, socket, user, database));
    system.own(configuration);
    ProcessBuilder builder =
        new ProcessBuilder(
                system.command(List.of(program.toString(), "-q", configuration.toString())))
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(directory.resolve("output").toFile());
    Bouncer bouncer = new Bouncer(builder.start(), port);
    if (!Poll.until(PATIENCE, () -> bouncer.listens() || !bouncer.process.isAlive())
        || !bouncer.process.isAlive()) {
      bouncer.close();
      throw new IllegalStateException(
          "PgBouncer does not start: " + Files.readString(directory.resolve("output")));
    }
    return bouncer;
  }

  private static String configuration(
      String mode, int port, Path directory, Path socket, String user, String database) {
    return """
    [databases]
    %s = host=%s port=5432 dbname=%s user=%s
    [pgbouncer]
    listen_addr = 127.0.0.1
    listen_port = %d
    unix_socket_dir =
    auth_type = any
    pool_mode = %s
    default_pool_size = %d
    max_client_conn = 1000
    ignore_startup_parameters = extra_float_digits
    log_connections = 0
    log_disconnections = 0
    logfile = %s
    """
        .formatted(
            database, socket, database, user, port, mode, POOL, directory.resolve("pgbouncer.log"));
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Processor time that it has used, in seconds. */
  double processorSeconds() {
    return process
            .info()
            .totalCpuDuration()
            .orElseThrow(() -> new UncheckedIOException(new IOException("PgBouncer has ended")))
            .toNanos()
        / 1e9;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
