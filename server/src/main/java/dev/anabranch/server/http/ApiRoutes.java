package dev.anabranch.server.http;

import static dev.anabranch.server.http.ApiRoute.route;

import dev.anabranch.server.health.Readiness;
import dev.anabranch.server.http.ApiJson.AnswerView;
import dev.anabranch.server.http.ApiJson.AnswersView;
import dev.anabranch.server.http.ApiJson.BranchView;
import dev.anabranch.server.http.ApiJson.CheckView;
import dev.anabranch.server.http.ApiJson.DeletionView;
import dev.anabranch.server.http.ApiJson.FactsView;
import dev.anabranch.server.http.ApiJson.HealthView;
import dev.anabranch.server.http.ApiJson.PromotionView;
import dev.anabranch.server.http.ApiJson.ReceiptView;
import dev.anabranch.server.http.ApiJson.StatusView;
import dev.anabranch.server.http.ApiJson.UrlView;
import dev.anabranch.server.http.ApiJson.WatchedTablesView;
import dev.anabranch.server.http.ApiRoute.Outcome;
import dev.anabranch.server.http.ApiRoute.Query;
import dev.anabranch.server.http.ApiRoute.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Every route there is, as the OpenAPI document tells it. A new one is an entry here, beside its
 * handler in {@link HttpServer}; what is to be said of its fields stands in openapi.properties.
 */
final class ApiRoutes {

  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final int FORBIDDEN = 403;
  private static final int UNKNOWN = 404;
  private static final int CONFLICT = 409;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;

  private static final List<String> VERDICTS = List.of("holds", "changed", "undecided");
  private static final List<String> CHANGES = List.of("insert", "update", "delete");

  private static final Query LIMIT =
      Query.number("limit", "How many answers at most; all when left out", 1, PageRequest.LARGEST);
  private static final Query CURSOR =
      Query.text("cursor", "The nextCursor of the page before this one");

  private ApiRoutes() {}

  static List<ApiRoute> all() {
    return Stream.of(lives(), work(), landings(), ownChecks(), mergeRules(), main(), server())
        .flatMap(List::stream)
        .toList();
  }

  private static List<ApiRoute> lives() {
    return List.of(
        route("POST /api/v1/branches", "Create a branch")
            .takes(ApiBodies.NewBranch.class)
            .gives(CREATED, BranchView.class)
            .refuses(UNKNOWN, CONFLICT, TOO_MANY),
        route("GET /api/v1/branches", "List all branches")
            .asks(
                Query.flag(
                    "deleted",
                    "Deleted branches that can be brought back, instead of those that live"))
            .givesEach(BranchView.class),
        route("GET /api/v1/branches/{name}", "Look at a branch").gives(BranchView.class),
        route("DELETE /api/v1/branches/{name}", "Delete a branch")
            .asks(
                Query.flag("cascade", "With the branches that were started from it"),
                Query.flag("now", "So that it can't be brought back"),
                Query.text(
                    "work",
                    "What /work said: of a branch that is another by now, or has other work,"
                        + " nothing is deleted"))
            .gives(DeletionView.class)
            .refuses(CONFLICT),
        route("POST /api/v1/branches/{name}/undelete", "Bring a deleted branch back")
            .takes(ApiBodies.Undelete.class)
            .gives(BranchView.class)
            .refuses(CONFLICT, TOO_MANY),
        route("POST /api/v1/branches/{name}/rename", "Give a branch another name")
            .takes(ApiBodies.Rename.class)
            .gives(BranchView.class)
            .refuses(CONFLICT),
        route("POST /api/v1/branches/{name}/protect", "Refuse to delete, reset or expire a branch")
            .gives(BranchView.class)
            .refuses(CONFLICT),
        route("POST /api/v1/branches/{name}/unprotect", "End a branch's protection")
            .gives(BranchView.class)
            .refuses(CONFLICT),
        route(
                "POST /api/v1/branches/{name}/new-password",
                "Give a branch another password; its sessions end")
            .gives(BranchView.class)
            .refuses(CONFLICT),
        route("POST /api/v1/branches/{name}/suspend", "Stop a branch until somebody connects")
            .gives(BranchView.class)
            .refuses(CONFLICT),
        route("POST /api/v1/branches/{name}/resume", "Start a branch that was suspended")
            .gives(BranchView.class)
            .refuses(CONFLICT),
        route("POST /api/v1/branches/{name}/reset", "Reset a branch to its fork point, or to main")
            .takes(ApiBodies.Reset.class)
            .gives(BranchView.class)
            .refuses(CONFLICT),
        route("POST /api/v1/branches/{name}/restore", "Restore a branch to a point of its own past")
            .takes(ApiBodies.Restore.class)
            .gives(BranchView.class)
            .refuses(CONFLICT),
        route(
                "POST /api/v1/branches/{name}/sync",
                "Move a branch onto main as it is now, with its work and its answers")
            .takes(ApiBodies.Sync.class)
            .gives(SyncJson.SyncedView.class)
            .refuses(CONFLICT));
  }

