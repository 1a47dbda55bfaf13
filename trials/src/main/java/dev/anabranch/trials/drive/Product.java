package dev.anabranch.trials.drive;

import dev.anabranch.cli.LocalTokens;
import dev.anabranch.server.Anabranch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A running server, through its HTTP interface alone. */
public final class Product {

  /** An answer of the server that is no success. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String body;

    Refused(int status, String body) {
      super("HTTP " + status + ": " + body);
      this.status = status;
      this.body = body;
    }

    /** Whether the server itself did not expect this failure. */
    public boolean unexplained() {
      return body.contains("AB-999");
    }

    public int status() {
      return status;
    }
  }

  /** What a branch is created with beside its name. */
  public record Wish(
      Optional<String> at, Optional<String> from, Optional<String> role, boolean ephemeral) {

    /** A branch of main as it is now. */
    public static Wish now() {
      return new Wish(Optional.of("now"), Optional.empty(), Optional.empty(), false);
    }

    /** A branch of the newest golden image there is. */
    public static Wish latest() {
      return new Wish(Optional.of("latest"), Optional.empty(), Optional.empty(), false);
    }

    /** The same, and nothing of it needs to survive a crash. */
    public Wish thrownAway() {
      return new Wish(at, from, role, true);
    }

    /** The same, for a member of one role alone. */
    public Wish as(String role) {
      return new Wish(at, from, Optional.of(role), ephemeral);
    }
  }

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final URI http;
  private final Supplier<Optional<String>> token;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final ObjectMapper json = new ObjectMapper();

  /** One that runs somewhere, as the command line finds its way in. */
  public Product(URI http) {
    this(
        http,
        () ->
            Optional.ofNullable(System.getenv("ANABRANCH_TOKEN"))
                .or(() -> LocalTokens.find(http, System.getenv())));
  }

  /**
   * One that runs somewhere.
   *
   * @param token is asked for at each request
   */
  public Product(URI http, Supplier<Optional<String>> token) {
    this.http = http;
    this.token = token;
  }

  /** One that runs in this process. */
  public static Product of(Anabranch.Running running) {
    return new Product(
        URI.create("http://127.0.0.1:" + running.httpPort()),
        () -> Optional.of(running.entrance().token()));
  }

  /** A request to it, by who may do everything. */
  public HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(http.resolve(path));
    token.get().ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return request;
  }

  /** What it is asked with, if anything. */
  public Optional<String> token() {
    return token.get();
  }

  /** A token that does not end with the server, of who may do this. */
  public String tokenThatLasts(String can) {
    ObjectNode body = json.createObjectNode().put("ttl", "1d");
    body.putArray("can").add(can);
    return send("POST", "tokens", body).get("token").asString();
  }

  /** Where it answers. */
  public URI address() {
    return http;
  }

  /** Main, as an administrator reaches it. */
  public Address main() {
    return Address.parse(send("GET", "main", null).get("url").asString());
  }

  /** Creates a branch that stays until it is deleted, and says where it is. */
  public Address create(String name, Wish wish) {
    ObjectNode body =
        json.createObjectNode()
            .put("name", name)
            .put("noExpiry", true)
            .put("ephemeral", wish.ephemeral());
    wish.at().ifPresent(at -> body.put("at", at));
    wish.from().ifPresent(from -> body.put("from", from));
    wish.role().ifPresent(role -> body.put("role", role));
    return Address.parse(send("POST", "branches", body).get("url").asString());
  }

  /** Where a branch is. */
  public Address branch(String name) {
    return Address.parse(send("GET", "branches/" + name, null).get("url").asString());
  }

  public JsonNode branches() {
    return send("GET", "branches", null);
  }

  /** For good. */
  public void delete(String name) {
    send("DELETE", "branches/" + name + "?now=true", null);
  }

  /** Until it is brought back. */
  public void deleteForNow(String name) {
    send("DELETE", "branches/" + name, null);
  }

  public void undelete(String name) {
    send("POST", "branches/" + name + "/undelete", json.createObjectNode());
  }

  /** Gives it another password; returns the URL with it. */
  public String newPassword(String name) {
    return send("POST", "branches/" + name + "/new-password", null).get("url").asString();
  }

  public void suspend(String name) {
    send("POST", "branches/" + name + "/suspend", null);
  }

  /** Sets a branch back to a moment of its own. */
  public JsonNode restore(String name, String to) {
    return send("POST", "branches/" + name + "/restore", json.createObjectNode().put("to", to));
  }

  /** Moves a branch onto main as it is now, as the request's body says. */
  public JsonNode sync(String name, ObjectNode body) {
    return send("POST", "branches/" + name + "/sync", body);
  }

  /** The same, with nothing decided. */
  public JsonNode sync(String name) {
    return sync(name, json.createObjectNode());
  }

  public JsonNode answers(String name) {
    return send("GET", "branches/" + name + "/answers", null);
  }

  public JsonNode check(String name) {
    return send("POST", "branches/" + name + "/check", json.createObjectNode());
  }

  /** The same, with a query such as {@code limit=10}. */
  public JsonNode check(String name, String query) {
    return send("POST", "branches/" + name + "/check?" + query, json.createObjectNode());
  }

  /** What a branch has changed, or main, with a query such as {@code behind&rows}. */
  public JsonNode diff(String name, String query) {
    return json.readTree(diffText(name, query));
  }

  /** The same in another format. */
  public String diffText(String name, String query) {
    return text("GET", "branches/" + name + "/diff?" + query, null);
  }

  /** Folds a branch back, or says what would happen. */
  public JsonNode promote(String name, boolean dryRun, List<Long> accepted) {
    ObjectNode body = json.createObjectNode().put("dryRun", dryRun).put("strict", false);
    ArrayNode accept = body.putArray("accept");
    accepted.forEach(accept::add);
    return send("POST", "branches/" + name + "/promote", body);
  }

  /** Promotes as the request's body says. */
  public JsonNode promote(String name, ObjectNode body) {
    return send("POST", "branches/" + name + "/promote", body);
  }

  /** Several branches as they would be landed, the best first. */
  public JsonNode compare(List<String> branches, String score) {
    ObjectNode body = json.createObjectNode().put("score", score);
    ArrayNode names = body.putArray("branches");
    branches.forEach(names::add);
    return send("POST", "compare", body);
  }

  /** What there is to decide. */
  public JsonNode facts(String name) {
    return send("GET", "branches/" + name + "/facts", null);
  }

  public JsonNode receipt(String promotion) {
    return send("GET", "promotions/" + promotion, null);
  }

  /** Takes back what a promotion wrote, or says what that would do. */
  public JsonNode undo(String receipt, boolean dryRun) {
    return send(
        "POST", "receipts/" + receipt + "/undo", json.createObjectNode().put("dryRun", dryRun));
  }

  /** Lets a column of main combine. */
  public JsonNode setRule(String column, String rule) {
    return send("POST", "rules", json.createObjectNode().put("column", column).put("rule", rule));
  }

  /** Takes everything of the product's from main; the server ends by itself then. */
  public JsonNode release(boolean force) {
    return send("POST", "main/release", json.createObjectNode().put("force", force));
  }

  public JsonNode status() {
    return send("GET", "status", null);
  }

  /** What the server measures of itself under a name such as {@code anabranch_ledger_depth}. */
  public double gauge(String name) {
    try {
      HttpRequest request = request("/metrics").timeout(PATIENCE).build();
      return client
          .send(request, HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("nothing is measured as " + name));
    } catch (IOException e) {
      throw new UncheckedIOException("reading the metrics", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading the metrics", e);
    }
  }

  private JsonNode send(
      String method, String path, @org.jspecify.annotations.Nullable JsonNode body) {
    String answer = text(method, path, body);
    return answer.isBlank() ? json.createObjectNode() : json.readTree(answer);
  }

  private String text(
      String method, String path, @org.jspecify.annotations.Nullable JsonNode body) {
    HttpRequest.Builder request = request("/api/v1/" + path).timeout(PATIENCE);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)));
    }
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new Refused(response.statusCode(), response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during " + method + " " + path, e);
    }
  }
}
