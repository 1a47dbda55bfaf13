package dev.anabranch.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "  anabranch check alice --format json | jq '.answers[] | select(.verdict != \"holds\")'",
      "",
      "Exit code 3 when any answer changed or is undecided."
    })
final class CheckCommand implements Callable<Integer> {

  @ParentCommand private Cli cli = Commands.unset();
  @Mixin private Format format = new Format();

  @Parameters(paramLabel = "NAME", description = "The branch.")
  private String name = "";

  @Override
  public Integer call() {
    cli.output().progress("checking " + name + " …");
    JsonNode check = cli.server().post(Commands.branchPath(name, "check"), Map.of());
    if (format.isJson()) {
      cli.output().json(check);
    } else {
      new CheckText(check, cli.output().palette()).lines().forEach(cli.output()::line);
    }
    JsonNode counts = check.path("counts");
    boolean allHold =
        counts.path("changed").asLong() == 0 && counts.path("undecided").asLong() == 0;
    return allHold ? Exit.DONE : Exit.LOOK;
  }
}
