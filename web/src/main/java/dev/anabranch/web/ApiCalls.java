package dev.anabranch.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The HTTP API, asked with the token of whoever looks at a page: what they may not do, no page does
 * for them.
 *
 * @param http shared by all
 * @param base where the API answers, such as {@code http://127.0.0.1:6480}
 * @param token theirs, if they have one
 * @param turns shared by all
 */
record ApiCalls(HttpClient http, URI base, Optional<String> token, Turns turns) {

  static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // rows are read one by one
          .build();

  /** As patient as the command line. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private static final int FIRST_ERROR_STATUS = 400;
  private static final int FORBIDDEN = 403;
  private static final int UNAVAILABLE = 503;

  JsonNode get(String path) {
    return send("GET", path, BodyPublishers.noBody());
  }

  <T> T get(String path, Class<T> view) {
    return JSON.treeToValue(get(path), view);
  }

  JsonNode post(String path, Map<String, ?> body) {
    return send("POST", path, BodyPublishers.ofString(JSON.writeValueAsString(body)));
  }

  <T> T post(String path, Map<String, ?> body, Class<T> view) {
    return JSON.treeToValue(post(path, body), view);
  }

  /** What would land of a branch, and what there is to decide. */
  Promoted look(String branch) {
    return turns.take(
        branch, () -> get("/branches/" + Visit.part(branch) + "/facts", Promoted.class));
  }

  /** The same for a form, which wakes a branch that sleeps. */
  Promoted lookAwake(String branch) {
    try {
      return look(branch);
    } catch (ApiRefusal refusal) {
      if (!refusal.isOfSleeper()) {
        throw refusal;
      }
      wake(branch);
      return look(branch);
    }
  }

  /** Starts a branch that sleeps; who may not resume it may have its answers checked. */
  void wake(String branch) {
    String path = "/branches/" + Visit.part(branch);
    try {
      post(path + "/resume", Map.of());
    } catch (ApiRefusal refusal) {
      if (refusal.status() != FORBIDDEN) {
        throw refusal;
      }
      post(path + "/check?limit=1", Map.of());
    }
  }

  /** Units of a branch, which are looked at as facts are. */
  UnitsPage.UnitsSeen units(String branch, String path) {
    return turns.take(branch, () -> get(path, UnitsPage.UnitsSeen.class));
  }

  /** Promotes a branch, or does as if. */
  Promoted promote(String branch, Map<String, ?> body) {
    return turns.take(
        branch, () -> post("/branches/" + Visit.part(branch) + "/promote", body, Promoted.class));
  }

  /** Takes back what a receipt of a branch says, or does as if. */
  Promoted undo(String branch, String receipt, Map<String, ?> body) {
    return turns.take(
        branch, () -> post("/receipts/" + Visit.part(receipt) + "/undo", body, Promoted.class));
  }

  JsonNode delete(String path) {
    return send("DELETE", path, BodyPublishers.noBody());
  }

  /** What is sent as it arrives; the caller closes it. */
  InputStream open(String path) {
    HttpResponse<InputStream> response = answered(request(path).build());
    if (response.statusCode() >= FIRST_ERROR_STATUS) {
      try (InputStream body = response.body()) {
        throw refusal(
            response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw noAnswer(e);
      }
    }
    return response.body();
  }

  private JsonNode send(String method, String path, BodyPublisher body) {
    HttpRequest.Builder request = request(path).timeout(PATIENCE);
    request.header("Content-Type", "application/json").method(method, body);
    try (InputStream answer = answered(request.build(), FIRST_ERROR_STATUS)) {
      byte[] text = answer.readAllBytes();
      return text.length == 0 ? JSON.createObjectNode() : JSON.readTree(text);
    } catch (IOException e) {
      throw noAnswer(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/v1" + path));
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return request;
  }

  private InputStream answered(HttpRequest request, int firstError) throws IOException {
    HttpResponse<InputStream> response = answered(request);
    if (response.statusCode() < firstError) {
      return response.body();
    }
    try (InputStream body = response.body()) {
      throw refusal(response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private HttpResponse<InputStream> answered(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw noAnswer(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiRefusal(UNAVAILABLE, "", "The server is ending: look again in a moment.");
    }
  }

  private static ApiRefusal noAnswer(IOException failure) {
    return new ApiRefusal(
        UNAVAILABLE,
        "",
        "The server did not answer (" + failure.getMessage() + "): look again in a moment.");
  }

  private static ApiRefusal refusal(int status, String text) {
    try {
      JsonNode problem = JSON.readTree(text);
      return new ApiRefusal(
          status,
          problem.path("code").asString(""),
          problem.path("detail").asString("The server answered with status " + status + "."));
    } catch (JacksonException e) {
      return new ApiRefusal(status, "", "The server answered with status " + status + ".");
    }
  }

  @Override
  public String toString() {
    return "the API at " + base;
  }
}
