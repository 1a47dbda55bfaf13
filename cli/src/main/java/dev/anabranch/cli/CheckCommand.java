package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code anabranch check NAME}: which answers still hold. */
@Command(
    name = "check",
    description = {
      "Say which answers of a branch still hold now that main has moved.",
      "An answer holds when asking again, on main now with the branch's own earlier writes laid"
          + " over it, would give an equal answer."
    },
    footer = {
      "",
      "Examples:",
      "  anabranch check alice",
      "  anabranch check alice --watch                    # and go on: a line for each that flips",
      "  anabranch check alice --verdict changed --limit 20",
      "  anabranch check alice --format json | jq '.answers[] | select(.verdict != \"holds\")'",
      "",
      "Exit code 3 when any answer changed or is undecided; with --watch, by what was known last"
          + " when it is stopped (Ctrl-C)."
    })
final class CheckCommand implements Callable<Integer> {

  /** As many answers as a person is shown who did not say how many. */
  private static final String USUAL_LIMIT = "50";

  @ParentCommand private Cli cli = Commands.unset();
  @Mixin private Format format = new Format();
  @Mixin private Selection selection = new Selection();

  @Parameters(paramLabel = "NAME", description = "The branch.")
  private String name = "";

  @Option(
      names = "--verdict",
      paramLabel = "changed|undecided|holds",
      description =
          "Show only answers with this verdict; may be given more than once. The counts are always"
              + " of all. As text, those that hold are only counted unless they are asked for.")
  private List<String> verdicts = new ArrayList<>();

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      description =
          "How long to wait at most for the feed of main's changes when it is behind, such as 30s"
              + " (default: 2m).")
  private Optional<String> wait = Optional.empty();

  @Option(
      names = "--watch",
      description = "Go on: print a line whenever an answer's verdict becomes another.")
  private boolean watch;

  @Override
  public Integer call() {
    if (watch && selection.isGiven()) {
      throw new CommandFailure(
          Exit.USAGE, "--watch tells of all answers: leave --limit and --cursor out.");
    }
    cli.output().progress("checking " + name + " …");
    return watch
        ? new CheckWatch(cli, name, format.isJson(), shown()).run(check(List.of()))
        : show(check(wanted()));
  }

  private JsonNode check(List<String> parameters) {
    List<String> all = new ArrayList<>(parameters);
    wait.ifPresent(time -> all.add(Selection.parameter("wait", time)));
    return cli.server().post(Selection.path(Commands.branchPath(name, "check"), all), Map.of());
  }

  private List<String> wanted() {
    List<String> parameters = new ArrayList<>();
    shown().forEach(verdict -> parameters.add(Selection.parameter("verdict", verdict)));
    parameters.addAll(
        selection.parameters(format.isJson() ? Optional.empty() : Optional.of(USUAL_LIMIT)));
    return parameters;
  }

  private List<String> shown() {
    return verdicts.isEmpty() && !format.isJson() ? List.of("changed", "undecided") : verdicts;
  }

  private int show(JsonNode check) {
    if (format.isJson()) {
      cli.output().json(check);
    } else {
      new CheckText(check, cli.output().palette()).lines().forEach(cli.output()::line);
      more(check);
    }
    return exit(check.path("counts"));
  }

  private void more(JsonNode check) {
    JsonNode next = check.path("nextCursor");
    if (next.isMissingNode()) {
      return;
    }
    StringBuilder command = new StringBuilder("anabranch check ").append(name);
    verdicts.forEach(verdict -> command.append(" --verdict ").append(verdict));
    long left =
        shown().stream().mapToLong(verdict -> check.path("counts").path(verdict).asLong()).sum()
            - check.path("answers").size();
    cli.output().line("");
    cli.output()
        .line(
            (selection.isFirstPage() ? "… and " + Words.count(left, "more answer") : "… and more")
                + ": "
                + selection.next(command.toString(), next.asString()));
  }

  static int exit(JsonNode counts) {
    return counts.path("changed").asLong() == 0 && counts.path("undecided").asLong() == 0
        ? Exit.DONE
        : Exit.LOOK;
  }
}
