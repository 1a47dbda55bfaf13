package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
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
      "Exit code 3 when something has to be decided first."
    })
final class SyncCommand implements Callable<Integer> {

  @ParentCommand private BranchCommand parent = Commands.unset();
  @Mixin private Format format = new Format();

  @Parameters(paramLabel = "NAME", description = "The branch.")
  private String name = "";

  @Option(names = "--dry-run", description = "Say what would come along and change nothing.")
  private boolean dryRun;

  @Option(
      names = "--accept",
      paramLabel = "ANSWER_ID",
      arity = "1..*",
      description = "Carry work over although these answers changed, or stay behind.")
  private List<Long> accept = new ArrayList<>();

  @Option(
      names = "--decide",
      paramLabel = "FACT=CHOICE",
      arity = "1..*",
      description = {
        "Say what becomes of a fact, from now on: accept (an answer's change is fine), drop (its"
            + " units stay behind for good) or branch (the branch's row is right)."
      })
  private List<String> decide = new ArrayList<>();

  @Option(names = "--why", paramLabel = "TEXT", description = "Why it is decided so; kept.")
  private Optional<String> why = Optional.empty();

  @Override
  public Integer call() {
    Output output = parent.cli().output();
    output.progress(
        (dryRun ? "looking at what a sync of " + name + " does" : "syncing " + name) + " …");
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("dryRun", dryRun);
    body.put("accept", accept);
    if (!decide.isEmpty()) {
      body.put("decide", decide.stream().map(Decide::read).toList());
      body.put("who", System.getProperty("user.name", ""));
    }
    why.ifPresent(words -> body.put("why", words));
    JsonNode synced = parent.cli().server().post(Commands.branchPath(name, "sync"), body);
    if (format.isJson()) {
      output.json(synced);
    } else {
      new SyncText(synced, output.palette()).lines().forEach(output::line);
    }
    return synced.path("outcome").asString("").equals("synced") ? Exit.DONE : Exit.LOOK;
  }
}
