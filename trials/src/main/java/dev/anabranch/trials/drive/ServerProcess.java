package dev.anabranch.trials.drive;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A real server in a process of its own, which can be killed and started again on the same data. */
public final class ServerProcess implements AutoCloseable {

  private static final Duration START_PATIENCE = Duration.ofMinutes(3);

  private final Path data;
  private final Optional<String> main;
  private final List<String> jvmOptions;
  private final Path output;
  private final int httpPort;
  private final int gatewayPort;
  private Process process;

  private ServerProcess(Path data, Optional<String> main, List<String> jvmOptions) throws IOException {
    this.data = data;
    this.main = main;
    this.jvmOptions = List.copyOf(jvmOptions);
    this.output = data.resolveSibling(data.getFileName() + ".out");
    this.httpPort = freePort();
    this.gatewayPort = freePort();
    this.process = spawn();
  }

  /** Starts a server with an embedded main and waits until it is ready. */
  public static ServerProcess start(Path data) throws IOException {
    return start(data, Optional.empty(), List.of());
  }

  /**
   * Starts a server and waits until it is ready.
   *
   * @param main the URL of a main that exists, empty for an embedded one
   * @param jvmOptions options for its JVM
   */
  public static ServerProcess start(Path data, Optional<String> main, List<String> jvmOptions) throws IOException {
    ServerProcess server = new ServerProcess(data, main, jvmOptions);
    server.awaitReady();
    return server;
  }

  /** Its HTTP interface. */
  public Product product() {
    return new Product(URI.create("http://127.0.0.1:" + httpPort));
  }

  public Path data() {
    return data;
  }

  /** What it has printed. */
  public String printed() throws IOException {
    return Files.exists(output) ? Files.readString(output) : "";
  }

  /** Kills it as the kernel's out-of-memory killer does; its Postgres servers live on. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Starts it again on the same data after it died, and waits until it is ready. */
  public void startAgain() throws IOException {
    process = spawn();
    awaitReady();
  }

  /** Stops it politely, and by force when that takes too long. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Process spawn() throws IOException {
    Files.deleteIfExists(output);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("dev.anabranch.server.Main");
    command.add("up");
    command.add("--data=" + data);
    command.add("--http-port=" + httpPort);
    command.add("--gateway-port=" + gatewayPort);
    main.ifPresent(url -> command.add("--main=" + url));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    return builder.start();
  }

  private void awaitReady() throws IOException {
    await(
        START_PATIENCE,
        () -> {
          if (!process.isAlive()) {
            return true;
          }
          try {
            return printed().lines().anyMatch("ready"::equals);
          } catch (IOException e) {
            return false;
          }
        });
    if (!process.isAlive() || printed().lines().noneMatch("ready"::equals)) {
      String said = printed();
      close();
      throw new IOException("the server did not get ready:\n" + said);
    }
  }

  /** Waits for a condition; returns when it holds or patience has run out. */
  public static void await(Duration patience, BooleanSupplier condition) {
    Instant end = Instant.now().plus(patience);
    while (!condition.getAsBoolean() && Instant.now().isBefore(end)) {
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
