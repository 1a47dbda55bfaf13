package dev.anabranch.cli;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code check --watch}: a check, then a line for each answer whose verdict becomes another. */
final class CheckWatch {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  /** As many answers of the first check as a person is shown. */
  private static final int MOST_SHOWN = 50;

  private final Cli cli;
  private final String branch;
  private final boolean json;
  private final List<String> verdicts;
  private final Map<Long, JsonNode> known = new HashMap<>();
  private final List<JsonNode> arrived = new ArrayList<>();
  private volatile int exit = Exit.LOOK; // read by the thread that ends the process
  private boolean ended;

  /**
   * @param verdicts answers that have one of these, or had, are shown; empty: all
   */
  CheckWatch(Cli cli, String branch, boolean json, List<String> verdicts) {
    this.cli = cli;
    this.branch = branch;
    this.json = json;
    this.verdicts = List.copyOf(verdicts);
  }

  /** Returns when the branch has ended; Ctrl-C ends the process, with the code that fits. */
  int run(JsonNode check) {
    show(check);
    Thread interrupted = new Thread(() -> Runtime.getRuntime().halt(exit), "end of a watch");
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      cli.server().events(Commands.branchPath(branch, "verdicts", "stream"), this::take);
    } finally {
      removeHook(interrupted);
    }
    if (!ended) {
      throw new CommandFailure(
          Exit.FAILED, "The server has ended the stream: watch again when it is back.");
    }
    return exit;
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending, and the hook says how
    }
  }

  private void show(JsonNode check) {
    exit = CheckCommand.exit(check.path("counts"));
    check.path("answers").forEach(answer -> known.put(answer.path("id").asLong(), answer));
    JsonNode shown = shown(check);
    if (json) {
      cli.output().json(shown);
      return;
    }
    new CheckText(shown, cli.output().palette()).lines().forEach(cli.output()::line);
    long left =
        check.path("answers").valueStream().filter(answer -> isShown(verdict(answer))).count()
            - shown.path("answers").size();
    if (left > 0) {
      cli.output().line("");
      cli.output()
          .line("… and " + Words.count(left, "more answer") + ": anabranch check " + branch);
    }
    cli.output().line("");
  }

  private JsonNode shown(JsonNode check) {
    ObjectNode cut = ((ObjectNode) check).deepCopy();
    var answers = cut.putArray("answers");
    check
        .path("answers")
        .valueStream()
        .filter(answer -> isShown(verdict(answer)))
        .limit(json ? Long.MAX_VALUE : MOST_SHOWN)
        .forEach(answers::add);
    return cut;
  }

  private boolean isShown(String verdict) {
    return verdicts.isEmpty() || verdicts.contains(verdict);
  }

  private void take(ServerEvent event) {
    switch (event.name()) {
      case "verdict" -> arrived.add(event.data());
      case "asOf" -> {
        exit = CheckCommand.exit(event.data().path("counts"));
        arrived.forEach(answer -> flip(answer, event.data()));
        arrived.clear();
      }
      case "problem" -> cli.output().err().println(event.data().path("detail").asString(""));
      case "end" -> {
        ended = true;
        cli.output()
            .err()
            .println("Nothing more comes: " + event.data().path("reason").asString(""));
      }
      default -> {
        // a later server may tell more
      }
    }
  }

  private void flip(JsonNode answer, JsonNode asOf) {
    JsonNode before = known.put(answer.path("id").asLong(), answer);
    String was = before == null ? "new" : verdict(before);
    boolean differs =
        before == null
            || !was.equals(verdict(answer))
            || !before.path("now").equals(answer.path("now"));
    if (!differs || !(isShown(was) || isShown(verdict(answer)))) {
      return;
    }
    if (json) {
      ObjectNode line = ServerClient.JSON.createObjectNode();
      line.put("at", Instant.now().toString());
      line.put("asOf", asOf.path("asOf").asString());
      line.put("before", before == null ? null : was);
      line.setAll((ObjectNode) answer);
      cli.output().json(line);
    } else {
      cli.output().line(text(was, answer));
    }
  }

  private String text(String was, JsonNode answer) {
    Palette palette = cli.output().palette();
    String verdict = verdict(answer);
    String coloured =
        switch (verdict) {
          case "holds" -> palette.good(verdict);
          case "changed" -> palette.bad(verdict);
          default -> palette.doubtful(verdict);
        };
    boolean rows = "changed".equals(verdict) && !answer.path("was").isEmpty();
    return LocalTime.now(ZoneId.systemDefault()).format(TIME)
        + "  "
        + palette.strong("#" + answer.path("id").asLong())
        + "  "
        + was
        + " → "
        + coloured
        + "   "
        + answer.path("reason").asString("")
        + (rows
            ? "   " + Words.rows(answer.path("was")) + " → " + Words.rows(answer.path("now"))
            : "");
  }

  private static String verdict(JsonNode answer) {
    return answer.path("verdict").asString("");
  }
}
