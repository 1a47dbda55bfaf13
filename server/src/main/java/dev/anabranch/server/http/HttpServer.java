package dev.anabranch.server.http;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.Durations;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.Branch;
import dev.anabranch.check.Caller;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.ControlOutage;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.promote.CompareRequest;
import dev.anabranch.promote.UnitsWanted;
import dev.anabranch.server.access.Access;
import dev.anabranch.server.access.Right;
import dev.anabranch.server.health.Readiness;
import dev.anabranch.server.http.ApiJson.AnswerView;
import dev.anabranch.server.http.ApiJson.AnswersView;
import dev.anabranch.server.http.ApiJson.BranchView;
import dev.anabranch.server.http.ApiJson.CheckView;
import dev.anabranch.server.http.ApiJson.DeletionView;
import dev.anabranch.server.http.ApiJson.FactsView;
import dev.anabranch.server.http.ApiJson.HealthView;
import dev.anabranch.server.http.ApiJson.ProblemView;
import dev.anabranch.server.http.ApiJson.PromotionView;
import dev.anabranch.server.http.ApiJson.ReceiptView;
import dev.anabranch.server.http.ApiJson.StatusView;
import dev.anabranch.server.http.ApiJson.UrlView;
import dev.anabranch.server.http.ApiJson.WatchedTablesView;
import dev.anabranch.server.http.OwnCheckJson.ComparisonView;
import dev.anabranch.server.http.OwnCheckJson.DeletedCheckView;
import dev.anabranch.server.http.OwnCheckJson.OwnCheckView;
import dev.anabranch.server.http.OwnCheckJson.SetBody;
import dev.anabranch.server.http.OwnCheckJson.UndoBody;
import dev.anabranch.server.http.UnitJson.UnitsView;
import dev.anabranch.server.http.UnitJson.WorkView;
import dev.anabranch.server.watch.Listener;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP: one route for each operation, JSON in and out, failures as problem+json. Each request has a
 * thread while it is answered.
 */