  private static List<ApiRoute> work() {
    return List.of(
        route("GET /api/v1/branches/{name}/answers", "What was asked")
            .asks(LIMIT, CURSOR)
            .gives(
                new Outcome(
                    OK,
                    "Done",
                    Map.of(
                        Outcome.JSON,
                        new Shape.Either(
                            "All of them; a page where a limit or a cursor is given",
                            List.of(
                                new Shape.Each(AnswerView.class),
                                new Shape.One(AnswersView.class)))))),
        route("POST /api/v1/branches/{name}/check", "Which answers still hold")
            .asks(
                Query.anyOf(
                    "verdict",
                    "Only answers with this verdict; may be given more than once",
                    VERDICTS),
                LIMIT,
                CURSOR,
                Query.flag("when", "When main did what the rows behind changed answers show"),
                Query.text(
                    "wait",
                    "How long to wait at most for main's changes to be known; two minutes when left"
                        + " out",
                    "30s"))
            .gives(CheckView.class)
            .refuses(CONFLICT, UNAVAILABLE),
        route(
                "GET /api/v1/branches/{name}/verdicts/stream",
                "Which answers still hold, told as it changes")
            .told(
                "Server-sent events. First each answer as a `verdict` event, then an `asOf` event:"
                    + " `{\"asOf\":\"0/3A0\",\"counts\":{…}}`. From then on, whenever main or the"
                    + " branch has moved or the clock alone can have made an answer another, a"
                    + " `verdict` event for each answer whose verdict, proof, reason, rows or"
                    + " `nextFlip` are others, and an `asOf` event that holds for all. All"
                    + " answers come again when the client was too slow to be told each step."
                    + " `problem` is a failure to check, which is tried again; `end` says why the"
                    + " branch is no more and ends the stream.")
            .gives(
                new Outcome(
                    OK,
                    "Events, for as long as the client stays",
                    Map.of("text/event-stream", Shape.Plain.TEXT)))
            .refuses(TOO_MANY),
        route(
                "GET /api/v1/branches/{name}/diff",
                "What a branch has changed since its fork, or main")
            .asks(
                Query.flag("behind", "What main has changed since the fork, instead"),
                Query.text("table", "Only this table and its partitions"),
                Query.anyOf(
                    "kind", "Only rows of which this became; may be given more than once", CHANGES),
                Query.number("unit", "Only what this unit did"),
                Query.flag("pending", "Only what has not landed on main yet"),
                Query.flag("rows", "Each row, not only how many"),
                Query.flag("schema", "Definitions, too"),
                Query.oneOf(
                    "format",
                    "How it is told; csv and sql always have the rows",
                    List.of("json", "csv", "sql")))
            .gives(diff())
            .refuses(CONFLICT, UNAVAILABLE));
  }

  private static Outcome diff() {
    Map<String, Shape> content = new LinkedHashMap<>();
    content.put(Outcome.JSON, new Shape.One(DiffJson.DiffView.class));
    content.put("text/csv", Shape.Plain.TEXT);
    content.put("application/sql", Shape.Plain.TEXT);
    return new Outcome(
        OK,
        "Done; sent as it is read",
        content,
        Map.of(DiffAnswer.DIFFERS, "Whether there is anything in it: true or false"));
  }

  private static List<ApiRoute> landings() {
    return List.of(
        route("POST /api/v1/branches/{name}/promote", "Fold the branch's work back into main")
            .takes(ApiBodies.Promote.class)
            .gives(PromotionView.class)
            .refuses(CONFLICT),
        route(
                "GET /api/v1/branches/{name}/facts",
                "What there is to decide, and what was decided; writes nothing")
            .gives(FactsView.class)
            .refuses(CONFLICT),
        route(
                "GET /api/v1/branches/{name}/units",
                "The branch's units, task by task, and what a promotion would do with each")
            .asks(
                Query.number(
                    "limit", "How many units at most; 100 when left out", 1, UnitJson.MOST),
                CURSOR,
                Query.oneOf("state", "Only those of which this becomes", UnitJson.states()))
            .gives(UnitJson.UnitsView.class)
            .refuses(CONFLICT),
        route(
                "GET /api/v1/branches/{name}/work",
                "What of the branch's work would be lost with it; nothing is checked for it")
            .gives(UnitJson.WorkView.class)
            .refuses(CONFLICT),
        route("GET /api/v1/branches/{name}/receipts", "The branch's receipts, the newest first")
            .givesEach(ReceiptView.class),
        route("GET /api/v1/receipts/{id}", "A promotion's receipt").gives(receipt()),
        route("GET /api/v1/promotions/{id}", "A promotion's receipt").gives(receipt()),
        route(
                "POST /api/v1/receipts/{id}/undo",
                "Take back what a promotion wrote, where main still has it")
            .takes(ApiBodies.Undo.class)
            .gives(PromotionView.class)
            .refuses(CONFLICT));
  }

