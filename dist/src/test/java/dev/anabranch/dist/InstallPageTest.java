package dev.anabranch.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.Exchange;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the session in docs/install.md in an empty home, from the tarball to the last rm. */
@Tag("postgres")
class InstallPageTest {

  private static final Path PAGE =
      Path.of(System.getProperty("anabranch.root"), "docs", "install.md");
  private static final String IN_THE_BACKGROUND = " &";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path home;
  private Path data;
  private Map<String, String> environment;

  @BeforeEach
  void prepare() throws IOException {
    data = TemporaryPostgres.temporaryDirectory("anabranch-install-");
    int http = TemporaryPostgres.freePort();
    environment = new HashMap<>();
    environment.put("HOME", home.toString());
    environment.put("PATH", home.resolve(".local/bin") + ":" + System.getenv("PATH"));
    environment.put("ANABRANCH_JAVA", Unpacked.JAVA.toString());
    environment.put("ANABRANCH_DATA", data.resolve("data").toString());
    environment.put("ANABRANCH_HTTP_PORT", String.valueOf(http));
    environment.put("ANABRANCH_GATEWAY_PORT", String.valueOf(TemporaryPostgres.freePort()));
    environment.put("XDG_STATE_HOME", home.resolve("state").toString());
    environment.put("ANABRANCH_URL", "http://127.0.0.1:" + http);
    Files.copy(Unpacked.TARBALL, home.resolve(Unpacked.TARBALL.getFileName()));
  }

  @AfterEach
  void remove() throws IOException {
    Trees.delete(data);
  }

  @Test
  void theSessionOnThePageIsReal() throws Exception {
    assumeTrue(
        Exchange.run(home, Map.of(), "command -v psql").startsWith("/"),
        "SKIPPED: the session needs psql, and there is none on this machine");
    List<Exchange> session = Exchange.allIn(PAGE);
    assertThat(session).as("commands on the page").hasSizeGreaterThan(9);
    List<Process> started = new ArrayList<>();
    try {
      for (Exchange exchange : session) {
        if (exchange.command().endsWith(IN_THE_BACKGROUND)) {
          started.add(start(exchange));
        } else {
          assertThat(exchange.type(home, environment))
              .as(exchange.command())
              .matches(exchange.promised());
        }
      }
      assertThat(started).as("servers that the page starts").hasSize(1);
      Process server = started.getFirst();
      assertThat(server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("it ends when main is released")
          .isTrue();
      assertThat(server.exitValue()).isZero();
    } finally {
      for (Process server : started) {
        server.destroy();
        server.waitFor();
      }
    }
    assertThat(home.resolve("anabranch")).doesNotExist();
  }

  private Process start(Exchange exchange) throws IOException {
    String command = exchange.command();
    Path log = home.resolve("server.log");
    ProcessBuilder builder =
        new ProcessBuilder(
                "bash",
                "-c",
                "exec " + command.substring(0, command.length() - IN_THE_BACKGROUND.length()))
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process server = builder.start();
    try {
      Await.until(
          command,
          () -> {
            List<String> printed = Files.readAllLines(log);
            assertThat(server.isAlive()).as(String.join("\n", printed)).isTrue();
            return printed.containsAll(exchange.answer());
          },
          PATIENCE);
    } catch (AssertionError e) {
      server.destroy();
      throw e;
    }
    return server;
  }
}
