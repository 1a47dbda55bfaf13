package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.anabranch.testkit.Exchange;
import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A receiver is told what turns on a real branch, and can tell who sent it as the page says. */
@Tag("postgres")
final class WebhookDeliveryTest {

  private static final String BRANCH = "told";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path PAGE =
      Path.of(System.getProperty("anabranch.root"), "docs/webhooks.md");
  private static final Pattern SCRIPT = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  /** What came to the receiver. */
  private record Came(String id, String timestamp, String signature, String body) {
    JsonNode answer() {
      return JSON.readTree(body).get("answers").get(0);
    }
  }

  private final Product product = LiveServer.shared().product();
  private final BlockingQueue<Came> came = new LinkedBlockingQueue<>();
  private final HttpServer receiver;

  WebhookDeliveryTest() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          var headers = exchange.getRequestHeaders();
          came.add(
              new Came(
                  headers.getFirst("webhook-id"),
                  headers.getFirst("webhook-timestamp"),
                  headers.getFirst("webhook-signature"),
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterEach
  void remove() throws SQLException {
    receiver.stop(0);
    product.delete(BRANCH);
    onMain("DROP TABLE told");
  }

  @Test
  void whatTurnsIsToldAndSigned(@TempDir Path directory) throws Exception {
    onMain("CREATE TABLE told (id int PRIMARY KEY, n int)");
    onMain("INSERT INTO told VALUES (1, 5)");
    product.create(BRANCH, Product.Wish.now().thrownAway());
    try (Connection branch = product.branch(BRANCH).connect()) {
      Sql.ask(branch, "SELECT n FROM told WHERE id = 1");
    }
    JsonNode issued =
        api(
            "POST",
            "",
            "{\"url\":\"http://127.0.0.1:"
                + receiver.getAddress().getPort()
                + "/hook\",\"branch\":\"told\"}");
    onMain("UPDATE told SET n = 0 WHERE id = 1");

    Came first = next();
    assertThat(first.answer().get("holds").asBoolean()).isFalse();
    assertThat(first.answer().get("verdict").asString()).isEqualTo("changed");
    assertThat(first.body()).contains("SELECT n FROM told WHERE id = 1").contains("\"asOf\":\"");
    assertThat(signature(directory, issued.get("secret").asString(), first))
        .isEqualTo(first.signature());

    onMain("UPDATE told SET n = 5 WHERE id = 1");
    Came second = next();
    assertThat(second.answer().get("holds").asBoolean()).isTrue();
    assertThat(second.id()).isNotEqualTo(first.id());

    api("DELETE", "/" + issued.get("id").asString(), "");
    assertThat(api("GET", "", "")).isEmpty();
    assertThat(product.gauge("anabranch_webhook_deliveries_total{outcome=\"delivered\"}"))
        .isGreaterThanOrEqualTo(1);
  }

  private Came next() throws InterruptedException {
    Came next = came.poll(1, TimeUnit.MINUTES);
    assertThat(next).as("what came to the receiver").isNotNull();
    return java.util.Objects.requireNonNull(next);
  }

  /** By the commands of the page. */
  private static String signature(Path directory, String secret, Came came) throws Exception {
    Matcher script = SCRIPT.matcher(Files.readString(PAGE));
    assertThat(script.find()).isTrue();
    Files.writeString(directory.resolve("body"), came.body());
    return "v1,"
        + Exchange.run(
                directory,
                Map.of("secret", secret, "id", came.id(), "timestamp", came.timestamp()),
                script.group(1))
            .strip();
  }

  private JsonNode api(String method, String path, String body)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return JSON.readTree(
          client
              .send(
                  product
                      .request("/api/v1/webhooks" + path)
                      .method(method, BodyPublishers.ofString(body))
                      .header("Content-Type", "application/json")
                      .build(),
                  BodyHandlers.ofString())
              .body());
    }
  }

  private void onMain(String sql) throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, sql);
    }
  }
}
