package dev.anabranch.web;

import io.javalin.config.RoutesConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What came of promotions, and taking them back. */
final class ReceiptPages {

  private static final int OK = 200;
  private static final int CONFLICT = 409;

  /** It is another undoing than the one that was shown. */
  private static final String ANOTHER = "AB-674";

  private static final String PATH = "/receipts/{id}";

  void addTo(Pages pages, RoutesConfig routes) {
    routes.get(PATH, pages.page(ReceiptPages::show));
    routes.post(PATH + "/undo-preview", pages.page(ReceiptPages::preview));
    routes.post(PATH + "/undo", pages.page(ReceiptPages::undo));
    for (String form : List.of("/undo", "/undo-preview")) {
      routes.get(PATH + form, pages.page(visit -> visit.goTo(api(visit))));
    }
  }

  private static String api(Visit visit) {
    return "/receipts/" + Visit.part(visit.pathPart("id"));
  }

  private static void show(Visit visit) {
    ReceiptSeen receipt = visit.api().get(api(visit), ReceiptSeen.class);
    JsonNode listed = listed(visit, receipt);
    Html.send(
        visit.context(),
        OK,
        "receipt",
        Map.of(
            "shell",
            Shell.of(visit, "Receipt of " + receipt.branch(), "branches"),
            "receipt",
            receipt,
            "undoneBy",
            undoneBy(listed, receipt),
            "earlier",
            listed.path("earlier").asBoolean(false)));
  }

  /** A receipt among those of its branch, with what came of it since. */
  private static JsonNode listed(Visit visit, ReceiptSeen receipt) {
    for (JsonNode one :
        visit.api().get("/branches/" + Visit.part(receipt.branch()) + "/receipts")) {
      if (one.path("id").asString("").equals(receipt.id())) {
        return one;
      }
    }
    return ApiCalls.JSON.createObjectNode();
  }

  /** The undoings of a receipt, the last one last. */
  private static List<String> undoneBy(JsonNode listed, ReceiptSeen receipt) {
    List<String> undoings = new ArrayList<>();
    if (receipt.canBeUndone()) {
      listed.path("undoneBy").forEach(by -> undoings.add(by.asString("")));
    }
    return undoings;
  }

  private static void preview(Visit visit) {
    preview(visit, OK, "");
  }

  private static void preview(Visit visit, int status, String notice) {
    Promoted undoing = undo(visit, Map.of("dryRun", true));
    Html.send(
        visit.context(),
        status,
        "undo",
        Map.of(
            "shell",
            Shell.of(visit, "Undo a promotion of " + undoing.branch(), "branches"),
            "id",
            visit.pathPart("id"),
            "undoing",
            undoing,
            "notice",
            notice));
  }

  private static Promoted undo(Visit visit, Map<String, ?> body) {
    String branch = visit.api().get(api(visit), ReceiptSeen.class).branch();
    return visit.api().undo(branch, visit.pathPart("id"), body);
  }

  /** Undoes what was shown, or shows what it would be now. */
  private static void undo(Visit visit) {
    try {
      Promoted undoing =
          undo(visit, Map.of("dryRun", false, "plan", visit.field("plan").orElse("")));
      visit.goTo("/receipts/" + Visit.part(undoing.receipt()));
    } catch (ApiRefusal refusal) {
      if (!refusal.code().equals(ANOTHER)) {
        throw refusal;
      }
      preview(
          visit,
          CONFLICT,
          "Nothing was undone: it would be another undoing by now than the one that you looked at."
              + " This is what it would be.");
    }
  }
}
