package dev.anabranch.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.server.access.PretendAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that say nothing, or nothing for sure, over a real socket. */
class UnreadableRequestsTest {

  private static final String BRANCHES = "/api/v1/branches";

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpServer server =
      new HttpServer(
          new PretendOperations(),
          PretendAccess.open(),
          OwnHosts.of("127.0.0.1", List.of()),
          () -> PretendOperations.NOW);

  @BeforeEach
  void start() {
    server.start("127.0.0.1", 0);
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void whatNoRouteGetsToSeeIsAProblemToo() throws Exception {
    for (String path :
        List.of(
            "/api/v1/branches/%00",
            "/api/v1/branches/%ff", "/api/v1/branches/..;/a", "/?" + "a".repeat(100_000))) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        socket
            .getOutputStream()
            .write(
                ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).startsWith("HTTP/1.1 4").contains("application/problem+json", "AB-70");
        assertThat(answer).doesNotContainIgnoringCase("jetty");
      }
    }
  }

  @Test
  void bodiesThatCanNotBeReadAreMistakes() throws Exception {
    String klingon = "Content-Type: application/json; charset=klingon";
    String json = "Content-Type: application/json";
    for (List<String> rest :
        List.of(
            List.of(klingon, "Content-Length: 1", "", "{"),
            List.of(json, "Transfer-Encoding: chunked", "", "zz", "{}", "0", "", ""))) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        socket
            .getOutputStream()
            .write(
                ("POST "
                        + BRANCHES
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                        + String.join("\r\n", rest))
                    .getBytes(StandardCharsets.US_ASCII));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).startsWith("HTTP/1.1 4").contains("AB-70").doesNotContain("Source");
      }
    }
  }

  @Test
  void whatIsSaidInTheQueryOrTwiceIsNotTakenForNothing() throws Exception {
    for (String path :
        List.of(BRANCHES + "/alice/promote?dryRun=true", "/api/v1/receipts/r/undo?dryRun=true")) {
      HttpResponse<String> response = send(path, "{}");
      assertThat(response.statusCode()).as(path).isEqualTo(400);
      assertThat(response.body()).contains("AB-702");
    }
    HttpResponse<String> twice =
        send(BRANCHES + "/alice/promote", "{\"dryRun\":true,\"dryRun\":false}");
    assertThat(twice.statusCode()).isEqualTo(400);
  }

  private HttpResponse<String> send(String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
