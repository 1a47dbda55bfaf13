package dev.anabranch.web;

import io.javalin.config.RoutesConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looking at what there is to decide, deciding it, and landing the rest. */
final class ReviewPages {

  private static final int OK = 200;
  private static final int CONFLICT = 409;
  private static final String PATH = "/branches/{name}/review";

  /** What begins the name of a field that says what one cell is to be. */
  private static final String CELL = "cell:";

  private final ReviewsShown shown = new ReviewsShown();

  void addTo(Pages pages, RoutesConfig routes) {
    routes.get(PATH, pages.page(visit -> show(visit, OK, "")));
    routes.post(PATH + "/decide", pages.page(this::decide));
    routes.post(PATH + "/try", pages.page(ReviewPages::rehearse));
    routes.post(PATH + "/land", pages.page(ReviewPages::land));
    routes.get(PATH + "/live", pages.page(visit -> ReviewLive.send(visit, shown)));
  }

  private static String branch(Visit visit) {
    return visit.pathPart("name");
  }

  private static String review(Visit visit) {
    return "/branches/" + Visit.part(branch(visit)) + "/review";
  }

  private void show(Visit visit, int status, String notice) {
    Promoted work = visit.api().look(branch(visit));
    shown.show(work);
    ReviewPage page =
        ReviewPage.of(
            branch(visit),
            work,
            ReviewPage.Filter.of(visit),
            visit.asked("fact"),
            visit.who(),
            notice);
    Html.send(
        visit.context(),
        status,
        "review",
        Map.of(
            "shell",
            Shell.of(visit, "Review of " + branch(visit), "branches"),
            "page",
            page.withChecks(ownChecks(visit))));
  }

  private static List<String> ownChecks(Visit visit) {
    List<String> names = new ArrayList<>();
    visit.api().get("/checks").forEach(check -> names.add(check.path("name").asString("")));
    return names;
  }

  private void decide(Visit visit) {
    String fact = visit.field("fact").orElse("");
    Optional<String> meanwhile = decidedMeanwhile(visit, fact);
    if (meanwhile.isPresent()) {
      show(visit, CONFLICT, meanwhile.get());
      return;
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("dryRun", true);
    body.put("decide", decisions(visit, fact));
    body.put("who", visit.decider());
    visit.field("why").ifPresent(why -> body.put("why", why));
    try {
      visit.api().promote(branch(visit), body);
    } catch (ApiRefusal refusal) {
      if (refusal.status() != CONFLICT && refusal.status() != 400 && refusal.status() != 404) {
        throw refusal;
      }
      show(visit, refusal.status(), "Nothing was decided. " + refusal.sentence());
      return;
    }
    String query = visit.context().queryString();
    visit.goTo(
        review(visit)
            + (query == null ? "?" : "?" + query + "&")
            + "fact="
            + Visit.part(fact)
            + "#fact-"
            + Visit.part(fact));
  }

  /** What somebody else has decided of a fact since the page was made. */
  private static Optional<String> decidedMeanwhile(Visit visit, String id) {
    String seen = visit.field("seen").orElse("");
    return visit.api().look(branch(visit)).facts().stream()
        .filter(fact -> fact.id().equals(id) && !fact.decidedAt().equals(seen))
        .flatMap(fact -> Optional.ofNullable(fact.decided()).stream())
        .findFirst()
        .map(decided ->
            "Nothing was decided by you: meanwhile "
                + decided.who()
                + " has decided this fact ("
                + decided.choice()
                + "). It is shown as it is now; take that back to decide otherwise.");
  }

  private static List<Map<String, @Nullable Object>> decisions(Visit visit, String fact) {
    String choice = visit.field("choice").orElse("");
    if (!choice.equals("cells")) {
      return List.of(decision(visit, fact, choice));
    }
    List<Map<String, @Nullable Object>> cells = new ArrayList<>();
    for (String name : visit.context().formParamMap().keySet()) {
      Optional<String> chosen = name.startsWith(CELL) ? visit.field(name) : Optional.empty();
      if (chosen.isPresent()) {
        String column = name.substring(CELL.length());
        Map<String, @Nullable Object> cell = decision(visit, fact, chosen.get());
        cell.put("column", column);
        if (chosen.get().equals("value")) {
          cell.put("value", visit.context().formParam("value:" + column));
        } else if (chosen.get().equals("null")) {
          cell.put("choice", "value");
          cell.put("value", null);
        }
        cells.add(cell);
      }
    }
    if (cells.isEmpty()) {
      throw new ApiRefusal(
          400,
          "",
          "No cell was chosen, so nothing was decided: go back, and say for one at least.");
    }
    return cells;
  }

  private static Map<String, @Nullable Object> decision(Visit visit, String fact, String choice) {
    Map<String, @Nullable Object> decision = new LinkedHashMap<>();
    decision.put("fact", fact);
    visit
        .field("state:" + choice)
        .or(() -> visit.field("state"))
        .ifPresent(state -> decision.put("state", state));
    decision.put("choice", choice);
    return decision;
  }

  /** A dry run, with checks of the users' own: its receipt shows what came of it. */
  private static void rehearse(Visit visit) {
    Promoted tried = visit.api().promote(branch(visit), Map.of("dryRun", true));
    visit.goTo("/receipts/" + Visit.part(tried.receipt()));
  }

  private static void land(Visit visit) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("plan", visit.field("plan").orElse(""));
    body.put("strict", visit.field("strict").isPresent());
    Promoted landed = visit.api().promote(branch(visit), body);
    if (landed.difference() == null) {
      visit.goTo("/receipts/" + Visit.part(landed.receipt()));
      return;
    }
    Html.send(
        visit.context(),
        CONFLICT,
        "another",
        Map.of(
            "shell",
            Shell.of(visit, "Another plan", "branches"),
            "branch",
            branch(visit),
            "work",
            landed));
  }
}
