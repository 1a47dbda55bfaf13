package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code anabranch facts NAME}: what there is to decide. */
@Command(
    name = "facts",
    description = {
      "Show what a promotion of a branch could not decide by itself, and what was decided; writes"
          + " nothing.",
    },
    footer = {
      "",
      "Examples:",
      "  anabranch facts alice",
      "  anabranch facts alice --format json | jq '.facts[] | select(.decided == null)'",
      "",
      "Exit code 3 when something is open."
    })
final class FactsCommand implements Callable<Integer> {

  @ParentCommand private Cli cli = Commands.unset();
  @Mixin private Format format = new Format();

  @Parameters(paramLabel = "NAME", description = "The branch.")
  private String name = "";

  @Override
  public Integer call() {
    cli.output().progress("looking at what there is to decide of " + name + " …");
    JsonNode facts =
        cli.server().awake(name, () -> cli.server().get(Commands.branchPath(name, "facts")));
    if (format.isJson()) {
      cli.output().json(facts);
    } else {
      lines(facts).forEach(cli.output()::line);
    }
    return facts.path("open").asInt() == 0 ? Exit.DONE : Exit.LOOK;
  }

  private List<String> lines(JsonNode facts) {
    Palette palette = cli.output().palette();
    List<String> lines = new ArrayList<>();
    int open = facts.path("open").asInt();
    int decided = facts.path("facts").size() - open;
    lines.add(
        palette.strong(name)
            + ": "
            + (open == 0 ? "nothing to decide" : Words.count(open, "fact") + " to decide")
            + (decided == 0 ? "" : ", " + decided + " decided"));
    lines.add(palette.dim("  as of " + facts.path("asOf").asString("")));
    FactText text = new FactText(name, palette);
    TaskText tasks = new TaskText(name, palette);
    byTask(facts.path("facts"))
        .forEach((id, own) -> {
          Optional<JsonNode> task =
              facts.path("tasks").valueStream().filter(known -> isOf(known, id)).findFirst();
          lines.add("");
          lines.add(task.map(tasks::headline).orElse(palette.strong("not of one task")));
          own.forEach(fact -> text.lines(fact).forEach(line -> lines.add("  " + line)));
          boolean mayAccept = own.stream().anyMatch(FactsCommand::mayBeAccepted);
          task.ifPresent(
              known -> tasks.commands(known, mayAccept).forEach(line -> lines.add("  " + line)));
        });
    return lines;
  }

  private static boolean isOf(JsonNode task, String id) {
    return !id.isEmpty() && task.path("id").asString("").equals(id);
  }

  private static boolean mayBeAccepted(JsonNode fact) {
    return !fact.path("decided").isObject()
        && fact.path("choices")
            .valueStream()
            .anyMatch(choice -> choice.asString().equals("accept"));
  }

  /** Under no name, what holds work of several. */
  private static Map<String, List<JsonNode>> byTask(JsonNode facts) {
    Map<String, List<JsonNode>> byTask = new LinkedHashMap<>();
    for (JsonNode fact : facts) {
      JsonNode tasks = fact.path("taskIds");
      String task = tasks.size() == 1 ? tasks.get(0).asString() : "";
      byTask.computeIfAbsent(task, _ -> new ArrayList<>()).add(fact);
    }
    return byTask;
  }
}
