package dev.anabranch.trials.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.cluster.Poll;
import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.PostgresProcess;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import dev.anabranch.trials.drive.Sql;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server whose main can be made to answer nothing: it says so at once, and ends when it is told
 * to, whatever is under way. What is waited for here would else take minutes, or for ever.
 */
@Tag("postgres")
class UnderWayTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path home = TemporaryPostgres.temporaryDirectory("anabranch-underway-");
  private final TemporaryPostgres main = TemporaryPostgres.start(Map.of());
  private final StallingProxy proxy = new StallingProxy(main.port());
  private final HttpClient http = HttpClient.newHttpClient();
  private final ServerProcess server = started();
  private final Address branch = server.product().create("alice", Product.Wish.now());

  private ServerProcess started() {
    main.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
    String url = main.url("postgres").replace(":" + main.port() + "/", ":" + proxy.port() + "/");
    assertThat(url).contains(":" + proxy.port() + "/");
    ServerProcess running =
        ServerProcess.start(
            home.resolve("data"),
            Optional.of(url),
            List.of("-Dlogback.configurationFile=logback.xml"));
    running.restart(List.of("--drain=1s", "--log-format=json"));
    return running;
  }

  @AfterEach
  void stop() throws IOException {
    proxy.stall(false);
    server.close();
    proxy.close();
    main.close();
    http.close();
    Trees.delete(home);
  }

  private HttpResponse<String> get(String path) {
    try {
      return http.send(server.product().request(path).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(path, e);
    }
  }

  /** The part of an answer to {@code /ready} that is about this. */
  private JsonNode part(String name) {
    return JsonMapper.builder()
        .build()
        .readTree(get("/ready").body())
        .path("parts")
        .valueStream()
        .filter(part -> part.path("part").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Thread inTheBackground(Runnable request) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            request.run();
          } catch (RuntimeException e) {
            // the server ends before it is answered
          }
        });
  }

  private void endsWithNothingLeft() {
    server.beginStop();
    server.awaitOwnEnd();
    assertThat(Poll.until(PATIENCE, () -> PostgresProcess.below(server.data()).isEmpty()))
        .as("Postgres servers that are left: " + PostgresProcess.below(server.data()))
        .isTrue();
  }

  @Test
  void aMainThatAnswersNothingIsToldAndDoesNotKeepTheServer() throws Exception {
    assertThat(branch.texts("SELECT count(*) FROM t")).containsExactly("1");
    assertThat(get("/ready").statusCode()).isEqualTo(200);
    Instant before = Instant.now();
    proxy.stall(true);
    assertThat(Poll.until(PATIENCE, () -> get("/ready").statusCode() == 503)).isTrue();
    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(part("main").path("ready").asBoolean()).isFalse();
    assertThat(Instant.parse(part("main").path("since").asString()))
        .isAfter(before.minusSeconds(5));
    assertThat(part("control").path("ready").asBoolean()).isTrue();
    assertThat(part("disk").path("ready").asBoolean()).isTrue();
    JsonNode status = server.product().status();
    assertThat(status.path("health").path("main").asString()).startsWith("since 20");
    assertThat(status.path("mirror").path("state").asString()).isEqualTo("not connected");
    assertThat(status.path("pools").path("branches").asInt()).isEqualTo(1);
    assertThat(server.product().gauge("anabranch_ready")).isZero();
    assertThat(server.product().gauge("anabranch_part_connected{part=\"main\"}")).isZero();
    assertThat(server.product().gauge("anabranch_feed_lag_seconds")).isPositive();
    assertThat(server.product().gauge("anabranch_mirror_lag_seconds")).isPositive();

    inTheBackground(() -> server.product().check("alice"));
    inTheBackground(() -> server.product().create("bob", Product.Wish.now()));
    inTheBackground(() -> server.product().promote("alice", false, List.of()));
    endsWithNothingLeft();

    proxy.stall(false);
    server.startAgain();
    assertThat(get("/ready").statusCode()).isEqualTo(200);
    assertThat(server.product().check("alice").path("counts").path("holds").asInt()).isEqualTo(1);
    assertThat(server.logs().lines().filter(line -> line.startsWith("{")).toList())
        .isNotEmpty()
        .allSatisfy(line ->
            assertThat(JsonMapper.builder().build().readTree(line).path("level").asString())
                .isNotEmpty());
  }

  @Test
  void neitherALockOnMainNorAClientInATransactionKeepsTheServer() throws Exception {
    branch.texts("INSERT INTO t VALUES (2) RETURNING id");
    try (Connection idle = branch.connect();
        Connection holder = main.connect("postgres")) {
      idle.setAutoCommit(false);
      Sql.run(idle, "INSERT INTO t VALUES (3)");
      holder.setAutoCommit(false);
      Sql.run(holder, "LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
      inTheBackground(() -> server.product().promote("alice", false, List.of()));
      assertThat(
              Poll.until(
                  PATIENCE,
                  () ->
                      !main.query("postgres", "SELECT pid FROM pg_locks WHERE NOT granted")
                          .isEmpty()))
          .as("the promotion waits for the lock")
          .isTrue();
      endsWithNothingLeft();
    }
    server.startAgain();
    assertThat(server.product().branch("alice").texts("SELECT id FROM t ORDER BY id"))
        .containsExactly("1", "2");
    assertThat(server.product().promote("alice", false, List.of()).path("outcome").asString())
        .isIn("landed", "nothing");
    assertThat(main.query("postgres", "SELECT id FROM t ORDER BY id")).containsExactly("1", "2");
  }
}
