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
      "  anabranch promote alice --accept 17        # answer 17 changed, and that is fine this"
          + " time",
      "  anabranch facts alice                      # what there is to decide",
      "  anabranch promote alice --decide 3fa9c1d2e4=main --why 'counted again'",
      "  anabranch promote alice --plan 9c0ffee1    # what a dry run showed, or nothing",
      "  anabranch promote alice --checks checks/   # only if these queries return no row then",
      "",
      "Exit code 3 when something is held, in doubt or was refused. Promoting again lands nothing"
          + " twice."
    })
final class PromoteCommand implements Callable<Integer> {

  @ParentCommand private Cli cli = Commands.unset();
  @Mixin private Format format = new Format();
  @Mixin private DecisionOptions decisions = new DecisionOptions();

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
      names = "--plan",
      paramLabel = "PLAN",
      description =
          "Land the plan that a dry run showed; if it is another by now, write nothing and say what"
              + " is different.")
  private Optional<String> plan = Optional.empty();

  @Option(
      names = "--checks",
      paramLabel = "DIR",
      description =
          "Hold it to your own checks, too: the queries in a directory's .sql files, each of which"
              + " must return no row. Those that are kept (`anabranch checks`) are always run.")
  private Optional<String> checks = Optional.empty();

  @Option(
      names = "--skip-check",
      paramLabel = "NAME",
      arity = "1..*",
      description = "Leave this check out, this time; the receipt says so.")
  private List<String> skip = new ArrayList<>();

  @Override
  public Integer call() {
    cli.output().progress((dryRun ? "planning the promotion of " : "promoting ") + name + " …");
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("dryRun", dryRun);
    body.put("strict", strict);
    decisions.putInto(body);
    plan.ifPresent(id -> body.put("plan", id));
    checks.ifPresent(where -> body.put("checks", OwnCheckFiles.read(where)));
    if (!skip.isEmpty()) {
      body.put("skipChecks", skip);
    }
    JsonNode promotion = cli.server().post(Commands.branchPath(name, "promote"), body);
    if (format.isJson()) {
      cli.output().json(promotion);
    } else {
      new PromotionText(promotion, dryRun, checks, cli.output().palette())
          .lines()
          .forEach(cli.output()::line);
    }
    return switch (promotion.path("outcome").asString("")) {
      case "landed", "nothing" -> promotion.path("doubted").isEmpty() ? Exit.DONE : Exit.LOOK;
      default -> Exit.LOOK;
    };
  }
}
