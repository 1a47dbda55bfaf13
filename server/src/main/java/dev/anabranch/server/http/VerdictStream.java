package dev.anabranch.server.http;

import dev.anabranch.predicate.CheckReport;
import dev.anabranch.server.http.ApiJson.CountsView;
import dev.anabranch.server.http.ApiJson.JudgedView;
import dev.anabranch.server.http.ApiJson.ProblemView;
import dev.anabranch.server.watch.Listener;
import dev.anabranch.server.watch.News;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The verdicts on a branch as server-sent events, on the thread of the request: who reads slowly
 * keeps nobody else waiting.
 *
 * <pre>
 * verdict  an answer, as in a check; all of them first, then those that are others than before
 * asOf     after them: what they, and all that were not sent again, are true as of
 * problem  no check could be made for a while; it is tried again
 * end      the branch is no more
 * </pre>
 */
final class VerdictStream {

  /** A silent stream is taken for dead by what lies between, and a dead client is not noticed. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final SseClient client;

  private VerdictStream(SseClient client) {
    this.client = client;
  }

  /** Returns when the client or the branch has gone, or the server ends. */
  static void send(Context context, Listener listener) throws IOException {
    HttpServletResponse response = context.res();
    response.setContentType("text/event-stream");
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    response.setHeader("Cache-Control", "no-cache");
    response.setHeader("X-Accel-Buffering", "no"); // proxies would keep events back
    response.flushBuffer();
    new VerdictStream(new SseClient(context)).send(listener);
  }

  private void send(Listener listener) {
    try {
      boolean going = true;
      while (going && !client.terminated()) {
        News news = listener.next(HEARTBEAT).orElse(null);
        going = news == null ? beat() : tell(news);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends
    }
  }

  private boolean beat() {
    client.sendComment("still here");
    return true;
  }

  /** Whether more may come. */
  private boolean tell(News news) {
    return switch (news) {
      case News.Whole(CheckReport report) ->
          verdicts(
              report.verdicts(),
              Map.of("asOf", report.asOf().toString(), "counts", counts(report.counts())));
      case News.Flips flips ->
          verdicts(
              flips.judged(),
              Map.of("asOf", flips.asOf().toString(), "counts", counts(flips.counts())));
      case News.Failed failed -> event("problem", ProblemView.of(failed.why()));
      case News.Ended ended -> {
        event("end", Map.of("reason", ended.why()));
        yield false;
      }
      case News.Silence silence -> false;
    };
  }

  private static CountsView counts(CheckReport.Counts counts) {
    return CountsView.of(counts);
  }

  private boolean verdicts(List<CheckReport.Judged> judged, Map<String, Object> asOf) {
    for (CheckReport.Judged one : judged) {
      if (client.terminated()) {
        return false;
      }
      event("verdict", JudgedView.of(one));
    }
    return event("asOf", asOf);
  }

  private boolean event(String name, Object view) {
    client.sendEvent(name, ApiJson.json(view));
    return !client.terminated();
  }
}
