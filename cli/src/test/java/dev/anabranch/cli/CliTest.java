package dev.anabranch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Words in, text and exit codes out, against a server that answers from a script. */
class CliTest {

  private static final String BRANCH =
      "{\"name\":\"alice\",\"url\":\"postgresql://alice:x@127.0.0.1:6432/alice\",\"forkLsn\":\"0/3A0\","
          + "\"forkTime\":\"2026-11-20T10:00:00Z\",\"expireTime\":null,\"state\":\"ready\"}";

  private static final String CHECK =
      """
      {"branch":"alice","forkLsn":"0/3A0","asOf":"0/51F8","counts":{"holds":1,"changed":1,"undecided":1},"proofs":{"untouched":1},"lookUps":7,"answers":[
      {"id":17,"sql":"SELECT count(*)\\n  FROM orders","params":[],"askedAt":"2026-11-20T10:00:00Z","rows":1,
       "verdict":"changed","proof":"rerun","reason":"1 row entered","was":[["47"]],"now":[["48"]],
       "evidence":[{"table":"public.orders","key":{"id":"9001"},"change":"insert"}]},
      {"id":18,"sql":"SELECT random()","params":[],"askedAt":"2026-11-20T10:00:00Z","rows":1,
       "verdict":"undecided","proof":null,"reason":"it asks for chance","was":null,"now":null,"evidence":[]},
      {"id":19,"sql":"SELECT 1","params":[],"askedAt":"2026-11-20T10:00:00Z","rows":1,
       "verdict":"holds","proof":"untouched","reason":"","was":[["1"]],"now":null,"evidence":[]}]}
      """;

  private static final String PROMOTION =
      """
      {"branch":"alice","outcome":"partial","asOf":"0/51F8","committed":"0/6000","units":{"total":3,"landed":2,"held":1},
       "facts":[{"kind":"conflict","answer":null,"table":"public.stock","key":{"id":"7"},"base":{"n":"5"},"branch":{"n":"4"},
       "main":{"n":"3"},"units":[30],"choices":["branch","main"],"sentence":"row 7 was changed on both sides"}],"receipt":"r1"}
      """;

  /** What the server answers, by method and path. */
  private final Map<String, String> script = new HashMap<>();

  private final List<String> bodies = new ArrayList<>();
  private final List<String> queries = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer server = listen();

