package dev.anabranch.web;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Tells an open review when main has moved in a way that makes it another, as server-sent events
 * with a piece of HTML. The API's stream of verdicts says when main moves, and a look at the facts
 * says whether that matters.
 */
final class ReviewLive {

  /** Main may move many times a second, and a look is not free. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  private static final int HEX = 16;
  private static final int HALF = 32;

  /** It is landed, undone or reset at this moment. */
  private static final String BUSY = "AB-108";

  private final Visit visit;
  private final String branch;
  private final String plan;
  private final ServletOutputStream out;
  private final Optional<Map<String, String>> shown;

  /** What the page is true as of; what main did before is in it. */
  private final long asOf;

  /** The plan that the page was told of last, or that it is busy. */
  private String told;

  private boolean hasBegun;
  private boolean hasMoved;
  private long lookedAt = System.nanoTime() - BETWEEN_LOOKS.toNanos();

  private ReviewLive(Visit visit, Optional<Map<String, String>> shown, ServletOutputStream out) {
    this.visit = visit;
    this.branch = visit.pathPart("name");
    this.plan = visit.asked("plan").orElse("");
    this.shown = shown;
    this.asOf = position(visit.asked("asOf").orElse(""));
    this.told = plan;
    this.out = out;
  }

  /** Returns when the page is closed, the branch is no more, or the server ends. */
  static void send(Visit visit, ReviewsShown shown) throws IOException {
    String stream = "/branches/" + Visit.part(visit.pathPart("name")) + "/verdicts/stream";
    try (BufferedReader events =
        new BufferedReader(
            new InputStreamReader(visit.api().open(stream), StandardCharsets.UTF_8))) {
      HttpServletResponse response = visit.context().res();
      response.setContentType("text/event-stream");
      response.setCharacterEncoding(StandardCharsets.UTF_8.name());
      response.setHeader("Cache-Control", "no-cache");
      response.setHeader("X-Accel-Buffering", "no");
      response.flushBuffer();
      new ReviewLive(visit, shown.of(visit.asked("plan").orElse("")), response.getOutputStream())
          .follow(events);
    }
  }

  private void follow(BufferedReader events) throws IOException {
    String event = "";
    for (String line = events.readLine(); line != null; line = events.readLine()) {
      if (line.startsWith("event:")) {
        event = line.substring("event:".length()).strip();
      } else if (line.startsWith(":")) {
        write(": still here\n\n"); // else a page that was closed is not noticed
      } else if (line.startsWith("data:") && event.equals("asOf")) {
        // The first only says where it begins; the branch may move while main does not.
        hasMoved |= hasBegun || position(data(line).path("asOf").asString("")) > asOf;
        hasBegun = true;
      } else if (line.startsWith("data:") && event.equals("end")) {
        String reason = data(line).path("reason").asString("");
        tell(Html.fragment("ended", Map.of("reason", reason)));
        write("event: ended\ndata: " + branch + "\n\n");
        return;
      }
      lookWhenDue();
    }
  }

  private static JsonNode data(String line) {
    return ApiCalls.JSON.readTree(line.substring("data:".length()));
  }

  /** An LSN as a number; what is none comes before all. */
  private static long position(String lsn) {
    int slash = lsn.indexOf('/');
    try {
      return slash < 0
          ? 0
          : (Long.parseLong(lsn.substring(0, slash), HEX) << HALF)
              | Long.parseLong(lsn.substring(slash + 1), HEX);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void lookWhenDue() throws IOException {
    if (!hasMoved || System.nanoTime() - lookedAt < BETWEEN_LOOKS.toNanos()) {
      return;
    }
    // A look is not free: who has left is noticed at the second word to them.
    write(": looking\n\n");
    write(": still here\n\n");
    lookedAt = System.nanoTime();
    try {
      Promoted now = visit.api().look(branch);
      hasMoved = false;
      compare(now);
    } catch (ApiRefusal refusal) {
      hasMoved = true; // the next event looks again
      if (refusal.code().equals(BUSY) && !told.equals(BUSY)) {
        told = BUSY;
        tell(Html.fragment("landing", Map.of()));
      }
    }
  }

  private void compare(Promoted now) throws IOException {
    if (now.plan().equals(told)) {
      return;
    }
    told = now.plan();
    tell(
        now.plan().equals(plan)
            ? ""
            : Html.fragment(
                "moved",
                Map.of(
                    "branch",
                    branch,
                    "work",
                    now,
                    "facts",
                    FactsMoved.between(shown, ReviewsShown.states(now)))));
  }

  /** An event of several lines has a field for each. */
  private void tell(String html) throws IOException {
    write(
        "event: moved\ndata: " + html.strip().replace("\r", "").replace("\n", "\ndata: ") + "\n\n");
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    visit.context().res().flushBuffer();
  }
}
