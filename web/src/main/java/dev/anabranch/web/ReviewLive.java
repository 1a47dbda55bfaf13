package dev.anabranch.web;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells an open review when main has moved in a way that makes it another, as server-sent events
 * with a piece of HTML. The API's stream of verdicts says when main moves, and a look at the facts
 * says whether that matters.
 */
final class ReviewLive {

  /** Main may move many times a second, and a look is not free. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  /** It is landed, undone or reset at this moment. */
  private static final String BUSY = "AB-108";

  private final Visit visit;
  private final String branch;
  private final String plan;
  private final ServletOutputStream out;
  private Optional<Map<String, String>> shown = Optional.empty();

  /** The plan that the page was told of last, or that it is busy. */
  private String told;

  private boolean hasMoved = true;
  private long lookedAt = System.nanoTime() - BETWEEN_LOOKS.toNanos();

  private ReviewLive(Visit visit, ServletOutputStream out) {
    this.visit = visit;
    this.branch = visit.pathPart("name");
    this.plan = visit.asked("plan").orElse("");
    this.told = plan;
    this.out = out;
  }

  /** Returns when the page is closed, the branch is no more, or the server ends. */
  static void send(Visit visit) throws IOException {
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
      new ReviewLive(visit, response.getOutputStream()).follow(events);
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
        hasMoved = true;
      } else if (line.startsWith("data:") && event.equals("end")) {
        String reason =
            ApiCalls.JSON.readTree(line.substring("data:".length())).path("reason").asString("");
        tell(Html.fragment("ended", Map.of("reason", reason)));
        write("event: ended\ndata: " + branch + "\n\n");
        return;
      }
      lookWhenDue();
    }
  }

  private void lookWhenDue() throws IOException {
    if (!hasMoved || System.nanoTime() - lookedAt < BETWEEN_LOOKS.toNanos()) {
      return;
    }
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
    Map<String, String> facts = new HashMap<>();
    now.facts().forEach(fact -> facts.put(fact.id(), fact.state() + fact.isOpen()));
    if (now.plan().equals(plan)) {
      shown = Optional.of(facts);
    }
    if (now.plan().equals(told)) {
      return;
    }
    told = now.plan();
    tell(
        now.plan().equals(plan)
            ? ""
            : Html.fragment(
                "moved",
                Map.of("branch", branch, "work", now, "facts", FactsMoved.between(shown, facts))));
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