  private static HttpServer listen() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() {
    server.createContext(
        "/",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          queries.add(String.valueOf(exchange.getRequestURI().getQuery()));
          String call = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
          String answer = script.getOrDefault(call, "404 {\"detail\":\"There is no such thing.\"}");
          int status = Integer.parseInt(answer.substring(0, 3));
          byte[] body = answer.substring(4).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void theVersionIsThatOfTheBuildAndTheCommitThatOfGit() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("anabranch [0-9]+\\.[0-9]+.*\\R");
    assertThat(BuildVersion.sentence("0.1.0", "3f2a-dirty"))
        .isEqualTo("anabranch 0.1.0 (commit 3f2a-dirty)");
    assertThat(BuildVersion.sentence("0.1.0", "")).isEqualTo("anabranch 0.1.0");
  }

  @Test
  void creatingPrintsTheUrlFirst() {
    script.put("POST /api/v1/branches", "201 " + BRANCH);
    assertThat(run("branch", "create", "alice", "--ttl", "4w", "--owner", "al")).isZero();
    assertThat(out.toString().lines().findFirst())
        .contains("postgresql://alice:x@127.0.0.1:6432/alice");
    assertThat(bodies.getLast()).isEqualTo("{\"name\":\"alice\",\"ttl\":\"4w\",\"owner\":\"al\"}");
  }

  @Test
  void jsonIsTheServersOwn() {
    script.put("GET /api/v1/branches/alice", "200 " + BRANCH);
    assertThat(run("branch", "get", "alice", "--format", "json")).isZero();
    assertThat(out.toString().strip()).isEqualTo(BRANCH);
  }

  @Test
  void aReleaseSaysWhatItTookAndWhatItKept() {
    script.put(
        "POST /api/v1/main/release",
        "200 {\"slots\":[\"feed\",\"mirror\"],\"publications\":[\"all\"],\"keptBranches\":[\"alice\"]}");
    assertThat(run("main", "release", "--force")).isZero();
    assertThat(bodies.getLast()).isEqualTo("{\"force\":true}");
    assertThat(out.toString())
        .isEqualTo(
            """
            took replication slot feed from main
            took replication slot mirror from main
            took publication all from main
            kept branch alice on disk
            the server is stopping; `anabranch up` puts everything back
            """);
    script.put("POST /api/v1/main/release", "409 {\"detail\":\"Main is still needed.\"}");
    assertThat(run("main", "release")).isEqualTo(1);
    assertThat(bodies.getLast()).isEqualTo("{\"force\":false}");
    assertThat(err.toString()).contains("Main is still needed.");
  }

  @Test
  void aTableIsTakenOutAndLetInAgain() {
    script.put("POST /api/v1/main/unwatch", "200 {\"tables\":[\"public.t\"]}");
    script.put("POST /api/v1/main/watch", "200 {\"tables\":[\"public.t\"]}");
    assertThat(run("main", "unwatch", "t")).isZero();
    assertThat(bodies.getLast()).isEqualTo("{\"table\":\"t\"}");
    assertThat(run("main", "watch", "t")).isZero();
    assertThat(out.toString())
        .isEqualTo("public.t is not watched any more\npublic.t is watched again, from now on\n");
  }

  @Test
  void aListInTheStatusTakesALineForEachOfItsParts() {
    script.put(
        "GET /api/v1/status",
        "200 {\"feed\":{\"state\":\"streaming\",\"unwatched\":[\"public.a: no key\",\"public.b: no"
            + " key\"],\"none\":[]},\"verdicts\":{\"undecided\":4,\"undecidedBecause\":{\"ties\":3,"
            + "\"both_changed\":1},\"askedAgainBecause\":{}}}");
    assertThat(run("status")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            feed
              state            streaming
              unwatched        2
                public.a: no key
                public.b: no key
              none             -
            verdicts
              undecided        4
              undecidedBecause
                ties           3
                both_changed   1
              askedAgainBecause -
            """);
  }

  @Test
  void urlIsAloneOnItsLine() {
    script.put("GET /api/v1/branches/alice", "200 " + BRANCH);
    script.put("GET /api/v1/main", "200 {\"url\":\"postgresql://main\"}");
    run("branch", "url", "alice");
    run("main", "url");
    assertThat(out.toString())
        .isEqualTo("postgresql://alice:x@127.0.0.1:6432/alice\npostgresql://main\n");
  }

  @Test
  void aLifetimeMustBeChosen() {
    assertThat(run("branch", "create", "alice")).isEqualTo(2);
    assertThat(run("branch", "create", "alice", "--ttl", "1h", "--no-expiry")).isEqualTo(2);
    assertThat(bodies).isEmpty();
  }

  @Test
  void whoCreatesABranchHoldsItUnlessTheySayOtherwise() {
    script.put("POST /api/v1/branches", "201 " + BRANCH);
    run("branch", "create", "alice", "--no-expiry", "--protect");
    assertThat(bodies.getLast())
        .contains("\"owner\":\"" + System.getProperty("user.name") + "\"")
        .contains("\"protected\":true");
  }

  @Test
  void deletingSaysUntilWhenItCanBeTakenBack() {
    script.put(
        "DELETE /api/v1/branches/alice",
        "200 {\"name\":\"alice\",\"state\":\"deleted\",\"goneTime\":\"2026-11-22T10:00:00Z\","
            + "\"deleted\":[\"alice\",\"bob\"]}");
    assertThat(run("branch", "delete", "alice", "--cascade")).isZero();
    assertThat(queries.getLast()).isEqualTo("cascade=true");
    assertThat(out.toString())
        .contains("alice is deleted, and so are bob.")
        .contains("Until 2026-11-22T10:00:00Z", "anabranch branch undelete alice");
    run("branch", "delete", "alice", "--now");
    assertThat(queries.getLast()).isEqualTo("now=true");
  }

  @Test
  void aBranchComesBackUnderAnotherNameForAnotherTime() {
    script.put("POST /api/v1/branches/alice/undelete", "200 " + BRANCH);
    assertThat(run("branch", "undelete", "alice", "--as", "bob", "--ttl", "1h")).isZero();
    assertThat(bodies.getLast()).isEqualTo("{\"as\":\"bob\",\"ttl\":\"1h\"}");
    run("branch", "undelete", "alice");
    assertThat(bodies.getLast()).isEqualTo("{}");
  }

  @Test
  void aBranchIsNamedProtectedAndPutToSleep() {
    script.put("POST /api/v1/branches/alice/rename", "200 " + BRANCH);
    script.put("POST /api/v1/branches/alice/protect", "200 " + BRANCH);
    script.put("POST /api/v1/branches/alice/unprotect", "200 " + BRANCH);
    script.put("POST /api/v1/branches/alice/suspend", "200 " + BRANCH);
    script.put("POST /api/v1/branches/alice/resume", "200 " + BRANCH);
    assertThat(run("branch", "rename", "alice", "bob")).isZero();
    assertThat(bodies.getLast()).isEqualTo("{\"to\":\"bob\"}");
    assertThat(run("branch", "protect", "alice")).isZero();
    assertThat(run("branch", "unprotect", "alice")).isZero();
    assertThat(run("branch", "suspend", "alice", "--format", "json")).isZero();
    assertThat(run("branch", "resume", "alice")).isZero();
    assertThat(out.toString())
        .contains("anabranch branch unprotect alice", BRANCH, "Branch alice runs.");
  }

  @Test
  void whatIsKnownOfBranchesIsListed() {
    script.put(
        "GET /api/v1/branches",
        "200 [{\"name\":\"alice\",\"state\":\"ready\",\"owner\":\"al\",\"parent\":null,"
            + "\"forkTime\":\"2026-11-20T10:00:00Z\",\"forkLsn\":\"0/3A0\",\"expireTime\":null,"
            + "\"ownBytes\":1500000,\"sharedBytes\":7,\"answers\":{\"holds\":3,\"changed\":1,"
            + "\"undecided\":0,\"asOf\":\"0/3A0\"},\"waiting\":{\"facts\":2,\"asOf\":\"0/3A0\"}}]");
    assertThat(run("branch", "list")).isZero();
    assertThat(out.toString())
        .containsPattern("UNTIL +OWN +ANSWERS +WAITING")
        .containsPattern("1\\.4 MB +3 holds, 1 changed +2 facts");
    script.put(
        "GET /api/v1/branches/alice",
        "200 {\"name\":\"alice\",\"waiting\":{\"facts\":2,\"asOf\":\"0/3A0\"}}");
    assertThat(run("branch", "get", "alice")).isZero();
    assertThat(out.toString()).contains("waiting     facts=2, asOf=0/3A0");
  }

  @Test
  void deletedBranchesAreListedWithTheirEnd() {
    script.put(
        "GET /api/v1/branches",
        "200 [{\"name\":\"alice\",\"owner\":\"\",\"deleteTime\":\"2026-11-21T10:00:00Z\","
            + "\"goneTime\":\"2026-11-22T10:00:00Z\"}]");
    assertThat(run("branch", "list", "--deleted")).isZero();
    assertThat(queries.getLast()).isEqualTo("deleted=true");
    assertThat(out.toString().lines())
        .containsExactly(
            "NAME   OWNER  DELETED               KEPT UNTIL",
            "alice  -      2026-11-21T10:00:00Z  2026-11-22T10:00:00Z");
  }

  @Test
  void aCheckShowsWhatChangedFirst() {
    script.put("POST /api/v1/branches/alice/check", "200 " + CHECK);
    assertThat(run("check", "alice")).isEqualTo(3);
    assertThat(out.toString())
        .contains(
            "1 of 3 answers",
            "#17  SELECT count(*) FROM orders",
            "47 → 48",
            "public.orders: id=9001")
        .contains("it asks for chance", "untouched")
        .contains("7 look-ups in the catalogs left out");
  }

  @Test
  void aPersonIsShownAPageAndHowToSeeMore() {
    script.put(
        "POST /api/v1/branches/alice/check",
        "200 "
            + CHECK
                .replace("\"changed\":1", "\"changed\":120")
                .replaceFirst("}]}\\s*$", "}],\"nextCursor\":\"19\"}"));
    assertThat(run("check", "alice", "--verdict", "changed", "--verdict", "undecided"))
        .isEqualTo(3);
    assertThat(queries.getLast()).isEqualTo("verdict=changed&verdict=undecided&limit=50");
    assertThat(out.toString())
        .contains(
            "120 changed",
            "… and 118 more answers: anabranch check alice --verdict changed --verdict undecided"
                + " --cursor 19");
    run("check", "alice", "--limit", "5", "--cursor", "19", "--wait", "30s");
    assertThat(queries.getLast())
        .isEqualTo("verdict=changed&verdict=undecided&limit=5&cursor=19&wait=30s");
    assertThat(out.toString()).contains("… and more: anabranch check alice --limit 5 --cursor 19");
    run("check", "alice", "--format", "json");
    assertThat(queries.getLast()).isEqualTo("null");
    assertThat(run("check", "alice", "--watch", "--limit", "5")).isEqualTo(2);
    assertThat(err.toString()).contains("leave --limit and --cursor out");
  }

  @Test
  void aWatchPrintsALineForEachFlip() {
    script.put("POST /api/v1/branches/alice/check", "200 " + CHECK);
    script.put(
        "GET /api/v1/branches/alice/verdicts/stream",
        "200 "
            + """
            event: verdict
            data: {"id":17,"verdict":"changed","now":[["48"]]}

            event: verdict
            data: {"id":19,"verdict":"holds","now":null}

            event: asOf
            data: {"asOf":"0/51F8","counts":{"holds":1,"changed":1,"undecided":1}}

            : still here

            event: verdict
            data: {"id":19,"verdict":"changed","reason":"1 row left","was":[["1"]],"now":[["0"]]}

            event: asOf
            data: {"asOf":"0/6000","counts":{"holds":0,"changed":2,"undecided":1}}

            event: end
            data: {"reason":"the branch was deleted"}

            """);
    assertThat(run("check", "alice", "--watch")).isEqualTo(3);
    assertThat(out.toString().lines().filter(line -> line.contains("→ changed")))
        .singleElement()
        .asString()
        .matches("[0-9:]{8}  #19  holds → changed   1 row left   1 → 0");
    assertThat(err.toString()).isEqualTo("Nothing more comes: the branch was deleted\n");
  }

  @Test
  void aCheckInWhichAllHoldsIsDone() {
    script.put(
        "POST /api/v1/branches/alice/check",
        "200 {\"branch\":\"alice\",\"forkLsn\":\"0/1\",\"asOf\":\"0/2\",\"counts\":{\"holds\":1,\"changed\":0,\"undecided\":0},\"answers\":[]}");
    assertThat(run("check", "alice", "--format", "json")).isZero();
  }

  @Test
  void aPromotionShowsEachFactWithBothSides() {
    script.put("POST /api/v1/branches/alice/promote", "200 " + PROMOTION);
    assertThat(run("promote", "alice", "--accept", "17", "18", "--dry-run")).isEqualTo(3);
    assertThat(bodies.getLast()).isEqualTo("{\"dryRun\":true,\"strict\":false,\"accept\":[17,18]}");
    assertThat(out.toString())
        .contains(
            "2 of 3 units would land, 1 held",
            "row 7 was changed on both sides",
            "public.stock id=7")
        .contains("base    n=5", "branch  n=4", "main    n=3", "receipt r1");
  }

  private static final String FACTS =
      """
      {"branch":"alice","asOf":"0/51F8","plan":"9c","units":{"total":3,"landed":1,"held":1,"dropped":1},"open":1,"facts":[
       {"id":"3fa9","kind":"conflict","nature":"meaning","state":"00ff00ff","answer":null,"table":"public.stock","key":{"id":"7"},
        "base":{"n":"5"},"branch":{"n":"4"},"main":{"n":"3"},"units":[30],"choices":["branch","main","value","drop"],
        "sentence":"row 7 was changed on both sides","tasks":["count"],"decided":null,"taskIds":["5be0"]},
       {"id":"41ce","kind":"answer","nature":"meaning","state":"abababab","answer":9,"table":null,"key":null,"base":null,"branch":null,
        "main":null,"units":[30],"choices":["accept","rerun","drop"],"sentence":"answer 9 changed","tasks":["count"],"decided":null,
        "taskIds":["5be0"],"rerun":{"offered":true,"why":"","state":"cdcdcdcdcd","unit":30,"more":0,"rows":[{"table":"public.stock",
        "key":{"id":"7"},"wrote":{"kind":"update","cells":{"n":"4"}},"writes":{"kind":"update","cells":{"n":"2"}}},
        {"table":"public.log","key":{"id":"1"},"wrote":{"kind":"insert","cells":{"line":"sold"}},"writes":null}],
        "tells":[{"answer":9,"was":"1 row","now":"0 rows"}]}},
       {"id":"77ab","kind":"answer","nature":"meaning","state":"ee","answer":17,"table":null,"key":null,"base":null,"branch":null,
        "main":null,"units":[31],"choices":["accept","drop"],"sentence":"answer 17 was 47, is 48","tasks":["a","b"],
        "decided":{"choice":"drop","who":"ann","why":"not needed","at":"2026-11-20T10:00:00Z","value":{},"columns":{}},
        "taskIds":["aa","bb"]}],
       "tasks":[{"id":"5be0","name":"count","task":"count","state":"99887766","answers":3,"landed":[],"held":[30],"dropped":[]}]}
      """;

  @Test
  void factsAreShownByTaskWithWhatDecidesThem() {
    script.put("GET /api/v1/branches/alice/facts", "200 " + FACTS);
    assertThat(run("facts", "alice")).isEqualTo(3);
    assertThat(out.toString())
        .contains("alice: 1 fact to decide, 2 decided", "not of one task")
        .contains("task count: 3 answers, 1 unit\n")
        .contains("rerun   public.stock id=7: wrote n=4; would write n=2\n")
        .contains("rerun   public.log id=1: wrote a new row, line=sold; would write nothing\n")
        .contains("rerun   answer 9 told 1 row; would tell 0 rows\n")
        .contains("anabranch promote alice --decide 41ce@cdcdcd=rerun\n")
        .contains("all of it  anabranch promote alice --decide task:5be0@998877=accept\n")
        .contains("anabranch promote alice --decide 3fa9@00ff00=main\n")
        .contains("anabranch promote alice --decide 3fa9@00ff00=value:'{\"n\":\"…\"}'\n")
        .contains("decided drop, by ann: not needed")
        .doesNotContain("77ab@ee=");
  }

  @Test
  void whatIsDecidedIsSentAsItWasTyped() {
    script.put("POST /api/v1/branches/alice/promote", "200 " + PROMOTION);
    run(
        "promote",
        "alice",
        "--decide",
        "3fa9@00ff=main",
        "77ab.qty=value:7",
        "--decide",
        "90cd=value:{\"qty\":null}",
        "--why",
        "counted",
        "--dry-run");
    assertThat(bodies.getLast())
        .contains("{\"fact\":\"3fa9\",\"state\":\"00ff\",\"choice\":\"main\"}")
        .contains("{\"fact\":\"77ab\",\"column\":\"qty\",\"choice\":\"value\",\"value\":\"7\"}")
        .contains("{\"fact\":\"90cd\",\"choice\":\"value\",\"value\":{\"qty\":null}}")
        .contains("\"who\":\"" + System.getProperty("user.name") + "\",\"why\":\"counted\"");
    assertThat(run("promote", "alice", "--decide", "3fa9")).isEqualTo(2);
    assertThat(err.toString()).contains("'3fa9' is no decision: say FACT=CHOICE");
  }

  @Test
  void anotherPlanSaysWhatIsDifferent() {
    script.put(
        "POST /api/v1/branches/alice/promote",
        """
        200 {"branch":"alice","outcome":"refused","asOf":"0/1","committed":null,"units":{"total":1,"landed":0,"held":1,"dropped":0},
          "facts":[],"notRelied":[],"doubted":[],"unfired":[],"receipt":"r1","plan":"9c0f","difference":{
          "facts":{"retained":0,"replaced":[],"cleared":["3fa9"],"added":[]},
          "rows":{"retained":2,"replaced":["public.stock id=7"],"cleared":[],"added":[]},
          "units":{"retained":1,"replaced":[],"cleared":[],"added":[]}}}
        """);
    assertThat(run("promote", "alice", "--plan", "77")).isEqualTo(3);
    assertThat(bodies.getLast()).contains("\"plan\":\"77\"");
    assertThat(out.toString())
        .contains("it is another plan by now, nothing was written")
        .contains("facts   0 as they were; cleared: 3fa9")
        .contains("rows    2 as they were; replaced: public.stock id=7")
        .contains("--plan 9c0f");
  }

  @Test
  void receiptsSayWhatIsUndone() {
    script.put(
        "GET /api/v1/branches/alice/receipts",
        """
        200 [{"id":"r2","branch":"alice","startedAt":"2026-11-29T10:00:00Z","endedAt":"2026-11-29T10:00:01Z",
        "outcome":"landed","dryRun":false,"committed":"0/51F8","units":{"total":2,"landed":2,"held":0},
        "undoes":"r1","undone":0,"undoneBy":[]},
        {"id":"r1","branch":"alice","startedAt":"2026-11-29T09:00:00Z","endedAt":"2026-11-29T09:00:01Z",
        "outcome":"partial","dryRun":false,"committed":"0/51E8","units":{"total":3,"landed":2,"held":1},
        "undoes":null,"undone":2,"undoneBy":["r2"]}]
        """);
    assertThat(run("receipts", "alice")).isEqualTo(0);
    assertThat(out.toString().lines().map(String::strip))
        .containsExactly(
            "RECEIPT  ENDED                 OUTCOME  LANDED  HELD  UNDONE  WHAT",
            "r2       2026-11-29T10:00:01Z  landed   2       0     no      undoes r1",
            "r1       2026-11-29T09:00:01Z  partial  2       1     all     promotion");
  }

  @Test
  void aReceiptIsShownInShort() {
    script.put(
        "GET /api/v1/receipts/r1",
        """
        200 {"id":"r1","branch":"alice","outcome":"partial","dryRun":false,"asOf":"0/51E0","committed":"0/51E8",
        "endedAt":"2026-11-29T09:00:01Z","landed":[1,2],"held":[3],"tables":[{"table":"public.stock","inserted":1,
        "updated":2,"deleted":0}],"facts":[{"sentence":"answer 17 was 47, is 48"}],"undoes":null}
        """);
    assertThat(run("receipt", "r1")).isEqualTo(0);
    assertThat(out.toString())
        .contains(
            "receipt r1: promotion of alice, partial",
            "2 units landed: 1, 2",
            "1 unit held: 3",
            "public.stock: 1 inserted, 2 updated, 0 deleted",
            "answer 17 was 47, is 48");
  }

  @Test
  void rulesAreSetAndListedAndTakenAway() {
    String rule =
        "{\"column\":\"public.stock.qty\",\"rule\":\"counter\",\"version\":7,\"who\":\"ann\","
            + "\"setAt\":\"2026-11-30T10:00:00Z\",\"decides\":[\"CHECK ((qty >= 0))\"]}";
    script.put("POST /api/v1/rules", "200 " + rule);
    script.put("GET /api/v1/rules", "200 [" + rule + "]");
    script.put("DELETE /api/v1/rules/stock.qty", "200 " + rule);
    script.put(
        "GET /api/v1/rules/inferred",
        "200 [{\"column\":\"public.item.tags\",\"rule\":\"set\",\"why\":\"an array\"}]");

    assertThat(run("rules", "set", "stock.qty", "counter")).isEqualTo(Exit.DONE);
    assertThat(run("rules", "list")).isEqualTo(Exit.DONE);
    assertThat(run("rules", "unset", "stock.qty")).isEqualTo(Exit.DONE);
    assertThat(run("rules", "infer")).isEqualTo(Exit.DONE);
    assertThat(run("rules")).isEqualTo(Exit.USAGE);
    assertThat(bodies.getFirst()).contains("\"column\":\"stock.qty\"", "\"rule\":\"counter\"");
    assertThat(out.toString())
        .contains(
            "public.stock.qty combines by rule counter from now on (version 7)",
            "  main decides at the commit: CHECK ((qty >= 0))",
            "public.stock.qty is a value again",
            "public.item.tags");
  }

  @Test
  void whatRulesCombinedIsShown() {
    script.put(
        "POST /api/v1/branches/alice/promote",
        "200 "
            + PROMOTION.replace(
                "\"receipt\":\"r1\"",
                "\"receipt\":\"r1\",\"merged\":[{\"table\":\"public.stock\",\"key\":{\"sku\":\"x\"},"
                    + "\"column\":\"qty\",\"rule\":\"counter\",\"version\":1,\"base\":\"10\","
                    + "\"branch\":\"7\",\"main\":\"8\",\"merged\":\"5\",\"units\":[1]}]"));

    run("promote", "alice");

    assertThat(out.toString())
        .contains(
            "merged  qty of row sku=x of public.stock: counter, was 10, branch 7, main 8 → 5");
  }

  @Test
  void anUndoingShowsWhatStaysOnMain() {
    script.put(
        "POST /api/v1/receipts/r1/undo",
        """
        200 {"branch":"alice","outcome":"partial","asOf":"0/51F8","committed":"0/5200","units":{"total":3,"landed":2,
        "held":1},"facts":[{"kind":"conflict","answer":null,"table":"public.stock","key":{"id":"7"},"base":{"n":"5"},
        "branch":{"n":"4"},"main":{"n":"3"},"units":[30],"choices":[],"sentence":"row id=7: main changed n since"}],
        "notRelied":[],"doubted":[],"unfired":[],"receipt":"r2"}
        """);
    assertThat(run("undo", "r1")).isEqualTo(3);
    assertThat(bodies.getLast()).isEqualTo("{\"dryRun\":false}");
    assertThat(out.toString())
        .contains("2 of 3 units are undone, 1 stays on main", "row id=7: main changed n since")
        .contains("before  n=5", "wrote   n=4", "now     n=3", "receipt r2");
  }

  @Test
  void whatCanNotBeUndoneSaysWhyInOneSentence() {
    script.put(
        "POST /api/v1/receipts/r1/undo",
        "409 {\"detail\":\"Receipt 'r1' is undone already, by receipt 'r2'.\"}");
    assertThat(run("undo", "r1", "--dry-run")).isEqualTo(1);
    assertThat(bodies.getLast()).isEqualTo("{\"dryRun\":true}");
    assertThat(err.toString()).isEqualTo("Receipt 'r1' is undone already, by receipt 'r2'.\n");
  }

  @Test
  void theServersSentenceGoesToStandardError() {
    script.put("GET /api/v1/branches/bob", "404 {\"detail\":\"There is no branch 'bob'.\"}");
    assertThat(run("branch", "get", "bob")).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("There is no branch 'bob'.\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void withoutAServerItSaysHowToStartOne() {
    server.stop(0);
    assertThat(run("branch", "list")).isEqualTo(1);
    assertThat(err.toString()).contains("No server answers at", "anabranch up");
  }

  @Test
  void aSlipGetsAHint() {
    assertThat(run("promte", "alice")).isEqualTo(2);
    assertThat(err.toString()).contains("did you mean promote");
    assertThat(run("check")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
  }

  @Test
  void anAddressThatIsNoneIsUsage() {
    assertThat(Cli.run(Map.of("ANABRANCH_URL", "nowhere"), output(), "status")).isEqualTo(2);
    assertThat(err.toString()).contains("'nowhere'");
  }

  private int run(String... arguments) {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    return Cli.run(Map.of("ANABRANCH_URL", url), output(), arguments);
  }

  private Output output() {
    return new Output(new PrintWriter(out, true), new PrintWriter(err, true), new Palette(false));
  }
}
