package dev.anabranch.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.TaskBy;
import dev.anabranch.promote.PromoteRequest;
import dev.anabranch.promote.assertion.Assertion;
import dev.anabranch.promote.fact.DecisionAsked;
import dev.anabranch.server.access.Access;
import dev.anabranch.server.access.PretendAccess;
import dev.anabranch.server.health.PartHealth;
import dev.anabranch.server.health.Readiness;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The routes, the JSON and the problems, over a real socket and pretended operations. */
class HttpServerTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Contract CONTRACT = new Contract();
  private static final String BRANCHES = "/api/v1/branches";

  private final HttpClient client = HttpClient.newHttpClient();
  private final PretendOperations operations = new PretendOperations();
  private final HttpServer face = served(PretendAccess.open());

  private HttpServer served(Access access) {
    return new HttpServer(
        operations, access, OwnHosts.of("127.0.0.1", List.of()), () -> PretendOperations.NOW);
  }

  @BeforeEach
  void start() {
    face.start("127.0.0.1", 0);
  }

  @AfterEach
  void stop() {
    face.close();
    client.close();
  }

  @Test
  void aBranchIsCreatedWithATimeToLive() throws Exception {
    HttpResponse<String> created = send("POST", BRANCHES, "{\"name\":\"alice\",\"ttl\":\"4w\"}");
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.body())
        .isEqualTo(
            "{\"name\":\"alice\",\"url\":\"postgresql://alice:secret@127.0.0.1:6432/alice\",\"forkLsn\":\"0/3A0\","
                + "\"forkTime\":\"2026-11-20T10:00:00Z\",\"expireTime\":\"2026-12-18T10:00:00Z\",\"state\":\"ready\",\"parent\":null,"
                + "\"owner\":\"\",\"protected\":false,\"ephemeral\":false,\"taskBy\":\"window\",\"deleteTime\":null,\"goneTime\":null}");
    assertThat(send("GET", BRANCHES + "/alice", "").body()).isEqualTo(created.body());
    assertThat(send("GET", BRANCHES, "").body()).isEqualTo("[" + created.body() + "]");
  }

  @Test
  void aPortThatIsTakenIsSaidInASentence() {
    try (HttpServer second = served(PretendAccess.open())) {
      assertThatThrownBy(() -> second.start("127.0.0.1", face.port()))
          .isInstanceOf(AnabranchException.class)
          .hasMessage(
              "Port %d is taken: give another --http-port, or stop what listens there.",
              face.port());
    }
  }

  @Test
  void withoutExpiryTheTimeIsNull() throws Exception {
    send(
        "POST",
        BRANCHES,
        "{\"name\":\"alice\",\"noExpiry\":true,\"at\":\"latest\",\"ephemeral\":true,\"taskBy\":\"session\"}");
    assertThat(json(send("GET", BRANCHES + "/alice", "")).get("expireTime").isNull()).isTrue();
    assertThat(operations.requests.getFirst().ephemeral()).isTrue();
    assertThat(operations.requests.getFirst().taskBy()).isEqualTo(TaskBy.SESSION);
  }

  @Test
  void aTakenNameIsAConflict() throws Exception {
    send("POST", BRANCHES, "{\"name\":\"alice\",\"noExpiry\":true}");
    HttpResponse<String> second = send("POST", BRANCHES, "{\"name\":\"alice\",\"noExpiry\":true}");
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(second.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(json(second).get("code").asString()).isEqualTo("AB-102");
    assertThat(json(second).get("status").asInt()).isEqualTo(409);
  }

  @Test
  void aReleaseIsAnsweredBeforeTheServerEndsAndRefusedWhileThereAreBranches() throws Exception {
    send("POST", BRANCHES, "{\"name\":\"alice\",\"noExpiry\":true}");
    assertThat(send("POST", "/api/v1/main/unwatch", "{\"table\":\"orders\"}").body())
        .isEqualTo("{\"tables\":[\"public.orders\"]}");
    assertThat(send("POST", "/api/v1/main/watch", "{\"table\":\"nothing\"}").statusCode())
        .isEqualTo(404);
    HttpResponse<String> refused = send("POST", "/api/v1/main/release", "");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(json(refused).get("code").asString()).isEqualTo("AB-205");
    assertThat(operations.ended).isNotDone();
    HttpResponse<String> released = send("POST", "/api/v1/main/release", "{\"force\":true}");
    assertThat(released.statusCode()).isEqualTo(200);
    assertThat(released.body())
        .isEqualTo("{\"slots\":[\"slot\"],\"publications\":[\"publication\"],\"keptBranches\":[]}");
    operations.answered.countDown();
    assertThat(operations.ended.get()).isTrue();
  }

  @Test
  void everyMistakeInABodyIsToldAtOnce() throws Exception {
    HttpResponse<String> refused =
        send(
            "POST",
            BRANCHES,
            "{\"name\":\"Not A Name\",\"ttl\":\"soon\",\"at\":\"never\",\"colour\":1}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).get("detail").asString())
        .contains("'Not A Name'", "'soon'", "'never'", "'colour'");
  }

  @Test
  void aLifetimeIsChosenExactlyOnce() throws Exception {
    for (String body :
        List.of(
            "{\"name\":\"a\"}",
            "{\"name\":\"a\",\"ttl\":\"1h\",\"noExpiry\":true}",
            "{\"name\":\"a\",\"ttl\":\"0s\"}",
            "{\"name\":\"a\",\"expireTime\":\"2020-01-01T00:00:00Z\"}")) {
      HttpResponse<String> refused = send("POST", BRANCHES, body);
      assertThat(json(refused).get("code").asString()).as(body).isEqualTo("AB-104");
    }
  }

  @Test
  void aBranchsLifeIsDrivenByItsRoutes() throws Exception {
    send("POST", BRANCHES, "{\"name\":\"alice\",\"noExpiry\":true,\"owner\":\"al\"}");
    assertThat(json(send("GET", BRANCHES + "/alice", "")).get("owner").asString()).isEqualTo("al");
    send("POST", BRANCHES + "/alice/rename", "{\"to\":\"bob\"}");
    send("POST", BRANCHES + "/alice/protect", "");
    send("POST", BRANCHES + "/alice/unprotect", "");
    send("POST", BRANCHES + "/alice/suspend", "");
    send("POST", BRANCHES + "/alice/undelete", "");
    send("POST", BRANCHES + "/bob/undelete", "{\"as\":\"alice\",\"noExpiry\":true}");
    assertThat(json(send("DELETE", BRANCHES + "/alice?cascade&now=false", "")).toString())
        .isEqualTo(
            "{\"name\":\"alice\",\"state\":\"deleted\",\"goneTime\":\"2026-11-20T10:00:00Z\","
                + "\"deleted\":[\"alice\"]}");
    assertThat(operations.asked)
        .containsExactly(
            "rename alice to bob",
            "protect alice true",
            "protect alice false",
            "suspend alice",
            "undelete alice as alice for as long",
            "undelete bob as alice for NoExpiry[]",
            "delete alice cascade");
    assertThat(json(send("GET", BRANCHES, "")).size()).isZero();
    assertThat(json(send("GET", BRANCHES + "?deleted=true", "")).size()).isEqualTo(1);
    assertThat(send("GET", BRANCHES + "?deleted=perhaps", "").statusCode()).isEqualTo(400);
  }

  @Test
  void whatIsKnownOfABranchIsToldAndLeftOutWhereNothingIs() throws Exception {
    send("POST", BRANCHES, "{\"name\":\"alice\",\"noExpiry\":true}");
    assertThat(json(send("GET", BRANCHES + "/alice", "")).propertyNames())
        .doesNotContain("ownBytes", "sharedBytes", "measuredAt", "answers", "waiting");
    send("POST", BRANCHES + "/alice/suspend", "");
    for (JsonNode known :
        List.of(
            json(send("GET", BRANCHES + "/alice", "")), json(send("GET", BRANCHES, "")).get(0))) {
      assertThat(known.toString())
          .endsWith(
              "\"ownBytes\":4096,\"sharedBytes\":8192,\"measuredAt\":\"2026-11-20T10:00:00Z\","
                  + "\"answers\":{\"holds\":1,\"changed\":2,\"undecided\":0,\"asOf\":\"0/51F8\","
                  + "\"checkedAt\":\"2026-11-20T10:00:00Z\"},"
                  + "\"waiting\":{\"facts\":3,\"asOf\":\"0/51F8\",\"lookedAt\":\"2026-11-20T10:00:00Z\"}}");
    }
  }

  @Test
  void nothingIsLostButWhatWasLookedAt() throws Exception {
    send("POST", BRANCHES, "{\"name\":\"alice\",\"noExpiry\":true}");
    assertThat(json(send("GET", BRANCHES + "/alice/work", "")))
        .hasToString(
            "{\"branch\":\"alice\",\"work\":\"5eed\",\"left\":2,\"onMain\":1,\"undone\":0,\"dropped\":0}");
    for (HttpResponse<String> refused :
        List.of(
            send("POST", BRANCHES + "/alice/reset", "{\"work\":\"0ld\"}"),
            send("POST", BRANCHES + "/alice/restore", "{\"to\":\"0/1\",\"work\":\"0ld\"}"),
            send("DELETE", BRANCHES + "/alice?work=0ld", ""))) {
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(refused.body()).contains("AB-676");
    }
    assertThat(send("POST", BRANCHES + "/alice/reset", "{\"work\":\"5eed\"}").statusCode())
        .isEqualTo(200);
    assertThat(send("DELETE", BRANCHES + "/alice?work=5eed", "").statusCode()).isEqualTo(200);
  }

  @Test
  void unitsAreToldInPages() throws Exception {
    send("POST", BRANCHES, "{\"name\":\"alice\",\"noExpiry\":true}");
    assertThat(json(send("GET", BRANCHES + "/alice/units?limit=1&cursor=28&state=held", "")))
        .hasToString(
            "{\"branch\":\"alice\",\"asOf\":\"0/51F8\",\"counts\":{\"landed\":0,\"landing\":0,"
                + "\"held\":1,\"dropped\":0,\"undone\":0},\"units\":[{\"id\":29,"
                + "\"committedAt\":\"2026-11-20T10:00:00Z\",\"state\":\"held\",\"taskId\":\"4fd1\",\"task\":\"order"
                + " pallets\",\"statements\":[17],\"restsOn\":[17],\"facts\":[\"a17\"],"
                + "\"rows\":[{\"table\":\"public.notes\",\"inserted\":1,\"updated\":0,\"deleted\":0,"
                + "\"truncated\":false}]}],\"answers\":[],\"nextCursor\":\"28\"}");
    HttpResponse<String> refused = send("GET", BRANCHES + "/alice/units?state=lost", "");
    assertThat(refused.statusCode()).isEqualTo(400);
  }

  @Test
  void theLastHourIsToldSampleBySample() throws Exception {
    assertThat(json(send("GET", "/api/v1/status/history", "")).toString())
        .isEqualTo(
            "{\"everySeconds\":15,\"at\":[\"2026-11-20T10:00:00Z\"],\"series\":[{\"name\":\"checks\","
                + "\"title\":\"checks\",\"metric\":\"anabranch_checks_total\",\"unit\":\"perMinute\","
                + "\"values\":[null]}]}");
  }

  @Test
  void aCheckTellsWhenMainWroteIfThatIsAsked() throws Exception {
    send("POST", BRANCHES, "{\"name\":\"alice\",\"noExpiry\":true}");
    JsonNode check = json(send("POST", BRANCHES + "/alice/check?when=true", ""));
    assertThat(check.get("answers").get(0).get("evidence").get(0).toString())
        .endsWith("\"change\":\"insert\",\"lsn\":\"0/51F8\",\"at\":\"2026-11-20T10:00:00Z\"}");
  }

  @Test
  void aProtectedBranchIsAConflict() throws Exception {
    send("POST", BRANCHES, "{\"name\":\"alice\",\"noExpiry\":true,\"protected\":true}");
    HttpResponse<String> refused = send("DELETE", BRANCHES + "/alice", "");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(json(refused).get("code").asString()).isEqualTo("AB-111");
  }

  @Test
  void anUnknownBranchIsNotFound() throws Exception {
    for (String path : List.of("/bob", "/bob/answers", "/Bob%20the%20Builder")) {
      HttpResponse<String> response = send("GET", BRANCHES + path, "");
      assertThat(response.statusCode()).as(path).isEqualTo(404);
      assertThat(json(response).get("code").asString()).isEqualTo("AB-103");
    }
  }

  @Test
  void aCheckIsTheContracts() throws Exception {
    send("POST", BRANCHES, "{\"name\":\"alice\",\"noExpiry\":true}");
    JsonNode check = json(send("POST", BRANCHES + "/alice/check", ""));
    assertThat(check.get("lookUps").asInt()).isEqualTo(7);
    assertThat(check.get("counts")).hasToString("{\"holds\":1,\"changed\":1,\"undecided\":0}");
    assertThat(check.get("answers").get(0).toString())
        .isEqualTo(
            "{\"id\":17,\"sql\":\"SELECT count(*) FROM orders WHERE customer ="
                + " $1\",\"params\":[\"alice\"],"
                + "\"askedAt\":\"2026-11-20T10:00:00Z\",\"rows\":1,\"verdict\":\"changed\",\"proof\":\"rerun\",\"reason\":\"1"
                + " row entered\",\"was\":[[\"47\"]],\"now\":[[\"48\"]],"
                + "\"evidence\":[{\"table\":\"public.orders\",\"key\":{\"id\":\"9001\"},\"change\":\"insert\"}],"
                + "\"askedBecause\":\"rows_changed\"}");
  }

  @Test
  void aCheckIsPagedAndCountsAll() throws Exception {
    send("POST", BRANCHES, "{\"name\":\"alice\",\"noExpiry\":true}");
    JsonNode first = json(send("POST", BRANCHES + "/alice/check?limit=1", ""));
    assertThat(first.get("counts").toString())
        .isEqualTo("{\"holds\":1,\"changed\":1,\"undecided\":0}");
    assertThat(first.get("proofs").toString()).isEqualTo("{\"untouched\":1}");
    assertThat(ids(first)).containsExactly(17L);
    String cursor = first.get("nextCursor").asString();
    JsonNode second = json(send("POST", BRANCHES + "/alice/check?limit=1&cursor=" + cursor, ""));
    assertThat(ids(second)).containsExactly(18L);
    assertThat(second.get("answers").get(0).get("nextFlip").asString())
        .isEqualTo("2026-11-20T10:01:00Z");
    assertThat(first.get("answers").get(0).has("nextFlip")).isFalse();
    assertThat(second.has("nextCursor")).isFalse();
    JsonNode holds = json(send("POST", BRANCHES + "/alice/check?verdict=holds", ""));
    assertThat(ids(holds)).containsExactly(18L);
    assertThat(holds.get("counts")).isEqualTo(first.get("counts"));
    assertThat(ids(json(send("POST", BRANCHES + "/alice/check?verdict=holds&verdict=changed", ""))))
        .containsExactly(17L, 18L);
    JsonNode answers = json(send("GET", BRANCHES + "/alice/answers?limit=1", ""));
    assertThat(ids(answers)).containsExactly(17L);
    assertThat(answers.get("nextCursor").asString()).isEqualTo("17");
    assertThat(json(send("GET", BRANCHES + "/alice/answers", "")).size()).isEqualTo(2);
  }

  private static List<Long> ids(JsonNode page) {
    return page.get("answers").valueStream().map(answer -> answer.get("id").asLong()).toList();
  }

  @Test
  void whatIsNoPageIsSaidInASentence() throws Exception {
    send("POST", BRANCHES, "{\"name\":\"alice\",\"noExpiry\":true}");
    Map.of(
            "verdict=true", "'true' is no verdict: say changed, undecided or holds.",
            "limit=0", "The limit '0' must be a whole number from 1 to 10000.",
            "limit=many", "The limit 'many' must be a whole number from 1 to 10000.",
            "cursor=x", "The cursor 'x' is none: give the nextCursor of a page, as it is.",
            "wait=long", "'long' is no time to wait: say 30s, or 2m.")
        .forEach((query, sentence) -> {
          HttpResponse<String> refused = check(query);
          assertThat(refused.statusCode()).as(query).isEqualTo(400);
          assertThat(json(refused).get("code").asString()).isEqualTo("AB-702");
          assertThat(json(refused).get("detail").asString()).isEqualTo(sentence);
        });
  }

  private HttpResponse<String> check(String query) {
    try {
      return send("POST", BRANCHES + "/alice/check?" + query, "");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(query, e);
    }
  }

  @Test
  void aStreamTellsAllVerdictsAndEndsWithItsBranch() throws Exception {
    assertThat(send("GET", BRANCHES + "/alice/verdicts/stream", "").statusCode()).isEqualTo(404);
    send("POST", BRANCHES, "{\"name\":\"alice\",\"noExpiry\":true}");
    HttpRequest listen =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + face.port() + BRANCHES + "/alice/verdicts/stream"))
            .build();
    HttpResponse<Stream<String>> stream = client.send(listen, BodyHandlers.ofLines());
    assertThat(stream.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    Iterator<String> lines = stream.body().iterator();
    JsonNode check = json(send("POST", BRANCHES + "/alice/check", ""));
    for (JsonNode answer : check.get("answers")) {
      assertThat(lines.next()).isEqualTo("event: verdict");
      assertThat(lines.next()).isEqualTo("data: " + answer);
      assertThat(lines.next()).isEmpty();
    }
    assertThat(lines.next()).isEqualTo("event: asOf");
    assertThat(JSON.readTree(lines.next().substring("data: ".length())).toString())
        .contains("\"asOf\":\"0/51F8\"", "\"counts\":{\"holds\":1,\"changed\":1,\"undecided\":0}");
    assertThat(lines.next()).isEmpty();
    send("DELETE", BRANCHES + "/alice", "");
    assertThat(lines.next()).isEqualTo("event: end");
    assertThat(lines.next()).isEqualTo("data: {\"reason\":\"the branch was deleted\"}");
    assertThat(lines.next()).isEmpty();
    assertThat(lines.hasNext()).isFalse();
  }

  @Test
  void aPromotionIsTheContracts() throws Exception {
    JsonNode promotion =
        json(
            send(
                "POST",
                BRANCHES + "/alice/promote",
                "{\"dryRun\":true,\"strict\":true,\"accept\":[17]}"));
    assertThat(operations.promotions.getFirst().accept()).containsExactly(17L);
    assertThat(operations.promotions.getFirst().dryRun()).isTrue();
    assertThat(promotion.get("outcome").asString()).isEqualTo("partial");
    assertThat(promotion.get("committed").isNull()).isTrue();
    assertThat(promotion.get("units").toString())
        .isEqualTo("{\"total\":40,\"landed\":28,\"held\":12,\"dropped\":0}");
    assertThat(promotion.get("facts").get(0).propertyNames())
        .contains("kind", "answer", "table", "key", "base", "branch", "main", "units", "choices")
        .contains("id", "nature", "decided");
    assertThat(promotion.get("facts").get(0).get("decided").isNull()).isTrue();
    assertThat(promotion.get("plan").asString()).isEqualTo("9c0ffee");
  }

  @Test
  void whatIsDecidedIsRead() throws Exception {
    send(
        "POST",
        BRANCHES + "/alice/promote",
        """
        {"decide":[{"fact":"a","choice":"accept","state":"00ff"},
          {"fact":"b","choice":"value","value":{"qty":7,"note":null}},
          {"fact":"c","column":"city","choice":"value","value":"Rome"}],
         "who":"ann","why":"counted"}
        """);
    PromoteRequest request = operations.promotions.getFirst();
    assertThat(request.who()).isEqualTo("ann");
    assertThat(request.why()).contains("counted");
    assertThat(request.decide()).extracting(DecisionAsked::fact).containsExactly("a", "b", "c");
    assertThat(request.decide().getFirst().state()).contains("00ff");
    assertThat(request.decide().get(1).value())
        .containsEntry("qty", "7")
        .containsEntry("note", null);
    assertThat(request.decide().get(2).value()).containsEntry("city", "Rome");
  }

  @Test
  void whatIsDecidedBadlySaysSo() throws Exception {
    for (String body :
        List.of(
            "{\"decide\":[{\"fact\":\"a\"}]}",
            "{\"decide\":{}}",
            "{\"decide\":[{\"fact\":\"a\",\"choice\":\"value\",\"value\":7}]}",
            "{\"plan\":\"p\",\"accept\":[17]}")) {
      assertThat(send("POST", BRANCHES + "/alice/promote", body).statusCode())
          .as(body)
          .isEqualTo(400);
    }
    assertThat(operations.promotions).isEmpty();
  }

  @Test
  void factsAreLookedAtWithoutAPromotion() throws Exception {
    JsonNode facts = json(send("GET", BRANCHES + "/alice/facts", ""));
    assertThat(facts.get("open").asInt()).isEqualTo(1);
    assertThat(facts.get("facts").get(0).get("id").asString()).isEqualTo("3fa9c1d2e4");
  }

  @Test
  void receiptsAreListedAndUndone() throws Exception {
    JsonNode receipt = json(send("GET", BRANCHES + "/alice/receipts", "")).get(0);
    assertThat(receipt.get("id").asString()).isEqualTo("r1");
    assertThat(receipt.get("undoneBy").toString()).isEqualTo("[\"r2\"]");
    JsonNode shown = json(send("POST", "/api/v1/receipts/r1/undo", "{\"dryRun\":true}"));
    assertThat(shown.get("committed").isNull()).isTrue();
    JsonNode undone = json(send("POST", "/api/v1/receipts/r1/undo", ""));
    assertThat(undone.get("outcome").asString()).isEqualTo("landed");
    assertThat(undone.get("receipt").asString()).isEqualTo("r2");
    HttpResponse<String> twice = send("POST", "/api/v1/receipts/r0/undo", "{}");
    assertThat(twice.statusCode()).isEqualTo(409);
    assertThat(json(twice).get("code").asString()).isEqualTo("AB-622");
    assertThat(send("GET", "/api/v1/receipts/r0", "").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/api/v1/receipts/r1/undo", "{\"dry\":true}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void whatIsNotReadyIsToldWithItsBeginning() throws Exception {
    assertThat(send("GET", "/health", "").body()).isEqualTo("{\"status\":\"up\"}");
    assertThat(send("GET", "/ready", "").statusCode()).isEqualTo(200);
    operations.readiness =
        new Readiness(
            false,
            List.of(
                new PartHealth("main", true, PretendOperations.NOW, null),
                new PartHealth("disk", false, PretendOperations.NOW, "only 3 MB are free")));
    HttpResponse<String> response = send("GET", "/ready", "");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body())
        .isEqualTo(
            "{\"ready\":false,\"parts\":[{\"part\":\"main\",\"ready\":true,\"since\":\"2026-11-20T10:00:00Z\",\"why\":null},{\"part\":\"disk\",\"ready\":false,\"since\":\"2026-11-20T10:00:00Z\",\"why\":\"only"
                + " 3 MB are free\"}]}");
  }

  @Test
  void checksOfOnesOwnAreKeptAndGivenAndSkipped() throws Exception {
    JsonNode kept =
        json(
            send(
                "POST",
                "/api/v1/checks",
                "{\"name\":\"no-negative\",\"sql\":\"SELECT 1\",\"who\":\"ann\"}"));
    assertThat(kept.get("who").asString()).isEqualTo("ann");
    assertThat(json(send("GET", "/api/v1/checks", "")).get(0)).isEqualTo(kept);
    assertThat(json(send("GET", "/api/v1/checks/no-negative", ""))).isEqualTo(kept);
    assertThat(send("DELETE", "/api/v1/checks/no-negative", "").statusCode()).isEqualTo(200);
    HttpResponse<String> gone = send("GET", "/api/v1/checks/no-negative", "");
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(json(gone).get("code").asString()).isEqualTo("AB-642");

    JsonNode promotion =
        json(
            send(
                "POST",
                BRANCHES + "/alice/promote",
                "{\"checks\":[{\"name\":\"a\",\"sql\":\"SELECT 1\"}],\"skipChecks\":[\"b\"]}"));
    assertThat(promotion.get("checks").get(0).get("outcome").asString()).isEqualTo("failed");
    PromoteRequest asked = operations.promotions.getFirst();
    assertThat(asked.ownChecks().given()).containsExactly(new Assertion("a", "SELECT 1"));
    assertThat(asked.ownChecks().skipped()).containsExactly("b");
  }

  @Test
  void rulesAreSetAndListedAndTakenAway() throws Exception {
    JsonNode kept =
        json(
            send(
                "POST",
                "/api/v1/rules",
                "{\"column\":\"public.stock.qty\",\"rule\":\"counter\",\"who\":\"ann\"}"));
    assertThat(kept.get("version").asLong()).isEqualTo(1);
    assertThat(kept.get("decides").get(0).asString()).isEqualTo("CHECK ((qty >= 0))");
    assertThat(json(send("GET", "/api/v1/rules", "")).get(0)).isEqualTo(kept);
    assertThat(json(send("GET", "/api/v1/rules/inferred", "")).get(0).get("rule").asString())
        .isEqualTo("set");
    JsonNode gone = json(send("DELETE", "/api/v1/rules/public.stock.qty", ""));
    assertThat(gone.get("rule").asString()).isEqualTo("value");
    assertThat(json(send("GET", "/api/v1/rules", ""))).isEmpty();
    assertThat(send("POST", "/api/v1/rules", "{\"column\":\"a.b\"}").statusCode()).isEqualTo(400);
  }

  @Test
  void branchesAreComparedTheBestFirst() throws Exception {
    JsonNode comparison =
        json(
            send(
                "POST",
                "/api/v1/compare",
                "{\"branches\":[\"alice\",\"bob\"],\"score\":\"SELECT 1\"}"));
    assertThat(comparison.get("best").asString()).isEqualTo("alice");
    assertThat(comparison.get("branches")).hasSize(2);
    for (String body :
        List.of(
            "{\"branches\":[\"alice\"],\"score\":\"SELECT 1\"}",
            "{\"branches\":[\"alice\",\"alice\"],\"score\":\"SELECT 1\"}",
            "{\"branches\":[\"alice\",\"bob\"]}",
            "{\"branches\":\"alice\",\"score\":\"SELECT 1\"}")) {
      assertThat(send("POST", "/api/v1/compare", body).statusCode()).as(body).isEqualTo(400);
    }
  }

  @Test
  void whatIsAskedBadlyOfChecksSaysSo() throws Exception {
    for (String body :
        List.of(
            "{\"checks\":[{\"name\":\"a\"}]}",
            "{\"checks\":[{\"name\":\"a b\",\"sql\":\"SELECT 1\"}]}",
            "{\"checks\":[{\"name\":\"a\",\"sql\":\" \"}]}",
            "{\"skipChecks\":\"a\"}")) {
      assertThat(send("POST", BRANCHES + "/alice/promote", body).statusCode())
          .as(body)
          .isEqualTo(400);
    }
    assertThat(operations.promotions).isEmpty();
    assertThat(send("GET", "/health", "").statusCode()).isEqualTo(200);
  }

  @Test
  void failuresAreCountedByTheirNumber() throws Exception {
    send("GET", BRANCHES + "/bob", "");
    send("POST", BRANCHES, "{}");
    assertThat(operations.failures)
        .containsExactly(ErrorCode.BRANCH_UNKNOWN, ErrorCode.REQUEST_INVALID);
  }

  @Test
  void whatIsNotThereSaysSo() throws Exception {
    HttpResponse<String> response = send("GET", "/api/v1/nonsense", "");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(json(response).get("detail").asString()).contains("/api/v1/nonsense");
  }

  @Test
  void textThatIsNoJsonIsRefused() throws Exception {
    HttpResponse<String> response = send("POST", BRANCHES, "name=alice");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).get("code").asString()).isEqualTo("AB-702");
  }

  @Test
  void theOpenApiDocumentTellsEveryRoute() throws Exception {
    assertThat(ApiRoutes.all())
        .as("each route is told in ApiRoutes")
        .extracting(ApiRoute::name)
        .containsExactlyInAnyOrderElementsOf(face.routes());
    assertThat(send("GET", "/api/v1/openapi.json", "").body())
        .isEqualTo(ApiJson.json(OpenApi.of(ApiRoutes.all())));
    send("GET", "/api/v1/status", "");
    send("GET", "/api/v1/main", "");
    send("GET", "/health", "");
    send("GET", "/metrics", "");
  }

  private HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(request(method, path, body).build(), BodyHandlers.ofString());
    assertThat(CONTRACT.violations(method, response)).as(method + " " + path).isEmpty();
    return response;
  }

  private HttpRequest.Builder request(String method, String path, String body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + face.port() + path))
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofString(body));
  }

  private static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }
}
