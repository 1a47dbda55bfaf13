package dev.anabranch.web;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Branches: all of them, one, and what can be done with one. */
final class BranchPages {

  private static final int OK = 200;
  private static final int PAGE_ANSWERS = 100;
  private static final String PATH = "/branches/{name}";
  private static final List<String> VERDICTS = List.of("holds", "changed", "undecided");

  /** What is asked back before it is done. */
  private static final List<String> CONFIRMED = List.of("delete", "reset", "suspend");

  private final InstantSource clock;

  BranchPages(InstantSource clock) {
    this.clock = clock;
  }

  void addTo(Pages pages, RoutesConfig routes) {
    routes.get("/", pages.page(this::list));
    routes.post("/branches", pages.page(BranchPages::create));
    routes.get(PATH, pages.page(this::show));
    routes.get(PATH + "/units", pages.page(BranchPages::units));
    routes.get(PATH + "/receipts", pages.page(BranchPages::receipts));
    routes.get(PATH + "/changes", pages.page(BranchPages::changes));
    routes.get(PATH + "/confirm", pages.page(this::confirm));
    routes.post(PATH + "/delete", pages.page(BranchPages::delete));
    routes.post(PATH + "/undelete", pages.page(visit -> then(visit, "undelete", Map.of())));
    routes.post(PATH + "/suspend", pages.page(visit -> then(visit, "suspend", Map.of())));
    routes.post(PATH + "/resume", pages.page(visit -> then(visit, "resume", Map.of())));
    routes.post(PATH + "/reset", pages.page(BranchPages::reset));
    for (String form : List.of("delete", "undelete", "suspend", "resume", "reset")) {
      routes.get(PATH + "/" + form, pages.page(visit -> visit.goTo(api(visit))));
    }
    routes.get("/overview", pages.page(BranchPages::overview));
  }

  private static String api(Visit visit) {
    return "/branches/" + Visit.part(visit.pathPart("name"));
  }

  private void list(Visit visit) {
    BranchesPage page =
        BranchesPage.of(
            branches(visit, "/branches"),
            BranchesPage.Filter.of(visit),
            branches(visit, "/branches?deleted=true"),
            clock.instant());
    Html.send(
        visit.context(),
        OK,
        "branches",
        Map.of("shell", Shell.of(visit, "Branches", "branches"), "page", page));
  }

  private static List<BranchSeen> branches(Visit visit, String path) {
    return Arrays.asList(visit.api().get(path, BranchSeen[].class));
  }

  private static void create(Visit visit) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", visit.field("name").orElse(""));
    String ttl = visit.field("ttl").orElse("");
    if (ttl.isEmpty()) {
      body.put("noExpiry", true);
    } else {
      body.put("ttl", ttl);
    }
    visit.field("from").ifPresent(from -> body.put("from", from));
    if (!visit.who().isEmpty()) {
      body.put("owner", visit.who());
    }
    JsonNode made = visit.api().post("/branches", body);
    visit.goTo("/branches/" + Visit.part(made.path("name").asString("")));
  }

  private void show(Visit visit) throws IOException {
    BranchSeen branch = visit.api().get(api(visit), BranchSeen.class);
    String verdict = visit.asked("verdict").filter(VERDICTS::contains).orElse("");
    // To check one that sleeps would wake it.
    boolean isChecked = !branch.isSuspended() || visit.asked("check").isPresent();
    BranchPage page =
        new BranchPage(
            branch,
            () -> isChecked ? answers(visit, verdict) : new BranchPage.Answers(null, ""),
            verdict,
            clock.instant());
    Html.sendByParts(
        visit.context(),
        "branch",
        Map.of("shell", Shell.of(visit, branch.name(), "branches"), "page", page));
  }

  private static BranchPage.Answers answers(Visit visit, String verdict) {
    try {
      return new BranchPage.Answers(check(visit, verdict, visit.asked("cursor").orElse("")), "");
    } catch (ApiRefusal refusal) {
      return new BranchPage.Answers(null, refusal.sentence());
    }
  }

  private static AnswerSeen.CheckSeen check(Visit visit, String verdict, String cursor) {
    String query =
        "?limit="
            + PAGE_ANSWERS
            + "&when=true"
            + (verdict.isEmpty() ? "" : "&verdict=" + verdict)
            + (cursor.isEmpty() ? "" : "&cursor=" + Visit.part(cursor));
    return visit.api().post(api(visit) + "/check" + query, Map.of(), AnswerSeen.CheckSeen.class);
  }

  private static void changes(Visit visit) {
    Html.send(
        visit.context(),
        OK,
        "changes",
        Map.of(
            "shell",
            Shell.of(visit, "Changes of " + visit.pathPart("name"), "branches"),
            "page",
            ChangesPage.of(visit)));
  }

  private static void units(Visit visit) {
    Html.send(
        visit.context(),
        OK,
        "units",
        Map.of(
            "shell",
            Shell.of(visit, "Units of " + visit.pathPart("name"), "branches"),
            "page",
            UnitsPage.of(visit)));
  }

  private static void receipts(Visit visit) {
    Html.send(
        visit.context(),
        OK,
        "receipts",
        Map.of(
            "shell",
            Shell.of(visit, "Receipts of " + visit.pathPart("name"), "branches"),
            "branch",
            visit.pathPart("name"),
            "receipts",
            Arrays.asList(visit.api().get(api(visit) + "/receipts", ReceiptLine[].class))));
  }

  /** Says what is lost, and asks. */
  private void confirm(Visit visit) {
    String what = visit.asked("what").filter(CONFIRMED::contains).orElse("delete");
    BranchSeen branch = visit.api().get(api(visit), BranchSeen.class);
    long children =
        branches(visit, "/branches").stream()
            .filter(other -> branch.name().equals(other.parent()))
            .count();
    Html.send(
        visit.context(),
        OK,
        "confirm",
        Map.of(
            "shell",
            Shell.of(visit, "Confirm", "branches"),
            "branch",
            branch,
            "what",
            what,
            "pending",
            what.equals("suspend") ? "" : pending(visit),
            "children",
            children));
  }

  /** What of the branch is not on main yet, in words. */
  private static String pending(Visit visit) {
    try {
      Promoted.Units units = visit.api().look(visit.pathPart("name")).units();
      return units.total() == 0
          ? "All of its work is on main, or was dropped."
          : PageTexts.count(units.total(), "unit")
              + " of its work "
              + (units.total() == 1 ? "is" : "are")
              + " not on main.";
    } catch (ApiRefusal refusal) {
      return "What of its work is not on main could not be told: " + refusal.sentence();
    }
  }

  private static void delete(Visit visit) {
    visit.api().delete(api(visit) + (visit.field("cascade").isPresent() ? "?cascade=true" : ""));
    visit.goTo("/");
  }

  private static void reset(Visit visit) {
    then(
        visit,
        "reset",
        visit.field("at").<Map<String, ?>>map(at -> Map.of("at", at)).orElse(Map.of()));
  }

  private static void then(Visit visit, String what, Map<String, ?> body) {
    visit.api().post(api(visit) + "/" + what, body);
    visit.goTo("/branches/" + Visit.part(visit.pathPart("name")));
  }

  private static void overview(Visit visit) {
    Html.send(
        visit.context(),
        OK,
        "overview",
        Map.of(
            "shell",
            Shell.of(visit, "Overview", "overview"),
            "status",
            StatusSection.of(visit.api().get("/status")),
            "history",
            visit.api().get("/status/history", HistorySeen.class)));
  }
}
