package dev.anabranch.web;

import io.javalin.config.RoutesConfig;
import java.time.Instant;
import java.time.InstantSource;
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

  /** And what it is to be, where that is given by hand. */
  private static final String VALUE = "value:";

  private final ReviewsShown shown = new ReviewsShown();
  private final Notices notices = new Notices();
  private final ReviewLive live;
  private final InstantSource clock;

  ReviewPages(InstantSource clock) {
    this.clock = clock;
    this.live = new ReviewLive(shown, clock);
  }

  void addTo(Pages pages, RoutesConfig routes) {
    routes.get(PATH, pages.page(this::show));
    routes.post(PATH + "/decide", pages.page(this::decide));
    routes.post(PATH + "/try", pages.page(ReviewPages::rehearse));
    routes.post(PATH + "/land", pages.page(this::land));
    for (String form : List.of("/decide", "/try", "/land")) {
      routes.get(PATH + form, pages.page(visit -> visit.goTo(review(visit))));
    }
    routes.get(PATH + "/live", pages.page(live::answer));
  }

  private static String branch(Visit visit) {
    return visit.pathPart("name");
  }

  private static String review(Visit visit) {
    return "/branches/" + Visit.part(branch(visit)) + "/review";
  }

  private void show(Visit visit) {
    Promoted seen = visit.api().look(branch(visit));
    shown.show(seen);
    live.looked(branch(visit), seen);
    Instant at = clock.instant();
    ReviewPage page =
        ReviewPage.of(
            branch(visit),
            tried(visit, seen),
            ReviewPage.Filter.of(visit),
            visit.asked("fact").or(() -> visit.asked("at")),
            visit.who(),
            visit
                .asked("told")
                .flatMap(notices::take)
                .or(() -> visit.asked("fact").flatMap(fact -> isNoMore(seen, fact)))
                .orElse(""));
    Html.send(
        visit.context(),
        OK,
        "review",
        Map.of(
            "shell",
            Shell.of(visit, "Review of " + branch(visit), "branches"),
            "page",
            page.withChecks(ownChecks(visit)),
            "seen",
            seen,
            "at",
            at.toEpochMilli()));
  }

  /** A link may lead to a fact that has gone since. */
  private static Optional<String> isNoMore(Promoted seen, String fact) {
    return seen.facts().stream().anyMatch(one -> one.id().equals(fact))
        ? Optional.empty()
        : Optional.of(
            "Fact "
                + CellText.visible(fact)
                + " is not here any more: its work has landed, or main and the branch agree by now,"
                + " or it is another one.");
  }

  /** Whether main takes a value that somebody gave is known when it is tried on a copy. */
  private static Promoted tried(Visit visit, Promoted seen) {
    if (seen.facts().stream().noneMatch(FactSeen::hasValueByHand)) {
      return seen;
    }
    try {
      return visit.api().promote(branch(visit), Map.of("dryRun", true)).with(seen.answers());
    } catch (ApiRefusal refusal) {
      return seen; // landing says it
    }
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
      back(visit, fact, meanwhile.get());
      return;
    }
    try {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("dryRun", true);
      body.put("decide", decisions(visit, fact));
      body.put("who", visit.decider());
      visit.field("why").ifPresent(why -> body.put("why", why));
      back(visit, fact, missing(visit.api().promote(branch(visit), body), fact));
    } catch (ApiRefusal refusal) {
      if (refusal.status() != CONFLICT && refusal.status() != 400 && refusal.status() != 404) {
        throw refusal;
      }
      back(visit, fact, "Nothing was decided. " + PageSentence.of(refusal.sentence()));
    }
  }

  /** Which cells have yet to be said before a fact is decided; empty when none. */
  private static String missing(Promoted work, String id) {
    return work.facts().stream()
        .filter(fact -> fact.id().equals(id) && fact.isOpen() && fact.kept() != null)
        .map(fact ->
            "What you said of the cells is kept, and decides nothing yet: say also what is to be of"
                + " "
                + String.join(", ", fact.unsaid())
                + ".")
        .findFirst()
        .orElse("");
  }

  /** To the review as it is now, with a word about what came of the form. */
  private void back(Visit visit, String fact, String notice) {
    String query = visit.context().queryString();
    visit.goTo(
        review(visit)
            + (query == null ? "?" : "?" + query + "&")
            + (notice.isEmpty() ? "" : "told=" + notices.keep(notice) + "&")
            + "at="
            + Visit.part(fact)
            + "#fact-"
            + Visit.part(fact));
  }

  /** What somebody else has decided of a fact since the page was made. */
  private static Optional<String> decidedMeanwhile(Visit visit, String id) {
    String seen = visit.field("seen").orElse("");
    return visit.api().lookAwake(branch(visit)).facts().stream()
        .filter(fact -> fact.id().equals(id) && !fact.decidedAt().equals(seen))
        .flatMap(fact -> Optional.ofNullable(fact.decided()).stream())
        .filter(decided ->
            !decided.who().equals(visit.decider())
                || !decided.choice().equals(visit.field("choice").orElse("")))
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
    requireValuesWanted(visit);
    for (String name : visit.context().formParamMap().keySet()) {
      Optional<String> chosen = name.startsWith(CELL) ? visit.field(name) : Optional.empty();
      if (chosen.isPresent()) {
        String column = name.substring(CELL.length());
        Map<String, @Nullable Object> cell = decision(visit, fact, chosen.get());
        cell.put("column", column);
        if (chosen.get().equals("value")) {
          cell.put("value", visit.context().formParam(VALUE + column));
        } else if (chosen.get().equals("null")) {
          cell.put("choice", "value");
          cell.put("value", null);
        }
        cells.add(cell);
      }
    }
    if (cells.isEmpty()) {
      throw new ApiRefusal(400, "", "No cell was chosen: say for one at least what it is to be.");
    }
    return cells;
  }

  /** A value that was typed beside another choice is a mistake, and no wish to lose it. */
  private static void requireValuesWanted(Visit visit) {
    for (String name : visit.context().formParamMap().keySet()) {
      if (name.startsWith(VALUE) && visit.field(name).isPresent()) {
        String column = name.substring(VALUE.length());
        if (!visit.field(CELL + column).orElse("").equals("value")) {
          throw new ApiRefusal(
              400,
              "",
              "A value was typed for "
                  + column
                  + ", and something else is chosen for it: choose “the value”, or empty the"
                  + " field.");
        }
      }
    }
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

  private void land(Visit visit) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("plan", visit.field("plan").orElse(""));
    body.put("strict", visit.field("strict").isPresent());
    Promoted landed = visit.api().promote(branch(visit), body);
    String plan = visit.field("plan").orElse("");
    if (landed.committed() != null) {
      shown.landed(plan, landed.receipt());
    }
    Optional<String> before =
        landed.difference() == null ? Optional.of(landed.receipt()) : shown.receipt(plan);
    if (before.isPresent()) {
      visit.goTo("/receipts/" + Visit.part(before.get()));
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
            landed,
            "refusals",
            refusals(landed),
            "facts",
            FactsMoved.between(shown.of(visit.field("seen").orElse("")), landed)));
  }

  /** What main would not take of the plan that was to land, in words. */
  private static List<String> refusals(Promoted landed) {
    Promoted.Difference difference = landed.difference();
    if (difference == null) {
      return List.of();
    }
    return landed.facts().stream()
        .filter(fact -> fact.kind().equals("constraint") && fact.isOpen())
        .filter(fact ->
            difference.facts().added().contains(fact.id())
                || difference.facts().replaced().contains(fact.id()))
        .map(FactSeen::plainSentence)
        .toList();
  }
}
