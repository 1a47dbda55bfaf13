package dev.anabranch.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anabranch.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client that is gone without a word: what the system is told to do about it. */
@Tag("postgres")
class SilentClientTest {

  private static final Path CONNECTIONS = Path.of("/proc/net/tcp");
  private static final Path NEWER_CONNECTIONS = Path.of("/proc/net/tcp6");
  private static final int TIMER = 5;
  private static final String KEEP_ALIVE = "02";

  /** The system counts in hundredths of a second. */
  private static final long TICKS_PER_MINUTE = 6_000;

  private GatewayUnderTest gateway;

  @BeforeEach
  void start() {
    gateway = new GatewayUnderTest();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void aSilentClientIsAskedWhetherItIsThereWithinAMinute() throws Exception {
    assumeTrue(Files.isReadable(CONNECTIONS), "NOT RUN: this system does not list its connections");
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    try (WireClient client = new WireClient(socket)) {
      client.login();
      int port = socket.getLocalPort();
      Await.until(() -> timer(port)[0].equals(KEEP_ALIVE), Duration.ofSeconds(10));
      assertThat(Long.parseLong(timer(port)[1], 16)).isBetween(1L, TICKS_PER_MINUTE);
    }
  }

  /** Which timer runs for the gateway's end of a connection, and when it is due. */
  private String[] timer(int clientPort) {
    return ourSide(clientPort).split("\\s+")[TIMER].split(":");
  }

  private String ourSide(int clientPort) {
    String local = String.format(Locale.ROOT, ":%04X ", gateway.port());
    String remote = String.format(Locale.ROOT, ":%04X ", clientPort);
    return lines().stream()
        .filter(line -> {
          int at = line.indexOf(local);
          return at > 0 && line.indexOf(remote) > at;
        })
        .map(String::strip)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> lines() {
    try {
      List<String> lines = new ArrayList<>(Files.readAllLines(CONNECTIONS));
      if (Files.isReadable(NEWER_CONNECTIONS)) {
        lines.addAll(Files.readAllLines(NEWER_CONNECTIONS));
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
