package dev.anabranch.cli;

import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code anabranch checks set|list|show|delete}: one's own checks of what main would become. */
@Command(
    name = "checks",
    description = {
      "Your own checks: queries that must return no row on main as a promotion would leave it.",
      "Those that are kept here are run at every promotion, and none is left out unless"
          + " --skip-check names it."
    },
    footer = {
      "",
      "Examples:",
      "  anabranch checks set no-negative-stock no-negative-stock.sql",
      "  anabranch checks list",
      "  anabranch promote alice --checks checks/     # those of a directory besides, this time"
    },
    subcommands = {
      ChecksCommand.Set.class,
      ChecksCommand.All.class,
      ChecksCommand.Show.class,
      ChecksCommand.Delete.class
    },
    mixinStandardHelpOptions = true)
final class ChecksCommand implements Runnable, Asking.Group {

  @ParentCommand private Cli cli = Commands.unset();

  @Override
  public Cli cli() {
    return cli;
  }

  @Override
  public void run() {
    throw new CommandFailure(
        Exit.USAGE,
        "Missing subcommand: `anabranch checks list`, `set NAME FILE`, `show NAME` or `delete"
            + " NAME`.");
  }

  /** Keeps a check. */
  @Command(
      name = "set",
      description = "Keep a check, in the place of one of the same name.",
      footer = {"", "Example:", "  anabranch checks set no-negative-stock no-negative-stock.sql"})
  static final class Set extends Asking {

    @Parameters(index = "0", paramLabel = "NAME", description = "What it is called.")
    private String name = "";

    @Parameters(
        index = "1",
        paramLabel = "FILE",
        description = "A file with one query that must return no row.")
    private Path file = Path.of("");

    @Override
    JsonNode ask(ServerClient server) {
      return server.post(
          "/checks",
          Map.of(
              "name",
              name,
              "sql",
              OwnCheckFiles.text(file),
              "who",
              System.getProperty("user.name", "")));
    }

    @Override
    void show(JsonNode check, Output output) {
      output.line("check " + name + " is run at every promotion from now on");
    }
  }

  /** Lists the checks that are kept. */
  @Command(name = "list", description = "List the checks that every promotion is held to.")
  static final class All extends Asking {
    @Override
    JsonNode ask(ServerClient server) {
      return server.get("/checks");
    }

    @Override
    void show(JsonNode checks, Output output) {
      if (checks.isEmpty()) {
        output.line("No check is kept: anabranch checks set NAME FILE");
      } else {
        Table table = new Table("CHECK", "SET", "BY", "QUERY");
        for (JsonNode check : checks) {
          table.row(
              check.path("name").asString(),
              check.path("setAt").asString(),
              check.path("who").asString(),
              Words.statement(check));
        }
        table.lines().forEach(output::line);
      }
    }
  }

  /** Shows a check. */
  @Command(name = "show", description = "Show what a check asks.")
  static final class Show extends Asking {

    @Parameters(paramLabel = "NAME", description = "The check.")
    private String name = "";

    @Override
    JsonNode ask(ServerClient server) {
      return server.get(Commands.checkPath(name));
    }

    @Override
    void show(JsonNode check, Output output) {
      output.line(check.path("sql").asString("").stripTrailing());
    }
  }

  /** Deletes a check. */
  @Command(name = "delete", description = "Hold promotions to a check no more.")
  static final class Delete extends Asking {

    @Parameters(paramLabel = "NAME", description = "The check.")
    private String name = "";

    @Override
    JsonNode ask(ServerClient server) {
      return server.delete(Commands.checkPath(name));
    }

    @Override
    void show(JsonNode deleted, Output output) {
      output.line("check " + name + " is deleted");
    }
  }
}
