package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code anabranch undo RECEIPT}: takes back what a promotion wrote. */
@Command(
    name = "undo",
    description = {
      "Take back what a promotion wrote on main, where main still has it; show the rest as facts."
    },
    footer = {
      "",
      "Examples:",
      "  anabranch receipts alice                   # which promotions there were",
      "  anabranch undo RECEIPT --dry-run           # what would be undone; writes nothing",
      "  anabranch undo RECEIPT                     # undo it",
      "",
      "A unit is undone as a whole or not at all. An undoing has a receipt too: undo that one, and",
      "the work is back.",
      "Exit code 3 when something stays on main. Undoing again undoes nothing twice."
    })
final class UndoCommand implements Callable<Integer> {

  @ParentCommand private Cli cli = Commands.unset();
  @Mixin private Format format = new Format();

  @Parameters(paramLabel = "RECEIPT", description = "The id of what is to be undone.")
  private String id = "";

  @Option(names = "--dry-run", description = "Show what would be undone and write nothing.")
  private boolean dryRun;

  @Option(
      names = "--skip-check",
      paramLabel = "NAME",
      arity = "1..*",
      description = "Leave this check of yours out, this time; the receipt says so.")
  private List<String> skip = new ArrayList<>();

  @Override
  public Integer call() {
    cli.output().progress((dryRun ? "planning to undo " : "undoing ") + id + " …");
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("dryRun", dryRun);
    if (!skip.isEmpty()) {
      body.put("skipChecks", skip);
    }
    JsonNode undoing = cli.server().post(Commands.receiptPath(id) + "/undo", body);
    if (format.isJson()) {
      cli.output().json(undoing);
    } else {
      new UndoText(undoing, dryRun, cli.output().palette()).lines().forEach(cli.output()::line);
    }
    return undoing.path("outcome").asString("").equals("landed") ? Exit.DONE : Exit.LOOK;
  }
}
