package dev.anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Webhooks at the command line. */
class WebhookCommandTest {

  private static final String WEBHOOK =
      "\"id\":\"1f0c9a77d2\",\"branch\":\"alice\",\"url\":\"https://example.com/a\",\"who\":\"ann\","
          + "\"setAt\":\"2026-11-20T10:00:00Z\"";

  private final Map<String, String> script = new HashMap<>();
  private final List<String> bodies = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final HttpServer server;

  WebhookCommandTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          String call = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
          byte[] body = script.getOrDefault(call, "{}").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private int run(String... arguments) {
    return Cli.run(
        Map.of("ANABRANCH_URL", "http://127.0.0.1:" + server.getAddress().getPort()),
        new Output(new PrintWriter(out, true), new PrintWriter(out, true), new Palette(false)),
        arguments);
  }

  @Test
  void aSecretIsAloneOnItsLine() {
    script.put("POST /api/v1/webhooks", "{\"secret\":\"whsec_AAAA\"," + WEBHOOK + "}");
    assertThat(run("webhook", "set", "https://example.com/a", "--branch", "alice")).isZero();
    assertThat(bodies.getLast())
        .startsWith("{\"url\":\"https://example.com/a\",\"branch\":\"alice\",\"who\":");
    assertThat(out.toString())
        .isEqualTo(
            """
            whsec_AAAA

            Webhook 1f0c9a77d2 tells https://example.com/a of branch alice, signed with this secret. It is not shown again.
            """);
  }

  @Test
  void theListSaysHowDeliveriesGo() {
    script.put(
        "GET /api/v1/webhooks",
        "[{"
            + WEBHOOK
            + ",\"pending\":1,\"lastOutcome\":\"failed\",\"lastAt\":\"2026-11-20T10:00:05Z\","
            + "\"lastWhy\":\"it said 500\"},{\"id\":\"2a\",\"branch\":null,\"url\":\"http://b\","
            + "\"pending\":0,\"lastOutcome\":null,\"lastAt\":null,\"lastWhy\":null}]");
    assertThat(run("webhook", "list")).isZero();
    assertThat(out.toString())
        .contains("branch alice", "failed: it said 500", "2026-11-20T10:00:05Z", "every branch");
  }

  @Test
  void whereThereIsNoneTheListSaysHowToSetOne() {
    script.put("GET /api/v1/webhooks", "[]");
    assertThat(run("webhook", "list")).isZero();
    assertThat(out.toString()).isEqualTo("There is no webhook: anabranch webhook set URL\n");
  }

  @Test
  void oneIsUnset() {
    script.put("DELETE /api/v1/webhooks/1f0c9a77d2", "{" + WEBHOOK + "}");
    assertThat(run("webhook", "unset", "1f0c9a77d2")).isZero();
    assertThat(out.toString()).isEqualTo("https://example.com/a is told nothing more\n");
    assertThat(run("webhook")).isEqualTo(2);
  }
}
