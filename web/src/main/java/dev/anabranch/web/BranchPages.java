package dev.anabranch.web;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Branches: all of them, one, and what can be done with one. */
final class BranchPages {

  private static final int OK = 200;
  private static final int CONFLICT = 409;

  /** The branch is not as it was when it was asked back. */
  private static final String WORK_ANOTHER = "AB-676";

  /** It can't be synced, or not while main and the branch move. */
  private static final Set<String> SYNC_REFUSED = Set.of("AB-652", "AB-653");

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
    routes.post(PATH + "/delete", pages.page(this::delete));
    routes.post(PATH + "/undelete", pages.page(visit -> then(visit, "undelete", Map.of())));
    routes.post(PATH + "/suspend", pages.page(visit -> then(visit, "suspend", Map.of())));
    routes.post(PATH + "/resume", pages.page(BranchPages::resume));
    routes.post(PATH + "/reset", pages.page(this::reset));
    routes.post(PATH + "/sync", pages.page(BranchPages::sync));
    for (String form : List.of("delete", "undelete", "suspend", "resume", "reset", "sync")) {
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
    boolean isChecked = !branch.isSuspended();
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
      return new BranchPage.Answers(null, PageSentence.of(refusal.sentence()));
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
    if (visit.asked("what").filter("sync"::equals).isPresent()) {
      askToSync(visit, OK, "");
      return;
    }
    ask(visit, OK, visit.asked("what").filter(CONFIRMED::contains).orElse("delete"), "");
  }

  private void ask(Visit visit, int status, String what, String notice) {
    BranchSeen branch = visit.api().get(api(visit), BranchSeen.class);
    long children =
        branches(visit, "/branches").stream()
            .filter(other -> branch.name().equals(other.parent()))
            .count();
    Html.send(
        visit.context(),
        status,
        "confirm",
        Map.of(
            "shell",
            Shell.of(visit, "Confirm", "branches"),
            "branch",
            branch,
            "what",
            what,
            "work",
            visit.api().get(api(visit) + "/work", WorkSeen.class),
            "children",
            children,
            "notice",
            notice));
  }

  /** Nothing was done: what would be lost is shown as it is now. */
  private void askAgain(Visit visit, String what) {
    BranchSeen branch = visit.api().get(api(visit), BranchSeen.class);
    String seen = visit.field("forked").orElse("");
    String then = visit.field("lost").orElse("");
    boolean isAnother = !seen.equals(branch.forkTime().toString());
    ask(
        visit,
        CONFLICT,
        what,
        "Nothing was done. "
            + (isAnother
                ? "It is another branch of that name by now, forked at "
                    + PageTexts.time(branch.forkTime())
                    + "."
                : "It has other work by now than when you were asked"
                    + (then.isEmpty() ? "." : "; then it was said: “" + then + "”"))
            + " This is what would be lost now.");
  }

  private void delete(Visit visit) {
    String query =
        "?work="
            + Visit.part(visit.field("work").orElse(""))
            + (visit.field("cascade").isPresent() ? "&cascade=true" : "");
    try {
      visit.api().delete(api(visit) + query);
      visit.goTo("/");
    } catch (ApiRefusal refusal) {
      requireAnother(refusal);
      askAgain(visit, "delete");
    }
  }

  private void reset(Visit visit) {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("work", visit.field("work").orElse(""));
    visit.field("at").ifPresent(at -> body.put("at", at));
    try {
      then(visit, "reset", body);
    } catch (ApiRefusal refusal) {
      requireAnother(refusal);
      askAgain(visit, "reset");
    }
  }

  /** Says what would stay behind, or why it can't be done. */
  private static void askToSync(Visit visit, int status, String notice) {
    Map<String, Object> model = new HashMap<>();
    model.put("shell", Shell.of(visit, "Confirm", "branches"));
    model.put("branch", visit.api().get(api(visit), BranchSeen.class));
    try {
      model.put(
          "sync", visit.api().post(api(visit) + "/sync", Map.of("dryRun", true), SyncSeen.class));
      model.put("notice", notice);
    } catch (ApiRefusal refusal) {
      requireOf(refusal, SYNC_REFUSED);
      model.put("sync", null);
      model.put("notice", PageSentence.of(refusal.sentence()));
    }
    Html.send(visit.context(), status, "sync", model);
  }

  private static void sync(Visit visit) {
    try {
      SyncSeen done = visit.api().post(api(visit) + "/sync", Map.of(), SyncSeen.class);
      if (done.isHeld()) {
        askToSync(visit, CONFLICT, "Nothing was done: main, or the branch, is another by now.");
      } else {
        visit.goTo("/branches/" + Visit.part(visit.pathPart("name")));
      }
    } catch (ApiRefusal refusal) {
      requireOf(refusal, SYNC_REFUSED);
      askToSync(visit, CONFLICT, PageSentence.of(refusal.sentence()));
    }
  }

  private static void requireAnother(ApiRefusal refusal) {
    requireOf(refusal, Set.of(WORK_ANOTHER));
  }

  private static void requireOf(ApiRefusal refusal, Set<String> codes) {
    if (!codes.contains(refusal.code())) {
      throw refusal;
    }
  }

  private static void resume(Visit visit) {
    visit.api().wake(visit.pathPart("name"));
    visit.goTo(visit.field("next").map(Visit::local).orElse(api(visit)));
  }

  /** What only looks wakes nobody: whoever wants to see more says so. */
  static void asleep(Visit visit) {
    Html.send(
        visit.context(),
        CONFLICT,
        "asleep",
        Map.of(
            "shell",
            Shell.of(visit, visit.pathPart("name") + " sleeps", "branches"),
            "branch",
            visit.pathPart("name")));
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
