package dev.anabranch.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code anabranch branch sync NAME}: a branch moves onto main as it is now. */
@Command(
    name = "sync",
    description = {
      "Move a branch onto main as it is now, with its work and the answers that hold there. Name"
          + " and URL stay. All or nothing: where something is to be decided first, nothing is"
          + " changed."
    },
    footer = {
      "",
      "Examples:",
      "  anabranch branch sync alice --dry-run      # what would come along; changes nothing",
      "  anabranch branch sync alice",
      "  anabranch branch sync alice --accept 17    # answer 17 may stay behind",
      "  anabranch branch sync alice --decide 3fa9c1d2e4=drop",
      "",
      "A sync carries no decision by main, value or rerun.",
      "Exit code 3 when something has to be decided first."
    })
final class SyncCommand implements Callable<Integer> {

  @ParentCommand private BranchCommand parent = Commands.unset();
  @Mixin private Format format = new Format();
  @Mixin private DecisionOptions decisions = new DecisionOptions();

  @Parameters(paramLabel = "NAME", description = "The branch.")
  private String name = "";

  @Option(names = "--dry-run", description = "Say what would come along and change nothing.")
  private boolean dryRun;

  @Override
  public Integer call() {
    Output output = parent.cli().output();
    output.progress(
        (dryRun ? "looking at what a sync of " + name + " does" : "syncing " + name) + " …");
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("dryRun", dryRun);
    decisions.putInto(body);
    JsonNode synced = parent.cli().server().post(Commands.branchPath(name, "sync"), body);
    if (format.isJson()) {
      output.json(synced);
    } else {
      new SyncText(synced, output.palette()).lines().forEach(output::line);
    }
    return synced.path("outcome").asString("").equals("synced") ? Exit.DONE : Exit.LOOK;
  }
}
