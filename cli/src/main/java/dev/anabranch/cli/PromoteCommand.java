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

/** {@code anabranch promote NAME}: folds a branch's work back into main. */
@Command(
    name = "promote",
    description = {
      "Land the work of a branch that rests only on answers that still hold; show the rest as facts"
          + " to decide."
    },
    footer = {
      "",
      "Examples:",
      "  anabranch promote alice --dry-run          # the plan; writes nothing",
      "  anabranch promote alice                    # land what can land",
      "  anabranch promote alice --accept 17        # answer 17 changed, and that is fine",
      "",
      "Exit code 3 when something is held, in doubt or was refused. Promoting again lands nothing"
          + " twice."
    })
final class PromoteCommand implements Callable<Integer> {

  @ParentCommand private Cli cli = Commands.unset();
  @Mixin private Format format = new Format();

  @Parameters(paramLabel = "NAME", description = "The branch.")
  private String name = "";

  @Option(names = "--dry-run", description = "Show the plan and write nothing.")
  private boolean dryRun;

  @Option(
      names = "--strict",
      description =
          "Lock what the answers read, so that no write can slip between check and commit.")
  private boolean strict;

  @Option(
      names = "--accept",
      paramLabel = "ANSWER_ID",
      arity = "1..*",
      description = "Let work rest on these answers although they changed or are undecided.")
  private List<Long> accept = new ArrayList<>();

  @Override
  public Integer call() {
    cli.output().progress((dryRun ? "planning the promotion of " : "promoting ") + name + " …");
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("dryRun", dryRun);
    body.put("strict", strict);
    body.put("accept", accept);
    JsonNode promotion = cli.server().post(Commands.branchPath(name, "promote"), body);
    if (format.isJson()) {
      cli.output().json(promotion);
    } else {
      new PromotionText(promotion, dryRun, cli.output().palette())
          .lines()
          .forEach(cli.output()::line);
    }
    return switch (promotion.path("outcome").asString("")) {
      case "landed", "nothing" -> promotion.path("doubted").isEmpty() ? Exit.DONE : Exit.LOOK;
      default -> Exit.LOOK;
    };
  }
}
