package dev.anabranch.web;

import io.javalin.config.RoutesConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What came of promotions, and taking them back. */
final class ReceiptPages {

  private static final int OK = 200;
  private static final String PATH = "/receipts/{id}";

  void addTo(Pages pages, RoutesConfig routes) {
    routes.get(PATH, pages.page(ReceiptPages::show));
    routes.post(PATH + "/undo-preview", pages.page(ReceiptPages::preview));
    routes.post(PATH + "/undo", pages.page(ReceiptPages::undo));
  }

  private static String api(Visit visit) {
    return "/receipts/" + Visit.part(visit.pathPart("id"));
  }

  private static void show(Visit visit) {
    ReceiptSeen receipt = visit.api().get(api(visit), ReceiptSeen.class);
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
            undoneBy(visit, receipt)));
  }

  /** The undoings of a receipt, the last one last. */
  private static List<String> undoneBy(Visit visit, ReceiptSeen receipt) {
    List<String> undoings = new ArrayList<>();
    if (receipt.canBeUndone()) {
      for (JsonNode one :
          visit.api().get("/branches/" + Visit.part(receipt.branch()) + "/receipts")) {
        if (one.path("id").asString("").equals(receipt.id())) {
          one.path("undoneBy").forEach(by -> undoings.add(by.asString("")));
        }
      }
    }
    return undoings;
  }

  private static void preview(Visit visit) {
    Promoted undoing = undo(visit, true);
    Html.send(
        visit.context(),
        OK,
        "undo",
        Map.of(
            "shell",
            Shell.of(visit, "Undo a promotion of " + undoing.branch(), "branches"),
            "id",
            visit.pathPart("id"),
            "undoing",
            undoing));
  }

  private static Promoted undo(Visit visit, boolean dryRun) {
    String branch = visit.api().get(api(visit), ReceiptSeen.class).branch();
    return visit.api().undo(branch, visit.pathPart("id"), dryRun);
  }

  private static void undo(Visit visit) {
    Promoted undoing = undo(visit, false);
    visit.goTo("/receipts/" + Visit.part(undoing.receipt()));
  }
}
