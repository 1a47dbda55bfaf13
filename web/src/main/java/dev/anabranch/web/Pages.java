package dev.anabranch.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

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
    new ReviewPages().addTo(this, routes);
    new ReceiptPages().addTo(this, routes);
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

  private static void refused(Visit visit, ApiRefusal refusal) {
    if (refusal.status() == UNAUTHORISED) {
      SignInPages.ask(visit, refusal);
      return;
    }
    Html.send(
        visit.context(),
        refusal.status(),
        "trouble",
        Map.of(
            "shell",
            Shell.of(visit, refusal.status() == FORBIDDEN ? "Not allowed" : "Not done", ""),
            "sentence",
            refusal.sentence(),
            "code",
            refusal.code()));
  }
}
