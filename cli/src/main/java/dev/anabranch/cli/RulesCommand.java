package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code anabranch rules set|list|unset|infer}: how columns of main combine. */
@Command(
    name = "rules",
    description = {
      "Merge rules: how a column of main combines when a branch and main both changed it.",
      "A column without a rule is a value: then that is a conflict, and a person decides."
    },
    footer = {
      "",
      "Rules:",
      "  value     it does not combine, as if no rule were set",
      "  counter   what each side added: for statements such as SET qty = qty - 3",
      "  set       an array or a jsonb array: what each side put in is in, what it took out is out",
      "  map       a jsonb object, key by key, and objects in it likewise",
      "  max, min  the greater, or the lesser, of the two",
      "  text      line by line, where the two sides changed different lines",
      "",
      "Examples:",
      "  anabranch rules set stock.qty counter",
      "  anabranch rules list",
      "  anabranch rules infer          # which columns could have one?"
    },
    subcommands = {
      RulesCommand.Set.class,
      RulesCommand.All.class,
      RulesCommand.Unset.class,
      RulesCommand.Infer.class
    },
    mixinStandardHelpOptions = true)
final class RulesCommand implements Runnable, Asking.Group {

  @ParentCommand private Cli cli = Commands.unset();

  @Override
  public Cli cli() {
    return cli;
  }

  @Override
  public void run() {
    throw new CommandFailure(
        Exit.USAGE,
        "Missing subcommand: `anabranch rules list`, `set TABLE.COLUMN RULE`, `unset"
            + " TABLE.COLUMN` or `infer`.");
  }

  /** The rules as people type them, for completion. */
  static final class Rules extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Rules() {
      super(List.of("value", "counter", "set", "map", "max", "min", "text"));
    }
  }

  /** Sets a rule. */
  @Command(
      name = "set",
      description = "Let a column of main combine from now on.",
      footer = {"", "Example:", "  anabranch rules set stock.qty counter"})
  static final class Set extends Asking {

    @Parameters(
        index = "0",
        paramLabel = "TABLE.COLUMN",
        description = "The column, with its schema in front if need be.")
    private String column = "";

    @Parameters(
        index = "1",
        paramLabel = "RULE",
        completionCandidates = Rules.class,
        description = "value, counter, set, map, max, min or text.")
    private String rule = "";

    @Override
    JsonNode ask(ServerClient server) {
      return server.post(
          "/rules",
          Map.of("column", column, "rule", rule, "who", System.getProperty("user.name", "")));
    }

    @Override
    void show(JsonNode kept, Output output) {
      output.line(
          kept.path("column").asString()
              + " combines by rule "
              + kept.path("rule").asString()
              + " from now on (version "
              + kept.path("version").asLong()
              + ")");
      for (JsonNode constraint : kept.path("decides")) {
        output.line("  main decides at the commit: " + constraint.asString());
      }
    }
  }

  /** Lists the rules. */
  @Command(name = "list", description = "List the columns of main that combine.")
  static final class All extends Asking {
    @Override
    JsonNode ask(ServerClient server) {
      return server.get("/rules");
    }

    @Override
    void show(JsonNode rules, Output output) {
      if (rules.isEmpty()) {
        output.line("No column has a rule: anabranch rules set TABLE.COLUMN RULE");
      } else {
        Table table = new Table("COLUMN", "RULE", "VERSION", "SET", "BY");
        for (JsonNode rule : rules) {
          table.row(
              rule.path("column").asString(),
              rule.path("rule").asString(),
              Long.toString(rule.path("version").asLong()),
              rule.path("setAt").asString(),
              rule.path("who").asString());
        }
        table.lines().forEach(output::line);
      }
    }
  }

  /** Takes a rule away. */
  @Command(
      name = "unset",
      description = "Let a column be a value again.",
      footer = {"", "Example:", "  anabranch rules unset stock.qty"})
  static final class Unset extends Asking {

    @Parameters(paramLabel = "TABLE.COLUMN", description = "The column.")
    private String column = "";

    @Override
    JsonNode ask(ServerClient server) {
      return server.delete(Commands.rulePath(column));
    }

    @Override
    void show(JsonNode kept, Output output) {
      output.line(kept.path("column").asString() + " is a value again");
    }
  }

  /** Proposes rules. */
  @Command(
      name = "infer",
      description = "Show which columns could have a rule, by main's catalogs. Nothing is set.")
  static final class Infer extends Asking {
    @Override
    JsonNode ask(ServerClient server) {
      return server.get("/rules/inferred");
    }

    @Override
    void show(JsonNode proposals, Output output) {
      if (proposals.isEmpty()) {
        output.line("No column without a rule shows that it could have one.");
      } else {
        Table table = new Table("COLUMN", "RULE", "WHY");
        for (JsonNode proposal : proposals) {
          table.row(
              proposal.path("column").asString(),
              proposal.path("rule").asString(),
              proposal.path("why").asString());
        }
        table.lines().forEach(output::line);
      }
    }
  }
}
