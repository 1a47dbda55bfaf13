package dev.anabranch.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.server.access.Access;
import dev.anabranch.server.access.PretendAccess;
import dev.anabranch.server.access.Right;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every route with every right, and what web pages of others can send, byte for byte. */
class GateTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String PROMOTE = "POST /api/v1/branches/alice/promote";

  private Instant now = PretendOperations.NOW;
  private final PretendOperations operations = new PretendOperations();
  private final Access access = PretendAccess.closed(() -> now, Optional.of("open sesame"));
  private final List<HttpServer> started = new ArrayList<>();
  private final HttpServer closed = start(access, "127.0.0.1", List.of("ana.example"));

  private HttpServer start(Access entrance, String host, List<String> names) {
    HttpServer server = new HttpServer(operations, entrance, OwnHosts.of(host, names), () -> now);
    server.start(host, 0);
    started.add(server);
    return server;
  }

  @AfterEach
  void stop() {
    started.forEach(HttpServer::close);
  }

  /** An answer's status and its JSON. */
  private record Reply(int status, String type, JsonNode body) {
    String code() {
      return body.path("code").asString("");
    }
  }

  /** What is said in the request line and the headers, to the letter. */
  private static Reply send(HttpServer server, String call, String body, String... headers)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      StringBuilder request = new StringBuilder(call + " HTTP/1.1\r\nConnection: close\r\n");
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      if (!List.of(headers).toString().contains("Host:")) {
        request.append("Host: 127.0.0.1:").append(server.port()).append("\r\n");
      }
      if (!body.isEmpty()) {
        request.append("Content-Length: ").append(body.length()).append("\r\n");
      }
      request.append("\r\n").append(body);
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
      return reply(socket.getInputStream());
    }
  }

  private static Reply reply(InputStream in) throws IOException {
    String whole = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    int headEnd = whole.indexOf("\r\n\r\n");
    String head = whole.substring(0, headEnd);
    String body = whole.substring(headEnd + 4);
    return new Reply(
        Integer.parseInt(head.split(" ")[1]),
        head.toLowerCase(java.util.Locale.ROOT),
        body.startsWith("{") ? JSON.readTree(body) : JSON.createObjectNode());
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token;
  }

  private String token(Right... rights) {
    return access.tokens().issue("", Set.of(rights), Optional.empty()).text();
  }

  private static String call(String route) {
    return route.replace("{name}", "alice").replace("{column}", "stock.qty").replace("{id}", "r1");
  }

  @Test
  void formsComeFromOurOwnPagesAlone() throws IOException {
    String land = "POST /branches/alice/review/land";
    String form = "Content-Type: application/x-www-form-urlencoded";
    String own = "Origin: http://127.0.0.1:" + closed.port();
    assertThat(send(closed, land, "plan=1", form).code()).isEqualTo("AB-670");
    assertThat(send(closed, land, "").code()).isEqualTo("AB-670");
    for (String site : List.of("cross-site", "same-site", "none")) {
      String from = "Sec-Fetch-Site: " + site;
      assertThat(send(closed, land, "plan=1", form, from).code()).as(site).isEqualTo("AB-670");
      assertThat(send(closed, land, "plan=1", form, own, from).code()).isEqualTo("AB-670");
    }
    assertThat(send(closed, land, "plan=1", "Content-Type: text/plain", own).code())
        .isEqualTo("AB-670");
    assertThat(send(closed, land, "plan=1", form, "Origin: null").code()).isEqualTo("AB-726");
    assertThat(send(closed, land, "plan=1", form, own).status()).isEqualTo(404);
    assertThat(send(closed, land, "plan=1", form, "Sec-Fetch-Site: same-origin").status())
        .isEqualTo(404);
    assertThat(send(closed, "POST /api/v1/branches", "plan=1", form, own).code())
        .isEqualTo("AB-727");
  }

  @Test
  void everyRouteHasItsRight() {
    Set<String> routes = new TreeSet<>(closed.routes());
    routes.remove("GET /health");
    routes.remove("GET /ready");
    assertThat(RouteRights.ALL.keySet()).containsExactlyInAnyOrderElementsOf(routes);
  }

  @Test
  void everyRouteWantsATokenWithItsRight() throws IOException {
    for (String route : RouteRights.ALL.keySet()) {
      Reply without = send(closed, call(route), "");
      assertThat(without.status()).as(route).isEqualTo(401);
      assertThat(without.code()).as(route).isEqualTo("AB-703");
      assertThat(without.type()).contains("application/problem+json");
      assertThat(send(closed, call(route), "", bearer("anab_none")).code())
          .as(route)
          .isEqualTo("AB-722");
      for (Right right : Right.values()) {
        if (route.endsWith("/stream") || route.endsWith("/release")) {
          continue; // they are let in below, and would not end
        }
        boolean enough = covers(right, RouteRights.of(route));
        String body =
            route.endsWith("/promote") || route.endsWith("/undo") ? "{\"dryRun\":true}" : "";
        Reply reply =
            send(closed, call(route), body, bearer(token(right)), "Content-Type: application/json");
        assertThat(reply.code().equals("AB-721")).as(route + " with " + right).isEqualTo(!enough);
      }
    }
    assertThat(send(closed, "POST /api/v1/main/release", "", bearer(token(Right.LAND))).code())
        .isEqualTo("AB-721");
    assertThat(send(closed, "GET /health", "").status()).isEqualTo(200);
    assertThat(send(closed, "GET /metrics", "", bearer("open sesame")).status()).isEqualTo(200);
  }

  private static boolean covers(Right own, Right wanted) {
    return own == wanted || own == Right.ADMIN || wanted == Right.READ;
  }

  @Test
  void onlyWhoMayLandPromotesDecidesAndUndoes() throws IOException {
    String read = token(Right.READ);
    String author = token(Right.AUTHOR);
    String land = token(Right.LAND);
    String type = "Content-Type: application/json";
    String undo = "POST /api/v1/receipts/r1/undo";
    String decide = "{\"dryRun\":true,\"decide\":[{\"fact\":\"a\",\"choice\":\"main\"}]}";
    for (String other : List.of(read, author)) {
      assertThat(send(closed, PROMOTE, "", bearer(other)).code()).isEqualTo("AB-721");
      assertThat(send(closed, PROMOTE, "{\"dryRun\":false}", bearer(other), type).code())
          .isEqualTo("AB-721");
      assertThat(send(closed, PROMOTE, decide, bearer(other), type).code()).isEqualTo("AB-721");
      assertThat(send(closed, undo, "", bearer(other)).code()).isEqualTo("AB-721");
      assertThat(operations.promotions).isEmpty();
    }
    assertThat(send(closed, PROMOTE, "{\"dryRun\":true}", bearer(read), type).status())
        .isEqualTo(200);
    assertThat(send(closed, PROMOTE, decide, bearer(land), type).status()).isEqualTo(200);
    assertThat(send(closed, PROMOTE, "", bearer(land)).status()).isEqualTo(200);
    assertThat(send(closed, undo, "", bearer(land)).status()).isEqualTo(200);
    assertThat(send(closed, PROMOTE, "", bearer(author)).body().path("detail").asString())
        .isEqualTo(
            "This takes a token with the right 'land', and this one has author: ask an admin for"
                + " one (`anabranch token create --can land`).");
  }

  @Test
  void aBranchIsItsMakersAndAdmins() throws IOException {
    String mine = token(Right.AUTHOR);
    String other = token(Right.AUTHOR, Right.LAND);
    String type = "Content-Type: application/json";
    Reply made =
        send(
            closed,
            "POST /api/v1/branches",
            "{\"name\":\"alice\",\"noExpiry\":true,\"owner\":\"al\"}",
            bearer(mine),
            type);
    assertThat(made.body().path("url").asString()).contains(":secret@");
    String get = "GET /api/v1/branches/alice";
    assertThat(send(closed, get, "", bearer(mine)).body().path("url").asString())
        .contains(":secret@");
    assertThat(send(closed, get, "", bearer(token(Right.ADMIN))).body().path("url").asString())
        .contains(":secret@");
    assertThat(send(closed, get, "", bearer(other)).body().path("url").asString())
        .isEqualTo("postgresql://alice@127.0.0.1:6432/alice");
    for (String call :
        List.of(
            "POST /api/v1/branches/alice/new-password",
            "POST /api/v1/branches/alice/suspend",
            "POST /api/v1/branches/alice/protect",
            "POST /api/v1/branches/alice/unprotect",
            "POST /api/v1/branches/alice/rename",
            "POST /api/v1/branches/alice/reset",
            "POST /api/v1/branches/alice/restore",
            "DELETE /api/v1/branches/alice?now")) {
      assertThat(send(closed, call, "", bearer(other)).code()).as(call).isEqualTo("AB-724");
    }
    assertThat(operations.asked).isEmpty();
    assertThat(send(closed, "DELETE /api/v1/branches/alice", "", bearer(mine)).status())
        .isEqualTo(200);
    assertThat(send(closed, "POST /api/v1/branches/alice/undelete", "", bearer(other)).code())
        .isEqualTo("AB-724");
  }

  @Test
  void tokensAreMadeListedAndRevoked() throws IOException {
    String admin = bearer("open sesame");
    String type = "Content-Type: application/json";
    Reply made =
        send(
            closed,
            "POST /api/v1/tokens",
            "{\"can\":[\"read\",\"land\"],\"ttl\":\"2h\",\"name\":\"ci\"}",
            admin,
            type);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.body().path("can").toString()).isEqualTo("[\"read\",\"land\"]");
    assertThat(made.body().path("expireTime").asString()).isEqualTo("2026-11-20T12:00:00Z");
    String token = made.body().path("token").asString();
    assertThat(send(closed, "GET /api/v1/status", "", bearer(token)).status()).isEqualTo(200);
    now = now.plus(Duration.ofHours(2));
    assertThat(send(closed, "GET /api/v1/status", "", bearer(token)).code()).isEqualTo("AB-722");
    String id = made.body().path("id").asString();
    assertThat(
            send(closed, "DELETE /api/v1/tokens/" + id, "", admin).body().path("state").asString())
        .isEqualTo("revoked");
    assertThat(send(closed, "DELETE /api/v1/tokens/none", "", admin).code()).isEqualTo("AB-723");
    for (String body :
        List.of(
            "{}",
            "{\"can\":[]}",
            "{\"can\":[\"fly\"]}",
            "{\"can\":\"read\"}",
            "{\"can\":[\"read\"],\"ttl\":\"soon\"}",
            "{\"can\":[\"read\"],\"ttl\":\"1h\",\"noExpiry\":true}")) {
      assertThat(send(closed, "POST /api/v1/tokens", body, admin, type).status())
          .as(body)
          .isEqualTo(400);
    }
  }

  @Test
  void aHostThatIsNotOursIsRefused() throws IOException {
    HttpServer open = start(PretendAccess.open(), "127.0.0.1", List.of("ana.example"));
    int port = open.port();
    for (String ours :
        List.of(
            "127.0.0.1:" + port,
            "127.0.0.1",
            "localhost:" + port,
            "LOCALHOST",
            "[::1]:" + port,
            "ana.example",
            "ANA.example:443")) {
      assertThat(send(open, "GET /api/v1/branches", "", "Host: " + ours).status())
          .as(ours)
          .isEqualTo(200);
    }
    for (String others :
        List.of(
            "evil.example",
            "evil.example:" + port,
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "ana.example.evil.example",
            "10.9.8.7",
            "0.0.0.0:" + port,
            "[fe80::1]",
            "localhost.",
            "xn--localhost-")) {
      for (String call : List.of("GET /api/v1/branches", PROMOTE, "GET /health", "GET /nothing")) {
        Reply refused = send(open, call, "", "Host: " + others);
        assertThat(refused.status()).as(call + " of " + others).isEqualTo(403);
        assertThat(refused.code()).as(call + " of " + others).isEqualTo("AB-725");
        assertThat(refused.type()).contains("application/problem+json");
      }
    }
    assertThat(operations.promotions).isEmpty();
  }

  @Test
  void whoListensEverywhereHasEveryAddressAndNoOtherName() {
    OwnHosts everywhere = OwnHosts.of("0.0.0.0", List.of());
    assertThat(List.of("10.9.8.7:6480", "192.168.0.1", "[fe80::1]:6480", "localhost"))
        .allMatch(everywhere::has);
    assertThat(
            List.of("evil.example", "10.9.8.7.evil.example", "1.2.3", "1.2.3.4.5", "", "999.1.1.1"))
        .noneMatch(everywhere::has);
    assertThat(OwnHosts.of("10.0.0.5", List.of()).has("10.0.0.5:6480")).isTrue();
    assertThat(OwnHosts.of("10.0.0.5", List.of()).has("10.0.0.6:6480")).isFalse();
  }

  @Test
  void aPageOfSomebodyElseCanDoNothing() throws IOException {
    HttpServer open = start(PretendAccess.open(), "127.0.0.1", List.of());
    String accept = "{\"accept\":[5]}";
    for (String origin :
        List.of(
            "http://evil.example",
            "https://evil.example",
            "null",
            "http://127.0.0.1:1",
            "http://127.0.0.1",
            "http://127.0.0.1.evil.example",
            "http://localhost:" + open.port(),
            "file://",
            "")) {
      for (String type : List.of("text/plain", "application/json")) {
        Reply refused = send(open, PROMOTE, accept, "Origin: " + origin, "Content-Type: " + type);
        assertThat(refused.status()).as(origin + " " + type).isEqualTo(403);
        assertThat(refused.code()).as(origin + " " + type).isEqualTo("AB-726");
      }
      assertThat(send(open, "POST /api/v1/main/release", "", "Origin: " + origin).code())
          .isEqualTo("AB-726");
    }
    assertThat(operations.promotions).isEmpty();
    assertThat(
            send(
                    open,
                    PROMOTE,
                    accept,
                    "Origin: http://127.0.0.1:" + open.port(),
                    "Content-Type: application/json")
                .status())
        .isEqualTo(200);
  }

  @Test
  void aBodyThatIsNoJsonByItsTypeIsRefused() throws IOException {
    HttpServer open = start(PretendAccess.open(), "127.0.0.1", List.of());
    String accept = "{\"accept\":[5]}";
    for (String type :
        List.of(
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain; application/json",
            "application/jsonp",
            "text/json")) {
      Reply refused = send(open, PROMOTE, accept, "Content-Type: " + type);
      assertThat(refused.status()).as(type).isEqualTo(415);
      assertThat(refused.code()).as(type).isEqualTo("AB-727");
    }
    assertThat(send(open, PROMOTE, accept).code()).isEqualTo("AB-727");
    assertThat(
            send(open, PROMOTE, "", "Transfer-Encoding: chunked", "Content-Type: text/plain")
                .code())
        .isEqualTo("AB-727");
    assertThat(operations.promotions).isEmpty();
    assertThat(
            send(open, PROMOTE, accept, "Content-Type: Application/JSON; charset=utf-8").status())
        .isEqualTo(200);
    assertThat(send(open, PROMOTE, "").status()).isEqualTo(200);
  }
}
