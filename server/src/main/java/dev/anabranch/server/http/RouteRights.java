package dev.anabranch.server.http;

import static java.util.Map.entry;

import dev.anabranch.server.access.Right;
import java.util.Map;

/**
 * What right each route takes. What it takes beside that depends on the request, and is asked by
 * its handler: that a branch is one's own, that it is only a dry run.
 */
final class RouteRights {

  private static final String BRANCHES = "/api/v1/branches";
  private static final String BRANCH = BRANCHES + "/{name}";

  static final Map<String, Right> ALL =
      Map.ofEntries(
          entry("POST " + BRANCHES, Right.AUTHOR),
          entry("GET " + BRANCHES, Right.READ),
          entry("GET " + BRANCH, Right.READ),
          entry("DELETE " + BRANCH, Right.AUTHOR),
          entry("POST " + BRANCH + "/undelete", Right.AUTHOR),
          entry("POST " + BRANCH + "/rename", Right.AUTHOR),
          entry("POST " + BRANCH + "/protect", Right.AUTHOR),
          entry("POST " + BRANCH + "/unprotect", Right.AUTHOR),
          entry("POST " + BRANCH + "/new-password", Right.AUTHOR),
          entry("POST " + BRANCH + "/suspend", Right.AUTHOR),
          entry("POST " + BRANCH + "/resume", Right.AUTHOR),
          entry("POST " + BRANCH + "/reset", Right.AUTHOR),
          entry("POST " + BRANCH + "/restore", Right.AUTHOR),
          entry("POST " + BRANCH + "/sync", Right.AUTHOR),
          entry("GET " + BRANCH + "/answers", Right.READ),
          entry("POST " + BRANCH + "/check", Right.READ),
          entry("GET " + BRANCH + "/diff", Right.READ),
          entry("GET " + BRANCH + "/verdicts/stream", Right.READ),
          entry("POST " + BRANCH + "/promote", Right.READ),
          entry("GET " + BRANCH + "/facts", Right.READ),
          entry("GET " + BRANCH + "/units", Right.READ),
          entry("GET " + BRANCH + "/work", Right.READ),
          entry("GET " + BRANCH + "/receipts", Right.READ),
          entry("GET /api/v1/receipts/{id}", Right.READ),
          entry("POST /api/v1/receipts/{id}/undo", Right.READ),
          entry("GET /api/v1/promotions/{id}", Right.READ),
          entry("GET /api/v1/checks", Right.READ),
          entry("POST /api/v1/checks", Right.LAND),
          entry("GET /api/v1/checks/{name}", Right.READ),
          entry("DELETE /api/v1/checks/{name}", Right.LAND),
          entry("POST /api/v1/compare", Right.READ),
          entry("GET /api/v1/rules", Right.READ),
          entry("POST /api/v1/rules", Right.LAND),
          entry("DELETE /api/v1/rules/{column}", Right.LAND),
          entry("GET /api/v1/rules/inferred", Right.READ),
          entry("GET /api/v1/main", Right.ADMIN),
          entry("POST /api/v1/main/release", Right.ADMIN),
          entry("POST /api/v1/main/unwatch", Right.ADMIN),
          entry("POST /api/v1/main/watch", Right.ADMIN),
          entry("GET /api/v1/webhooks", Right.ADMIN),
          entry("POST /api/v1/webhooks", Right.ADMIN),
          entry("DELETE /api/v1/webhooks/{id}", Right.ADMIN),
          entry("GET /api/v1/tokens", Right.ADMIN),
          entry("POST /api/v1/tokens", Right.ADMIN),
          entry("DELETE /api/v1/tokens/{id}", Right.ADMIN),
          entry("GET /api/v1/status", Right.READ),
          entry("GET /api/v1/status/history", Right.READ),
          entry("GET /api/v1/openapi.json", Right.READ),
          entry("GET /metrics", Right.READ));

  private RouteRights() {}

  /** A route that is forgotten here is an admin's. */
  static Right of(String route) {
    return ALL.getOrDefault(route, Right.ADMIN);
  }
}
