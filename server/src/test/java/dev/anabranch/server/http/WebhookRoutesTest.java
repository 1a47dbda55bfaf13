package dev.anabranch.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.server.access.PretendAccess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks over HTTP: what is told of them, and what is refused. */
class WebhookRoutesTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Contract CONTRACT = new Contract();

  private final HttpServer server =
      new HttpServer(
          new PretendOperations(),
          PretendAccess.open(),
          OwnHosts.of("127.0.0.1", List.of()),
          () -> PretendOperations.NOW);
  private final HttpClient client = HttpClient.newHttpClient();

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
  void theyAreSetListedAndUnset() throws Exception {
    send("POST", "branches", "{\"name\":\"alice\",\"noExpiry\":true}");
    HttpResponse<String> set =
        send(
            "POST",
            "webhooks",
            "{\"url\":\"https://example.com/a\",\"branch\":\"alice\",\"who\":\"ann\"}");
    assertThat(set.statusCode()).isEqualTo(201);
    JsonNode issued = JSON.readTree(set.body());
    assertThat(issued.get("secret").asString()).startsWith("whsec_");
    String id = issued.get("id").asString();

    HttpResponse<String> listed = send("GET", "webhooks", "");
    assertThat(listed.body())
        .isEqualTo(
            "[{\"id\":\""
                + id
                + "\",\"branch\":\"alice\",\"url\":\"https://example.com/a\",\"who\":\"ann\","
                + "\"setAt\":\"2026-11-20T10:00:00Z\",\"pending\":0,\"lastOutcome\":null,"
                + "\"lastAt\":null,\"lastWhy\":null}]");
    assertThat(send("DELETE", "webhooks/" + id, "").statusCode()).isEqualTo(200);
    assertThat(send("GET", "webhooks", "").body()).isEqualTo("[]");
    assertThat(code(send("DELETE", "webhooks/" + id, ""))).isEqualTo("AB-732");
  }

  @Test
  void eachMistakeHasItsSentence() throws Exception {
    assertThat(code(send("POST", "webhooks", "{\"url\":\"ftp://example.com\"}")))
        .isEqualTo("AB-731");
    assertThat(code(send("POST", "webhooks", "{\"url\":\"http://a\",\"branch\":\"nobody\"}")))
        .isEqualTo("AB-103");
    HttpResponse<String> both =
        send("POST", "webhooks", "{\"url\":\"ftp://a\",\"branch\":\"Not A Name\"}");
    assertThat(both.statusCode()).isEqualTo(400);
    assertThat(both.body()).contains("ftp://a").contains("Not A Name");
    assertThat(send("POST", "webhooks", "{}").statusCode()).isEqualTo(400);
  }

  private static String code(HttpResponse<String> refused) {
    return JSON.readTree(refused.body()).get("code").asString();
  }

  private HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + server.port() + "/api/v1/" + path))
                .method(method, BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build(),
            BodyHandlers.ofString());
    assertThat(CONTRACT.violations(method, response)).as(method + " " + path).isEmpty();
    return response;
  }
}
