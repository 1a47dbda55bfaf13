package dev.anabranch.web;

import io.javalin.config.RoutesConfig;
import java.util.Map;
import java.util.Optional;

/** Signing in with a token, and out. */
final class SignInPages {

  private static final int OK = 200;
  private static final int UNAUTHORISED = 401;
  private static final String PATH = "/sign-in";

  void addTo(Pages pages, RoutesConfig routes) {
    routes.get(PATH, pages.page(visit -> form(visit, OK, "", next(visit))));
    routes.post(PATH, pages.page(SignInPages::signIn));
    routes.post("/sign-out", pages.page(SignInPages::signOut));
    routes.post("/who", pages.page(SignInPages::who));
  }

  /**
   * What comes of a request without a token that lets in. A browser that followed somebody else's
   * link keeps its cookies back, and sends them when our own page has it ask again.
   */
  static void ask(Visit visit, ApiRefusal refusal) {
    boolean isRead = visit.context().method().name().equals("GET");
    String from = Optional.ofNullable(visit.context().header("Sec-Fetch-Site")).orElse("");
    if (isRead && visit.api().token().isEmpty() && from.equals("cross-site")) {
      Html.send(visit.context(), OK, "again", Map.of("here", visit.here()));
      return;
    }
    String next = isRead ? visit.here() : visit.cameFrom();
    String told =
        visit.api().token().isEmpty()
            ? ""
            : refusal.sentence() + (isRead ? "" : " Nothing was done.");
    form(visit, UNAUTHORISED, told, next);
  }

  private static void form(Visit visit, int status, String told, String next) {
    Html.send(
        visit.context(),
        status,
        "signin",
        Map.of("shell", Shell.of(visit, "Sign in", ""), "told", told, "next", next));
  }

  private static String next(Visit visit) {
    return Visit.local(visit.asked("next").orElse("/"));
  }

  private static void signIn(Visit visit) {
    String next = Visit.local(visit.field("next").orElse("/"));
    String token = visit.field("token").orElse("");
    if (!Visit.couldBeToken(token)) {
      form(visit, UNAUTHORISED, "Give a token: it begins with anab_.", next);
      return;
    }
    try {
      new ApiCalls(visit.api().http(), visit.api().base(), Optional.of(token), visit.api().turns())
          .get("/status");
    } catch (ApiRefusal refusal) {
      form(visit, refusal.status(), refusal.sentence(), next);
      return;
    }
    visit.keepToken(token);
    visit.goTo(next);
  }

  private static void signOut(Visit visit) {
    visit.forgetToken();
    visit.goTo(PATH);
  }

  private static void who(Visit visit) {
    String name = visit.field("who").orElse("");
    visit.keepWho(name.substring(0, Math.min(name.length(), 200)));
    visit.goTo(Visit.local(visit.field("next").orElse("/")));
  }
}
