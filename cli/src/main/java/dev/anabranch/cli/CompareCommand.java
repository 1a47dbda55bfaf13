package dev.anabranch.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code anabranch compare A B …}: which of several branches is best, by a query of one's own. */
@Command(
    name = "compare",
    description = {
      "Score branches by what main would be if each were landed alone, and show the best first."
    },
    footer = {
      "",
      "Each branch's plan is written on a copy of main as it is now; main is not written to. The",
      "query returns one number. What a branch would hold back is not in its score.",
      "",
      "Examples:",
      "  anabranch compare try-1 try-2 try-3 --score profit.sql",
      "  anabranch compare try-1 try-2 try-3 --score cost.sql --lowest --drop-rest",
      "",
      "Exit code 3 when a branch would hold something back or fails a check, or nothing could be"
          + " dropped because none is the best."
    })
final class CompareCommand implements Callable<Integer> {

  @ParentCommand private Cli cli = Commands.unset();
  @Mixin private Format format = new Format();

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "The branches.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--score",
      required = true,
      paramLabel = "FILE",
      description = "A file with one query that returns one number.")
  private Path score = Path.of("");

  @Option(names = "--lowest", description = "The lowest score is the best, and not the highest.")
  private boolean lowest;

  @Option(
      names = {"--drop-rest", "--keep-best"},
      description =
          "Delete all of these branches but the best, after it was said what is lost with them.")
  private boolean dropRest;

  @Override
  public Integer call() {
    Output output = cli.output();
    output.progress("looking at " + names.size() + " branches on a copy of main …");
    JsonNode comparison =
        cli.server()
            .post(
                "/compare",
                Map.of("branches", names, "score", OwnCheckFiles.text(score), "lowest", lowest));
    String best = comparison.path("best").asString("");
    List<JsonNode> rest = new ArrayList<>();
    comparison
        .path("branches")
        .forEach(branch -> {
          if (!branch.path("branch").asString().equals(best)) {
            rest.add(branch);
          }
        });
    boolean dropping = dropRest && !best.isEmpty();
    if (format.isJson()) {
      json(output, comparison, dropping ? rest : List.of());
    } else {
      lines(comparison).forEach(output::line);
      if (dropping) {
        rest.forEach(branch -> drop(output, branch));
      } else if (dropRest) {
        output.line("none of them is the best, so none was deleted");
      }
    }
    return looks(comparison) || (dropRest && !dropping) ? Exit.LOOK : Exit.DONE;
  }

  private static boolean looks(JsonNode comparison) {
    for (JsonNode branch : comparison.path("branches")) {
      if (branch.path("units").path("held").asLong() > 0
          || OwnChecksText.stop(branch.path("checks"))) {
        return true;
      }
    }
    return false;
  }

  private List<String> lines(JsonNode comparison) {
    Table table = new Table("BRANCH", "SCORE", "LANDS", "HELD", "FACTS", "CHECKS");
    for (JsonNode branch : comparison.path("branches")) {
      JsonNode units = branch.path("units");
      table.row(
          branch.path("branch").asString(),
          Words.orDash(branch.path("score")),
          Long.toString(units.path("landed").asLong()),
          Long.toString(units.path("held").asLong()),
          Long.toString(branch.path("open").asLong()),
          checks(branch.path("checks")));
    }
    List<String> lines = new ArrayList<>(table.lines());
    for (JsonNode branch : comparison.path("branches")) {
      if (branch.path("score").isNull()) {
        lines.add(
            branch.path("branch").asString()
                + " has no score, so it is behind those that have one: the query returned NULL or"
                + " no row");
      }
    }
    for (JsonNode branch : comparison.path("branches")) {
      if (OwnChecksText.stop(branch.path("checks"))) {
        lines.add("");
        lines.add(cli.output().palette().strong(branch.path("branch").asString()));
        new OwnChecksText(branch.path("checks"), cli.output().palette())
            .lines()
            .forEach(line -> lines.add("  " + line));
      }
    }
    return lines;
  }

  private static String checks(JsonNode checks) {
    return checks.isEmpty() ? "-" : OwnChecksText.stop(checks) ? "failed" : "passed";
  }

  /** It is said before it is done. */
  private void drop(Output output, JsonNode branch) {
    String name = branch.path("branch").asString();
    output.line("deleting " + name + ": " + lost(branch));
    delete(name);
  }

  private static String lost(JsonNode branch) {
    JsonNode units = branch.path("units");
    long lost = units.path("landed").asLong() + units.path("held").asLong();
    return Words.count(lost, "unit") + " never landed";
  }

  private JsonNode delete(String name) {
    return cli.server().delete(Commands.branchPath(name));
  }

  private void json(Output output, JsonNode comparison, List<JsonNode> rest) {
    ObjectNode whole = ((ObjectNode) comparison).deepCopy();
    var dropped = whole.putArray("deleted");
    for (JsonNode branch : rest) {
      String name = branch.path("branch").asString();
      delete(name);
      dropped.add(name);
    }
    output.json(whole);
  }
}