public final class HttpServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final String JSON_TYPE = "application/json";
  private static final String METRICS_TYPE = "text/plain; version=0.0.4";
  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final int TOO_LARGE = 413;
  private static final int UNAVAILABLE = 503;

  /** Callers who wait for their branches keep a thread each, and others want to be served. */
  private static final int REQUESTS_AT_ONCE = 2_000;

  private final Operations operations;
  private final Gate gate;
  private final TokenRoutes tokens;
  private final RuleRoutes rules;
  private final WebhookRoutes webhooks;
  private final BranchHolders holders;
  private final InstantSource clock;
  private final Javalin javalin;

  /** One that has no pages. */
  HttpServer(Operations operations, Access access, OwnHosts hosts, InstantSource clock) {
    this(operations, access, hosts, clock, routes -> {});
  }

  /**
   * @param access who is let in
   * @param hosts what we are called
   * @param pages adds what is for browsers
   */
  public HttpServer(
      Operations operations,
      Access access,
      OwnHosts hosts,
      InstantSource clock,
      Consumer<RoutesConfig> pages) {
    this.operations = operations;
    this.gate = new Gate(access, hosts);
    this.tokens = new TokenRoutes(access.tokens(), clock);
    this.rules = new RuleRoutes(operations);
    this.webhooks = new WebhookRoutes(operations);
    this.holders = new BranchHolders(operations);
    this.clock = clock;
    this.javalin =
        Javalin.create(config -> {
          config.startup.showJavalinBanner = false;
          config.startup.showOldJavalinVersionWarning = false;
          config.jetty.threadPool = new QueuedThreadPool(REQUESTS_AT_ONCE);
          config.jetty.modifyServer(server -> server.setErrorHandler(new UnreadableRequests()));
          config.jetty.modifyServletContextHandler(
              context -> context.setErrorHandler(new UnreadableRequests()));
          failures(config.routes);
          routes(config.routes);
          pages.accept(config.routes);
        });
  }

  /**
   * Starts to listen; port 0 takes any free one.
   *
   * @throws AnabranchException PORT_TAKEN
   */
  public void start(String host, int port) {
    try {
      javalin.start(host, port);
    } catch (JavalinBindException e) {
      throw isTaken(e)
          ? new AnabranchException(ErrorCode.PORT_TAKEN, e, port, "--http-port")
          : new AnabranchException(
              ErrorCode.INTERNAL,
              e,
              "HTTP can't listen on " + host + ":" + port + ": " + reason(e));
    }
  }

  private static boolean isTaken(JavalinBindException failure) {
    return reason(failure).contains("in use");
  }

  private static String reason(Throwable failure) {
    return failure.getCause() == null
        ? String.valueOf(failure.getMessage())
        : reason(failure.getCause());
  }

  public int port() {
    return javalin.port();
  }

  @Override
  public void close() {
    javalin.stop();
  }

  private void routes(RoutesConfig routes) {
    routes.before(gate::inspect);
    handlers()
        .forEach((route, unguarded) -> {
          Handler handler = gate.guard(route, unguarded);
          String path = route.substring(route.indexOf(' ') + 1);
          switch (route.substring(0, route.indexOf(' '))) {
            case "GET" -> routes.get(path, handler);
            case "POST" -> routes.post(path, handler);
            case "DELETE" -> routes.delete(path, handler);
            default -> throw new IllegalStateException("no such method: " + route);
          }
        });
  }

  /** Who answers each route; {@link ApiRoutes} tells what it takes and gives. */
  private Map<String, Handler> handlers() {
    return Map.ofEntries(
        entry("POST /api/v1/branches", this::create),
        entry("GET /api/v1/branches", this::list),
        entry("GET /api/v1/branches/{name}", c -> json(c, view(c, operations.get(name(c))))),
        entry("DELETE /api/v1/branches/{name}", this::delete),
        entry("POST /api/v1/branches/{name}/undelete", this::undelete),
        entry("POST /api/v1/branches/{name}/rename", this::rename),
        entry("POST /api/v1/branches/{name}/protect", c -> protect(c, true)),
        entry("POST /api/v1/branches/{name}/unprotect", c -> protect(c, false)),
        entry(
            "POST /api/v1/branches/{name}/new-password",
            c -> json(c, view(c, operations.newPassword(own(c))))),
        entry(
            "POST /api/v1/branches/{name}/suspend",
            c -> json(c, view(c, operations.suspend(own(c))))),
        entry(
            "POST /api/v1/branches/{name}/resume",
            c -> json(c, view(c, operations.resume(own(c))))),
        entry("POST /api/v1/branches/{name}/reset", this::reset),
        entry("POST /api/v1/branches/{name}/restore", this::restore),
        entry("POST /api/v1/branches/{name}/sync", this::sync),
        entry("GET /api/v1/branches/{name}/answers", this::answers),
        entry("POST /api/v1/branches/{name}/check", this::check),
        entry(
            "GET /api/v1/branches/{name}/diff", c -> DiffAnswer.send(c, name(c), operations::diff)),
        entry("GET /api/v1/branches/{name}/verdicts/stream", this::stream),
        entry("POST /api/v1/branches/{name}/promote", this::promote),
        entry("GET /api/v1/branches/{name}/facts", this::facts),
        entry("GET /api/v1/branches/{name}/units", this::units),
        entry(
            "GET /api/v1/branches/{name}/work",
            c -> json(c, WorkView.of(operations.atStake(name(c))))),
        entry(
            "GET /api/v1/branches/{name}/receipts",
            c -> json(c, operations.receipts(name(c)).stream().map(ReceiptView::of).toList())),
        entry("GET /api/v1/receipts/{id}", c -> jsonText(c, operations.receipt(c.pathParam("id")))),
        entry("POST /api/v1/receipts/{id}/undo", this::undo),
        entry(
            "GET /api/v1/checks",
            c -> json(c, operations.ownChecks().stream().map(OwnCheckView::of).toList())),
        entry("POST /api/v1/checks", this::setCheck),
        entry(
            "GET /api/v1/checks/{name}",
            c -> json(c, OwnCheckView.of(operations.ownCheck(c.pathParam("name"))))),
        entry("DELETE /api/v1/checks/{name}", this::deleteCheck),
        entry("POST /api/v1/compare", this::compare),
        entry("GET /api/v1/rules", rules::list),
        entry("POST /api/v1/rules", rules::set),
        entry("DELETE /api/v1/rules/{column}", rules::unset),
        entry("GET /api/v1/rules/inferred", rules::infer),
        entry(
            "GET /api/v1/promotions/{id}", c -> jsonText(c, operations.receipt(c.pathParam("id")))),
        entry("GET /api/v1/main", c -> json(c, new UrlView(operations.mainUrl()))),
        entry("POST /api/v1/main/release", this::release),
        entry(
            "POST /api/v1/main/unwatch",
            c ->
                json(
                    c,
                    new WatchedTablesView(
                        operations.unwatch(RequestBody.table(RequestBody.text(c)))))),
        entry(
            "POST /api/v1/main/watch",
            c ->
                json(
                    c,
                    new WatchedTablesView(
                        operations.watch(RequestBody.table(RequestBody.text(c)))))),
        entry("POST /api/v1/webhooks", webhooks::set),
        entry("GET /api/v1/webhooks", webhooks::list),
        entry("DELETE /api/v1/webhooks/{id}", webhooks::unset),
        entry("POST /api/v1/tokens", tokens::create),
        entry("GET /api/v1/tokens", tokens::list),
        entry("DELETE /api/v1/tokens/{id}", tokens::revoke),
        entry("GET /api/v1/status", c -> json(c, new StatusView(operations.status()))),
        entry("GET /api/v1/status/history", c -> json(c, operations.statusHistory())),
        entry("GET /api/v1/openapi.json", c -> json(c, OpenApi.of(ApiRoutes.all()))),
        entry("GET /metrics", c -> c.contentType(METRICS_TYPE).result(operations.measurements())),
        entry("GET /health", c -> json(c, new HealthView("up"))),
        entry("GET /ready", this::ready));
  }

  private static Map.Entry<String, Handler> entry(String route, Handler handler) {
    return Map.entry(route, handler);
  }

  /** The routes, as {@code METHOD path}. */
  Set<String> routes() {
    return handlers().keySet();
  }

  private void create(Context context) {
    var request = RequestBody.branchRequest(RequestBody.text(context), clock.instant());
    var branch = operations.create(request.withToken(Gate.holder(context).token()));
    context.status(CREATED).header("Location", "/api/v1/branches/" + branch.name());
    json(context, view(context, branch));
  }

  private void list(Context context) {
    var branches = flag(context, "deleted") ? operations.deleted() : operations.list();
    json(context, branches.stream().map(branch -> view(context, branch)).toList());
  }

  private void delete(Context context) {
    BranchName name = name(context);
    boolean cascade = flag(context, "cascade");
    boolean now = flag(context, "now");
    holders.requireForDeletion(Gate.holder(context), name, cascade, now);
    requireWork(name, Optional.ofNullable(context.queryParam("work")));
    json(context, DeletionView.of(name, operations.delete(name, cascade, now)));
  }

  private void undelete(Context context) {
    BranchName name = name(context);
    var request = RequestBody.undeleteRequest(name, RequestBody.text(context), clock.instant());
    holders.requireDeleted(Gate.holder(context), name);
    json(context, view(context, operations.undelete(name, request.as(), request.lifetime())));
  }

  private void rename(Context context) {
    json(
        context,
        view(
            context,
            operations.rename(own(context), RequestBody.newName(RequestBody.text(context)))));
  }

  private void protect(Context context, boolean on) {
    json(context, view(context, operations.setProtected(own(context), on)));
  }

  private void reset(Context context) {
    BranchName name = own(context);
    String body = RequestBody.text(context);
    var point = RequestBody.resetPoint(body);
    requireWork(name, RequestBody.work(body));
    json(context, view(context, operations.reset(name, point)));
  }

  private void restore(Context context) {
    BranchName name = own(context);
    String body = RequestBody.text(context);
    var point = RequestBody.restorePoint(body);
    requireWork(name, RequestBody.work(body));
    json(context, view(context, operations.restore(name, point)));
  }

  private void sync(Context context) {
    var request = SyncJson.request(own(context), RequestBody.text(context), context.ip());
    if (!request.decide().isEmpty()) {
      Gate.holder(context).require(Right.LAND); // what is decided counts for promotions, too
    }
    json(context, SyncJson.SyncedView.of(awaited(context, () -> operations.sync(request))));
  }

  /** Whoever was told what would be lost loses that, and no other work. */
  private void requireWork(BranchName name, Optional<String> seen) {
    if (seen.filter(work -> !work.equals(operations.atStake(name).work())).isPresent()) {
      throw new AnabranchException(ErrorCode.WORK_ANOTHER, name);
    }
  }

  private void answers(Context context) {
    PageRequest wanted = PageRequest.ofAnswers(context);
    var page = wanted.of(operations.answers(name(context)), Answer::id);
    json(
        context,
        wanted.isPaged()
            ? AnswersView.of(page)
            : page.answers().stream().map(AnswerView::of).toList());
  }

  private void check(Context context) {
    BranchName name = name(context);
    PageRequest wanted = PageRequest.ofVerdicts(context);
    Optional<Duration> wait = wait(context);
    CheckReport report = awaited(context, () -> operations.check(name, wait));
    boolean isTimed = flag(context, "when");
    json(
        context,
        CheckView.of(
            name.value(),
            report,
            wanted,
            rows -> isTimed ? operations.lastWrites(rows) : Map.of()));
  }

  private static Optional<Duration> wait(Context context) {
    return Optional.ofNullable(context.queryParam("wait"))
        .map(text ->
            Durations.parse(text)
                .orElseThrow(() ->
                    new AnabranchException(
                        ErrorCode.REQUEST_INVALID,
                        "'" + text + "' is no time to wait: say 30s, or 2m.")));
  }

  private void stream(Context context) throws IOException {
    try (Listener listener = operations.listen(name(context), client(context))) {
      VerdictStream.send(context, listener);
    }
  }

  /** Whoever takes a dry run for asked must not land. */
  private static void requireNoQuery(Context context) {
    context.queryParamMap().keySet().stream()
        .findFirst()
        .ifPresent(name -> {
          throw new AnabranchException(
              ErrorCode.REQUEST_INVALID,
              "'" + name + "' stands in the query: what is wanted here is said in the body.");
        });
  }

  private void promote(Context context) {
    requireNoQuery(context);
    var request = PromotionBody.read(name(context), RequestBody.text(context), context.ip());
    if (!request.dryRun() || !request.decide().isEmpty()) {
      Gate.holder(context).require(Right.LAND); // what is decided counts, whatever comes of it
    }
    json(context, PromotionView.of(awaited(context, () -> operations.promote(request))));
  }

  private void facts(Context context) {
    BranchName name = name(context);
    json(context, FactsView.of(awaited(context, () -> operations.facts(name))));
  }

  private void units(Context context) {
    BranchName name = name(context);
    UnitsWanted wanted = UnitJson.wanted(context);
    json(context, UnitsView.of(awaited(context, () -> operations.units(name, wanted))));
  }

  private void undo(Context context) {
    requireNoQuery(context);
    UndoBody body = UndoBody.read(RequestBody.text(context));
    if (!body.dryRun()) {
      Gate.holder(context).require(Right.LAND);
    }
    json(
        context,
        PromotionView.of(
            operations.undo(
                context.pathParam("id"), body.dryRun(), body.skipChecks(), body.plan())));
  }

  private void setCheck(Context context) {
    SetBody body = SetBody.read(RequestBody.text(context), context.ip());
    json(context, OwnCheckView.of(operations.setOwnCheck(body.assertion(), body.who())));
  }

  private void deleteCheck(Context context) {
    String name = context.pathParam("name");
    operations.deleteOwnCheck(name);
    json(context, new DeletedCheckView(name));
  }

  private void compare(Context context) {
    CompareRequest request = OwnCheckJson.compareRequest(RequestBody.text(context));
    json(context, ComparisonView.of(awaited(context, () -> operations.compare(request))));
  }

  /** What takes long and is of no use to a client that has gone. */
  private static <T> T awaited(Context context, Supplier<T> operation) {
    return ScopedValue.where(Caller.CURRENT, client(context)).call(operation::get);
  }

  private static ClientConnection client(Context context) {
    return new ClientConnection(context.req().getLocalPort(), context.req().getRemotePort());
  }

  /** The answer is on its way before the server begins to end. */
  private void release(Context context) throws IOException {
    Released released = operations.releaseMain(RequestBody.force(RequestBody.text(context)));
    byte[] answer = ApiJson.json(released).getBytes(StandardCharsets.UTF_8);
    context.contentType(JSON_TYPE);
    context.res().setContentLength(answer.length);
    context.res().getOutputStream().write(answer);
    context.res().flushBuffer(); // else it would be sent after this method, in a race with the end
    operations.end();
  }

  /** A balancer or a cluster's probe reads the status alone. */
  private void ready(Context context) {
    Readiness readiness = operations.readiness();
    json(context, readiness);
    context.status(readiness.ready() ? OK : UNAVAILABLE);
  }

  private BranchView view(Context context, Branch branch) {
    return BranchView.of(
        branch,
        BranchHolders.url(Gate.holder(context), branch, operations.url(branch)),
        operations.goneAt(branch),
        operations.glance(branch));
  }

  /** The branch that is named, when it is the caller's. */
  private BranchName own(Context context) {
    BranchName name = name(context);
    holders.require(Gate.holder(context), name);
    return name;
  }

  /** A switch in the query: {@code ?now}, {@code ?now=true}. */
  static boolean flag(Context context, String name) {
    String value = context.queryParam(name);
    return switch (value) {
      case null -> false;
      case "", "true" -> true;
      case "false" -> false;
      default ->
          throw new AnabranchException(
              ErrorCode.REQUEST_INVALID, "'" + name + "' in the query must be true or false.");
    };
  }

  /** A name that could never be a branch's is as unknown as one that is none. */
  private static BranchName name(Context context) {
    String text = context.pathParam("name");
    try {
      return new BranchName(text);
    } catch (AnabranchException e) {
      throw new AnabranchException(ErrorCode.BRANCH_UNKNOWN, e, text);
    }
  }

  private void failures(RoutesConfig routes) {
    routes.exception(AnabranchException.class, (e, context) -> problem(context, e));
    routes.exception(HttpResponseException.class, HttpServer::unroutable);
    routes.exception(
        Exception.class,
        (e, context) -> {
          LOG.error("Answering {} {} failed", context.method(), context.path(), e);
          problem(context, ControlOutage.numbered(e));
        });
  }

  private static void unroutable(HttpResponseException e, Context context) {
    var view =
        new ProblemView(
            "about:blank",
            String.valueOf(e.getMessage()),
            e.getStatus(),
            e.getStatus() == TOO_LARGE
                ? "What was sent is larger than 1 MB, so nothing was done: send less, or what is"
                    + " large by psql or another client of the branch."
                : "There is nothing at "
                    + context.method()
                    + " "
                    + context.path()
                    + ": see /api/v1/openapi.json.",
            "AB-" + ErrorCode.REQUEST_INVALID.number());
    context
        .status(e.getStatus())
        .contentType(UnreadableRequests.PROBLEM_TYPE)
        .result(ApiJson.json(view));
  }

  private void problem(Context context, AnabranchException failure) {
    operations.failed(failure.code());
    ProblemView view = ProblemView.of(failure);
    context
        .status(view.status())
        .contentType(UnreadableRequests.PROBLEM_TYPE)
        .result(ApiJson.json(view));
  }

  static void json(Context context, Object view) {
    jsonText(context, ApiJson.json(view));
  }

  private static void jsonText(Context context, String json) {
    context.contentType(JSON_TYPE).result(json);
  }
}
