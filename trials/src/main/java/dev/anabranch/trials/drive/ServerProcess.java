package dev.anabranch.trials.drive;

import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.cluster.Poll;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * {@code anabranch up} as a process of its own, on one data directory and two ports that it keeps
 * over restarts. Each start has a log file beside the data directory.
 */
public final class ServerProcess implements AutoCloseable {

  private static final Duration READY_PATIENCE = Duration.ofMinutes(3);
  private static final Duration STOP_PATIENCE = Duration.ofMinutes(2);
  private static final int LOG_LINES_QUOTED = 25;

  private final Path data;
  private final Optional<String> mainUrl;
  private final List<String> jvmOptions;
  private List<String> options = List.of();
  private final int httpPort = TemporaryPostgres.freePort();
  private final int gatewayPort = TemporaryPostgres.freePort();
  private final int mainPort = TemporaryPostgres.freePort();
  private final Product product =
      new Product(URI.create("http://127.0.0.1:" + httpPort), this::token);
  private int starts;
  private Process process;

  private ServerProcess(Path data, Optional<String> mainUrl, List<String> jvmOptions) {
    this.data = data;
    this.mainUrl = mainUrl;
    this.jvmOptions = List.copyOf(jvmOptions);
    this.process = launch();
  }

  /** A server with an embedded main; returns when it is ready. */
  public static ServerProcess start(Path data) {
    return start(data, Optional.empty(), List.of());
  }

  /**
   * Returns when it is ready.
   *
   * @param main the URL of a main that exists, empty for an embedded one
   * @param jvmOptions options for its JVM
   */
  public static ServerProcess start(Path data, Optional<String> main, List<String> jvmOptions) {
    ServerProcess server = new ServerProcess(data, main, jvmOptions);
    Runtime.getRuntime().addShutdownHook(new Thread(server::abandon, "end a spawned server"));
    try {
      server.awaitReady();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private Process launch() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(compiledAsWeAre());
    command.addAll(KeptClasses.options(httpPort));
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", KeptClasses.classPath(), "dev.anabranch.server.Main", "up"));
    command.add("--data=" + data);
    command.add("--http-port=" + httpPort);
    command.add("--gateway-port=" + gatewayPort);
    command.add(mainUrl.map(url -> "--main=" + url).orElse("--main-port=" + mainPort));
    command.addAll(options);
    starts++;
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(Redirect.from(new File("/dev/null")))
              .redirectOutput(log().toFile());
      // What it leaves for commands of its user is not for those of whoever runs the trials.
      builder
          .environment()
          .put("XDG_STATE_HOME", data.resolveSibling(data.getFileName() + "-state").toString());
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("starting a server", e);
    }
  }

  /** That of its own user, which is another after each start. */
  private Optional<String> token() {
    try {
      return Optional.of(Files.readAllLines(data.resolve("local-token")).getLast());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("reading the server's token", e);
    }
  }

  /** A test's server lives for seconds, as its JVM does, and is compiled no better than that. */
  private static List<String> compiledAsWeAre() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-XX:TieredStopAtLevel="))
        .toList();
  }

  private void awaitReady() {
    if (!Poll.until(READY_PATIENCE, () -> !process.isAlive() || logLines().contains("ready"))
        || !process.isAlive()) {
      throw new IllegalStateException("the server did not become ready:\n" + lastWords());
    }
  }

  /** The last lines of its log. */
  public String lastWords() {
    List<String> lines = logLines();
    return String.join(
        "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_QUOTED), lines.size()));
  }

  /** All that it has printed, in all its starts. */
  public String logs() {
    StringBuilder all = new StringBuilder();
    for (int start = 1; start <= starts; start++) {
      try {
        all.append(Files.readString(log(start)));
      } catch (IOException e) {
        throw new UncheckedIOException("reading the server's log", e);
      }
    }
    return all.toString();
  }

  private List<String> logLines() {
    try {
      return Files.readAllLines(log());
    } catch (IOException e) {
      throw new UncheckedIOException("reading the server's log", e);
    }
  }

  private Path log() {
    return log(starts);
  }

  private Path log(int start) {
    return data.resolveSibling(data.getFileName() + "-" + start + ".log");
  }

  /** Its HTTP interface. */
  public Product product() {
    return product;
  }

  public Path data() {
    return data;
  }

  /** The first column of each row that its embedded control database answers with. */
  public List<String> controlTexts(String sql) {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("sslmode", "disable");
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("socketFactory", "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg");
    properties.setProperty(
        "socketFactoryArg",
        DataLayout.of(data).socketsOf("control").resolve(".s.PGSQL.5432").toString());
    try (Connection connection =
        DriverManager.getConnection("jdbc:postgresql://localhost/anabranch", properties)) {
      return Sql.texts(connection, sql);
    } catch (SQLException e) {
      throw new IllegalStateException("asking the control database", e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** {@code kill -9}; returns when the process is gone. Its Postgres servers live on. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /**
   * Starts it again on the same directory and ports; returns when it is ready, with the time that
   * took.
   */
  public Duration startAgain() {
    long began = System.nanoTime();
    process = launch();
    awaitReady();
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /**
   * Stops it and starts it again with these options of {@code anabranch up} beside its own; returns
   * when it is ready.
   */
  public void restart(List<String> settings) {
    stop();
    options = List.copyOf(settings);
    startAgain();
  }

  /**
   * SIGTERM; returns when the process is gone.
   *
   * @throws IllegalStateException when it does not go
   */
  public void stop() {
    process.destroy();
    awaitEnd();
    KeptClasses.keep(httpPort);
  }

  /** SIGTERM, and does not wait. */
  public void beginStop() {
    process.destroy();
  }

  /** Returns when the process has ended by itself, with its exit code. */
  public int awaitOwnEnd() {
    awaitEnd();
    return process.exitValue();
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("the server did not end:\n" + lastWords());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the server was ending", e);
    }
  }

  /**
   * Ends the server and whatever Postgres it left, politely or not, so that a failed trial leaves
   * nothing behind.
   */
  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        stop();
      }
    } finally {
      abandon();
    }
  }

  private void abandon() {
    process.destroyForcibly();
    if (Files.isDirectory(data)) {
      PostgresProcess.below(data).forEach(PostgresProcess::kill);
    }
  }
}
