package dev.anabranch.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * The pages of a server. Each asks the HTTP API over the loopback address, with the token of who
 * looks at it, so that a page can do what they could do by a command and nothing else.
 */
public final class Pages {

  /** Answers one request. */
  interface Page {
    void answer(Visit visit) throws Exception;
  }

  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);
  private static final int UNAUTHORISED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final List<Integer> REFUSALS = List.of(400, FORBIDDEN, NOT_FOUND, 405, 413, 415);

  private final Supplier<String> api;
  private final InstantSource clock;
  private final Turns turns = new Turns();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(CONNECT_PATIENCE)
          .build();

  /**
   * @param api where the API answers, such as {@code http://127.0.0.1:6480}; asked at each request,
   *     since a port may be chosen late
   */
  public Pages(Supplier<String> api, InstantSource clock) {
    this.api = api;
    this.clock = clock;
  }

  /** Takes them into a server's routes. */
  public void addTo(RoutesConfig routes) {
    Assets.addTo(routes);
    new SignInPages().addTo(this, routes);
    new BranchPages(clock).addTo(this, routes);
    new ReviewPages(clock).addTo(this, routes);
    new ReceiptPages().addTo(this, routes);
    for (int status : REFUSALS) {
      routes.error(status, "text/html", context -> refusedElsewhere(visit(context)));
    }
    routes.exception(ApiRefusal.class, (refusal, context) -> refused(visit(context), refusal));
  }

  /** The same page, for a route. */
  Handler page(Page page) {
    return context -> page.answer(visit(context));
  }

  private Visit visit(Context context) {
    URI base = URI.create(api.get());
    Visit.CookieNames cookies = Visit.CookieNames.of(base.getPort());
    return new Visit(
        context, new ApiCalls(http, base, Visit.token(context, cookies), turns), cookies);
  }

  /** What no page has answered is a page all the same to who reads it in a browser. */
  private static void refusedElsewhere(Visit visit) {
    Context context = visit.context();
    String type = Optional.ofNullable(context.res().getContentType()).orElse("");
    String body = Optional.ofNullable(context.result()).orElse("");
    if (context.path().startsWith("/api/") || !type.contains("problem+json") || body.isEmpty()) {
      return;
    }
    JsonNode problem = ApiCalls.JSON.readTree(body);
    boolean isUnknown = context.statusCode() == NOT_FOUND;
    trouble(
        visit,
        new ApiRefusal(
            context.statusCode(),
            isUnknown ? "" : problem.path("code").asString(""),
            isUnknown
                ? "There is no page at " + context.path() + "."
                : problem.path("detail").asString("")));
  }

  private static void refused(Visit visit, ApiRefusal refusal) {
    if (refusal.status() == UNAUTHORISED) {
      SignInPages.ask(visit, refusal);
      return;
    }
    if (refusal.isOfSleeper()) {
      BranchPages.asleep(visit);
      return;
    }
    trouble(visit, refusal);
  }

  private static void trouble(Visit visit, ApiRefusal refusal) {
    Html.send(
        visit.context(),
        refusal.status(),
        "trouble",
        Map.of(
            "shell",
            Shell.of(visit, refusal.status() == FORBIDDEN ? "Not allowed" : "Not done", ""),
            "sentence",
            PageSentence.of(refusal.sentence()),
            "code",
            refusal.code()));
  }
}
