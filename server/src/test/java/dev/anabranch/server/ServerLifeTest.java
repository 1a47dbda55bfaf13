package dev.anabranch.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server as a process: started, killed, found again, refused a second time, stopped. */
@Tag("postgres")
class ServerLifeTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path home = TemporaryPostgres.temporaryDirectory("anabranch-life-");
  private final Path data = home.resolve("data");
  private final int httpPort = TemporaryPostgres.freePort();
  private final int gatewayPort = TemporaryPostgres.freePort();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void remove() throws IOException {
    client.close();
    Trees.delete(home);
  }

  @Test
  void whatWasAskedAndPromotedSurvivesTheServersDeath() throws Exception {
    Process first = up("first");
    try {
      awaitReady("first", first);
      onMain(
          "CREATE TABLE orders (id int PRIMARY KEY, customer text)",
          "INSERT INTO orders VALUES (1, 'alice')");
      String url =
          json("POST", "/branches", "{\"name\":\"alice\",\"noExpiry\":true}").get("url").asString();
      assertThat(ask(url, "SELECT count(*) FROM orders")).isEqualTo("1");
      write(url, "INSERT INTO orders VALUES (2, 'bob')");
      onMain("INSERT INTO orders VALUES (9001, 'carol')");
      JsonNode check = json("POST", "/branches/alice/check", "");
      assertThat(check.path("answers").get(0).path("verdict").asString()).isEqualTo("changed");
      assertThat(check.path("answers").get(0).path("now").toString()).isEqualTo("[[\"2\"]]");

      assertThat(seenByOthers()).as("what others can see of the data directory").isEmpty();
      assertThat(printed("first").lines().filter(line -> line.startsWith("admin token: anab_")))
          .hasSize(1);

      Process second = up("second");
      assertThat(second.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(second.exitValue()).isEqualTo(1);
      assertThat(printed("second")).contains("Another Anabranch runs on " + data);

      first.destroyForcibly().waitFor();
      Process third = up("third");
      first = third;
      awaitReady("third", third);
      assertThat(printed("third")).doesNotContain("admin token");
      assertThat(seenByOthers()).isEmpty();
      // The count, and what the INSERT did.
      assertThat(json("GET", "/branches/alice/answers", "").size()).isEqualTo(2);
      assertThat(ask(url, "SELECT count(*) FROM orders")).isEqualTo("2");
      JsonNode promotion = json("POST", "/branches/alice/promote", "{\"accept\":[1]}");
      assertThat(promotion.path("outcome").asString()).isEqualTo("landed");
      assertThat(json("GET", "/promotions/" + promotion.path("receipt").asString(), "").isObject())
          .isTrue();
      assertThat(json("POST", "/branches/alice/promote", "").path("outcome").asString())
          .isEqualTo("nothing");

      third.destroy();
      assertThat(third.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(postgresProcesses()).isEmpty();
      assertThat(data.resolve("local-token")).doesNotExist();
      assertThat(home.resolve("state/anabranch")).isEmptyDirectory();
    } finally {
      first.destroy();
      first.waitFor(2, TimeUnit.MINUTES);
    }
  }

  /** Everything but Postgres's own programs, sockets of running servers included. */
  private List<String> seenByOthers() throws IOException {
    List<String> seen = new ArrayList<>();
    Files.walkFileTree(
        data,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (directory.equals(data.resolve("postgres"))) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            // Who runs Postgres for root has to pass, and passes only.
            note(directory, "rwx--x--x");
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isSymbolicLink()) {
              note(file, "rwx------");
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // Postgres has just removed it
          }

          private void note(Path path, String most) throws IOException {
            try {
              var mode = Files.getPosixFilePermissions(path);
              if (!PosixFilePermissions.fromString(most).containsAll(mode)) {
                seen.add(PosixFilePermissions.toString(mode) + " " + data.relativize(path));
              }
            } catch (NoSuchFileException e) {
              // Postgres has just removed it
            }
          }
        });
    return seen;
  }

  private Process up(String name) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.anabranch.server.Main",
                "up",
                "--data=" + data,
                "--http-port=" + httpPort,
                "--gateway-port=" + gatewayPort)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve(name + ".out").toFile());
    builder.environment().put("XDG_STATE_HOME", home.resolve("state").toString());
    return builder.start();
  }

  private String printed(String name) {
    try {
      return Files.readString(home.resolve(name + ".out"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void awaitReady(String name, Process process) {
    Await.until(
        () -> !process.isAlive() || printed(name).lines().anyMatch("ready"::equals), PATIENCE);
    assertThat(printed(name).lines()).contains("ready");
  }

  private JsonNode json(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/api/v1" + path))
            .header("Content-Type", "application/json")
            .header(
                "Authorization",
                "Bearer " + Files.readAllLines(data.resolve("local-token")).getLast())
            .method(method, BodyPublishers.ofString(body))
            .build();
    return JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
  }

  private void onMain(String... statements) throws Exception {
    for (String statement : statements) {
      write(json("GET", "/main", "").get("url").asString(), statement);
    }
  }

  private static void write(String url, String sql) throws SQLException {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(String url, String sql) throws SQLException {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static Connection connect(String url) throws SQLException {
    URI uri = URI.create(url);
    String[] login = uri.getUserInfo().split(":", 2);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + uri.getPort() + uri.getPath(), login[0], login[1]);
  }

  private List<ProcessHandle> postgresProcesses() {
    return ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().orElse("").contains("-D " + data))
        .toList();
  }
}