  private static Outcome receipt() {
    return new Outcome(OK, "Done", Map.of(Outcome.JSON, Shape.Plain.OBJECT));
  }

  private static List<ApiRoute> ownChecks() {
    return List.of(
        route("GET /api/v1/checks", "The checks of your own that are kept")
            .givesEach(OwnCheckJson.OwnCheckView.class),
        route("POST /api/v1/checks", "Keep a check of your own, or change it")
            .takes(ApiBodies.NewCheck.class)
            .gives(OwnCheckJson.OwnCheckView.class),
        route("GET /api/v1/checks/{name}", "Look at a check of your own")
            .gives(OwnCheckJson.OwnCheckView.class),
        route("DELETE /api/v1/checks/{name}", "Keep a check no longer")
            .gives(OwnCheckJson.DeletedCheckView.class),
        route("POST /api/v1/compare", "Compare branches as each would be landed alone")
            .takes(ApiBodies.Compare.class)
            .gives(OwnCheckJson.ComparisonView.class)
            .refuses(UNKNOWN, CONFLICT, UNAVAILABLE));
  }

  private static List<ApiRoute> mergeRules() {
    return List.of(
        route("GET /api/v1/rules", "The rules by which columns of main combine")
            .givesEach(RuleRoutes.RuleView.class),
        route("POST /api/v1/rules", "Let a column of main combine")
            .takes(ApiBodies.NewRule.class)
            .gives(RuleRoutes.RuleView.class)
            .refuses(UNKNOWN, CONFLICT),
        route("DELETE /api/v1/rules/{column}", "Let a column be a value again")
            .gives(RuleRoutes.RuleView.class),
        route("GET /api/v1/rules/inferred", "Rules that columns without one could have")
            .givesEach(RuleRoutes.ProposalView.class));
  }

  private static List<ApiRoute> main() {
    return List.of(
        route("GET /api/v1/main", "The embedded main's connection string")
            .gives(UrlView.class)
            .refuses(FORBIDDEN),
        route(
                "POST /api/v1/main/release",
                "Take everything of Anabranch's from main, and end the server")
            .takes(ApiBodies.Release.class)
            .gives(Released.class)
            .refuses(CONFLICT),
        route(
                "POST /api/v1/main/unwatch",
                "Take a table of main out of the publication, and keep it out")
            .takes(ApiBodies.WatchedTable.class)
            .gives(WatchedTablesView.class)
            .refuses(UNKNOWN, CONFLICT),
        route("POST /api/v1/main/watch", "Publish and watch a table of main again")
            .takes(ApiBodies.WatchedTable.class)
            .gives(WatchedTablesView.class)
            .refuses(UNKNOWN, CONFLICT));
  }

  private static List<ApiRoute> server() {
    return List.of(
        route(
                "POST /api/v1/webhooks",
                "Have an address told when answers stop to hold, or hold again")
            .told(
                "Its deliveries are signed with the secret, which is told this once"
                    + " (docs/webhooks.md). Set again for the same branch, it gets another secret.")
            .takes(ApiBodies.NewWebhook.class)
            .gives(CREATED, WebhookRoutes.IssuedWebhookView.class)
            .refuses(UNKNOWN, CONFLICT),
        route("GET /api/v1/webhooks", "The webhooks, and how their deliveries go")
            .givesEach(WebhookRoutes.WebhookView.class),
        route("DELETE /api/v1/webhooks/{id}", "Tell it nothing more")
            .gives(WebhookRoutes.WebhookView.class),
        route("POST /api/v1/tokens", "Make a token; its text is told this once")
            .takes(ApiBodies.NewToken.class)
            .gives(CREATED, TokenRoutes.IssuedTokenView.class),
        route(
                "GET /api/v1/tokens",
                "All tokens there ever were, the newest first, without their secrets")
            .givesEach(TokenRoutes.TokenView.class),
        route("DELETE /api/v1/tokens/{id}", "Revoke a token").gives(TokenRoutes.TokenView.class),
        route("GET /api/v1/status", "How the server is doing").gives(StatusView.class),
        route("GET /api/v1/status/history", "How the server was doing in the last hour")
            .gives(StatusHistory.class),
        route("GET /api/v1/openapi.json", "This document")
            .gives(new Outcome(OK, "Done", Map.of(Outcome.JSON, Shape.Plain.OBJECT))),
        route("GET /metrics", "Everything measured, for Prometheus")
            .gives(new Outcome(OK, "Done", Map.of("text/plain", Shape.Plain.TEXT))),
        route("GET /health", "Whether the process lives").gives(HealthView.class).openToAll(),
        route("GET /ready", "Whether each part that is needed is ready, and since when")
            .told("Main, the mirror, the feed, the control database and the disk.")
            .gives(new Outcome(OK, "All are", Readiness.class))
            .gives(new Outcome(UNAVAILABLE, "Some are not", Readiness.class))
            .openToAll());
  }
}
