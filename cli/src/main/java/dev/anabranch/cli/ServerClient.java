package dev.anabranch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
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
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The server, over HTTP. Every failure, whether the server's answer or the lack of one, ends as a
 * {@link CommandFailure} with a sentence.
 *
 * @param base where the server answers, such as {@code http://127.0.0.1:6480}
 * @param token sent as a bearer token when there is one
 */
record ServerClient(URI base, Optional<String> token) {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);

  /**
   * A check or a promotion of a large branch takes its time; a server that hangs for ever is lost.
   */
  private static final Duration ANSWER_PATIENCE = Duration.ofMinutes(30);

  private static final String DEFAULT_URL = "http://127.0.0.1:6480";

  /** The server looks at no branch that sleeps. */
  private static final String ASLEEP = "AB-675";

  private static final int FIRST_ERROR_STATUS = 400;

  /**
   * The server that {@code ANABRANCH_URL} names, else the one on this machine; with the token that
   * is given, else with the one that it leaves for its own system user.
   */
  static ServerClient ofEnvironment(Map<String, String> environment) {
    String url = environment.getOrDefault("ANABRANCH_URL", DEFAULT_URL);
    URI base = parseBase(url);
    Optional<String> token =
        Optional.ofNullable(environment.get("ANABRANCH_TOKEN"))
            .filter(t -> !t.isBlank())
            .or(() -> LocalTokens.find(base, environment));
    return new ServerClient(base, token);
  }

  private static URI parseBase(String url) {
    try {
      URI uri = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // falls through to the sentence below, which repeats the text
    }
    throw new CommandFailure(
        Exit.USAGE, "ANABRANCH_URL is '" + url + "': give an address such as " + DEFAULT_URL + ".");
  }

  JsonNode get(String path) {
    return send("GET", path, BodyPublishers.noBody());
  }

  JsonNode post(String path, Map<String, ?> body) {
    return send("POST", path, BodyPublishers.ofString(JSON.writeValueAsString(body)));
  }

  JsonNode delete(String path) {
    return send("DELETE", path, BodyPublishers.noBody());
  }

  /** Looks at a branch, and starts one that sleeps for it, if the token may do that. */
  <T> T awake(String branch, Supplier<T> look) {
    try {
      return look.get();
    } catch (CommandFailure failure) {
      if (!failure.code().equals(ASLEEP)) {
        throw failure;
      }
      try {
        post(Commands.branchPath(branch, "resume"), Map.of());
      } catch (CommandFailure refused) {
        failure.addSuppressed(refused);
        throw failure;
      }
      return look.get();
    }
  }

  /** Reads what is sent as it arrives. */
  interface Reader {
    void read(InputStream stream) throws IOException;
  }

  /** Hands on what is sent; whether the server says that it tells of a difference. */
  boolean read(String path, Reader reader) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + "/api/v1" + path)).timeout(ANSWER_PATIENCE);
    token.ifPresent(t -> request.header("Authorization", "Bearer " + t));
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_PATIENCE).build()) {
      HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() >= FIRST_ERROR_STATUS) {
          read(response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
        reader.read(body);
      }
      return response.headers().firstValue("Anabranch-Differs").filter("true"::equals).isPresent();
    } catch (ConnectException e) {
      throw nobodyAnswers();
    } catch (IOException e) {
      throw noAnswer(e);
    } catch (JacksonException e) {
      throw noAnswer(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(Exit.FAILED, "Interrupted while waiting for the server.");
    }
  }

  /** Tells each event of a stream; returns when the stream has ended. */
  void events(String path, Consumer<ServerEvent> told) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
            .header("Accept", "text/event-stream");
    token.ifPresent(t -> request.header("Authorization", "Bearer " + t));
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_PATIENCE).build()) {
      HttpResponse<Stream<String>> response = http.send(request.build(), BodyHandlers.ofLines());
      try (Stream<String> lines = response.body()) {
        if (response.statusCode() >= FIRST_ERROR_STATUS) {
          read(response.statusCode(), lines.collect(Collectors.joining("\n")));
        }
        new EventLines(told).read(lines);
      }
    } catch (ConnectException e) {
      throw nobodyAnswers();
    } catch (IOException e) {
      throw noAnswer(e);
    } catch (UncheckedIOException e) {
      throw noAnswer(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(Exit.FAILED, "Interrupted while waiting for the server.");
    }
  }

  private CommandFailure nobodyAnswers() {
    return new CommandFailure(
        Exit.FAILED, "No server answers at " + base + ": start one with `anabranch up`.");
  }

  private CommandFailure noAnswer(Exception failure) {
    return new CommandFailure(
        Exit.FAILED, "The server at " + base + " did not answer: " + failure.getMessage() + ".");
  }

  private JsonNode send(String method, String path, BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + "/api/v1" + path))
            .timeout(ANSWER_PATIENCE)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .method(method, body);
    token.ifPresent(t -> request.header("Authorization", "Bearer " + t));
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_PATIENCE).build()) {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return read(response.statusCode(), response.body());
    } catch (ConnectException e) {
      throw nobodyAnswers();
    } catch (IOException e) {
      throw noAnswer(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(Exit.FAILED, "Interrupted while waiting for the server.");
    }
  }

  private JsonNode read(int status, String text) {
    JsonNode body = parse(status, text);
    if (status < FIRST_ERROR_STATUS) {
      return body;
    }
    String detail = body.path("detail").asString("");
    String sentence =
        detail.isEmpty()
            ? "The server at " + base + " answered with status " + status + "."
            : detail;
    throw new CommandFailure(
        status == FIRST_ERROR_STATUS ? Exit.USAGE : Exit.FAILED,
        sentence,
        body.path("code").asString(""));
  }

  private JsonNode parse(int status, String text) {
    try {
      return text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text);
    } catch (JacksonException e) {
      throw new CommandFailure(
          Exit.FAILED,
          "What answers at " + base + " is no Anabranch server (status " + status + ").");
    }
  }
}
