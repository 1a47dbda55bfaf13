package dev.anabranch.trials.drive;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The stream of a branch's verdicts, as a client that reads each event. */
public final class EventStream implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** An event's name and data. */
  public record Event(String name, JsonNode data) {}

  /** The answers that came before a position, and that. */
  public record State(List<JsonNode> answers, JsonNode asOf) {

    /** The one with this id, which must be among them. */
    public JsonNode answer(long id) {
      return answers.stream()
          .filter(answer -> answer.get("id").asLong() == id)
          .findFirst()
          .orElseThrow(() -> new AssertionError("no answer " + id + " in " + answers));
    }
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final Stream<String> body;
  private final Iterator<String> lines;

  /** Opens it; what comes first is every answer's verdict. */
  public EventStream(Product product, String branch) throws IOException, InterruptedException {
    HttpResponse<Stream<String>> response =
        client.send(
            product.request("/api/v1/branches/" + branch + "/verdicts/stream").build(),
            BodyHandlers.ofLines());
    this.body = response.body();
    this.lines = body.iterator();
  }

  /** Waits for the next event; comments are passed over. */
  public Event next() {
    String line = lines.next();
    while (!line.startsWith("event: ")) {
      line = lines.next();
    }
    String data = lines.next();
    return new Event(
        line.substring("event: ".length()), JSON.readTree(data.substring("data: ".length())));
  }

  /** Waits for the next position at which answers are told. */
  public State nextState() {
    List<JsonNode> answers = new ArrayList<>();
    while (true) {
      Event event = next();
      switch (event.name()) {
        case "verdict" -> answers.add(event.data());
        case "asOf" -> {
          if (!answers.isEmpty()) {
            return new State(answers, event.data());
          }
        }
        default -> throw new AssertionError("not expected: " + event);
      }
    }
  }

  /** Whether the server has ended it. */
  public boolean isOver() {
    return !lines.hasNext() || (lines.next().isEmpty() && !lines.hasNext());
  }

  @Override
  public void close() {
    body.close();
    client.shutdownNow();
  }
}
