package dev.anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With which token the command line comes, and how tokens are made and shown. */
class TokenCommandTest {

  private static final String TOKEN =
      "{\"id\":\"1f0c9a77d2\",\"name\":\"ci\",\"can\":[\"read\",\"land\"],\"state\":\"valid\","
          + "\"createTime\":\"2026-11-20T10:00:00Z\",\"expireTime\":null,\"revokeTime\":null}";

  @TempDir private Path home;
  private final Map<String, String> script = new HashMap<>();
  private final List<String> came = new ArrayList<>();
  private final List<String> bodies = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer server = listening();

  private static HttpServer listening() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() {
    script.put("GET /api/v1/status", "{}");
    server.createContext(
        "/",
        exchange -> {
          came.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          String call = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
          byte[] body = script.getOrDefault(call, "{}").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    environment.put("ANABRANCH_URL", "http://127.0.0.1:" + port());
    environment.put("XDG_STATE_HOME", home.resolve("state").toString());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private int run(String... arguments) {
    return Cli.run(
        environment,
        new Output(new PrintWriter(out, true), new PrintWriter(err, true), new Palette(false)),
        arguments);
  }

  private Path left(Path file, String address, String token, String mode) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, address + "\n" + token + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private Path ofPort() {
    return home.resolve("state/anabranch/local-token-" + port());
  }

  private String ours() {
    return "http://127.0.0.1:" + port();
  }

  @Test
  void theServersOwnUserNeedsNoToken() throws IOException {
    left(ofPort(), ours(), "anab_of_the_port", "rw-------");
    assertThat(run("status")).isZero();
    environment.put("ANABRANCH_URL", "http://localhost:" + port() + "/");
    assertThat(run("status")).isZero();
    assertThat(came).containsOnly("Bearer anab_of_the_port");
    environment.put("ANABRANCH_TOKEN", "given");
    assertThat(run("status")).isZero();
    assertThat(came).last().isEqualTo("Bearer given");
  }

  @Test
  void theDataDirectoryHasOneToo() throws IOException {
    Path data = home.resolve("data");
    left(data.resolve("local-token"), ours(), "anab_of_the_data", "rw-------");
    environment.put("ANABRANCH_DATA", data.toString());
    assertThat(run("status")).isZero();
    assertThat(came).containsExactly("Bearer anab_of_the_data");
  }

  @Test
  void noOtherServerIsShownTheToken() throws IOException {
    left(ofPort(), "http://127.0.0.1:1", "anab_of_another", "rw-------");
    assertThat(run("status")).isZero();
    left(ofPort(), "http://db.example:" + port(), "anab_of_another", "rw-------");
    assertThat(run("status")).isZero();
    left(ofPort(), "nonsense", "anab_of_another", "rw-------");
    assertThat(run("status")).isZero();
    assertThat(came).containsOnly("null");
  }

  @Test
  void aFileThatOthersCanReadIsRefused() throws IOException {
    for (String mode : List.of("rw-r--r--", "rw--w----", "rw-----w-", "rwxrwxrwx")) {
      left(ofPort(), ours(), "anab_for_everybody", mode);
      assertThat(run("status")).as(mode).isEqualTo(1);
      assertThat(err.toString())
          .contains("Others can use " + ofPort() + ", which has an admin's token: `chmod 600` it");
    }
    assertThat(came).isEmpty();
  }

  @Test
  void aTokenIsMadeAndPrintedFirst() {
    script.put(
        "POST /api/v1/tokens",
        "{\"token\":\"anab_1f0c9a77d2_x\",\"id\":\"1f0c9a77d2\",\"name\":\"ci\",\"can\":[\"read\",\"land\"],"
            + "\"createTime\":\"2026-11-20T10:00:00Z\",\"expireTime\":\"2026-11-21T10:00:00Z\"}");
    assertThat(run("token", "create", "--can", "read,land", "--ttl", "1d", "--name", "ci"))
        .isZero();
    assertThat(bodies.getLast())
        .isEqualTo("{\"can\":[\"read\",\"land\"],\"ttl\":\"1d\",\"name\":\"ci\"}");
    assertThat(out.toString())
        .isEqualTo(
            """
            anab_1f0c9a77d2_x

            Token 1f0c9a77d2 can read,land, until 2026-11-21T10:00:00Z. It is not shown again.
            """);
    assertThat(run("token", "create")).isEqualTo(2);
  }

  @Test
  void tokensAreListedAndRevoked() {
    script.put("GET /api/v1/tokens", "[" + TOKEN + "]");
    script.put("DELETE /api/v1/tokens/1f0c9a77d2", TOKEN);
    assertThat(run("token", "list")).isZero();
    assertThat(run("token", "revoke", "1f0c9a77d2")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            ID          CAN        STATE  CREATED               EXPIRES  NAME
            1f0c9a77d2  read,land  valid  2026-11-20T10:00:00Z  -        ci
            Token 1f0c9a77d2 is revoked.
            """);
  }
}
