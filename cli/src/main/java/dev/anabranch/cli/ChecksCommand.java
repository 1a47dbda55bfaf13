package dev.anabranch.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
final class ChecksCommand implements Runnable {

  @ParentCommand private Cli cli = Commands.unset();

  Cli cli() {
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
  static final class Set implements Callable<Integer> {

    @ParentCommand private ChecksCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Parameters(index = "0", paramLabel = "NAME", description = "What it is called.")
    private String name = "";

    @Parameters(
        index = "1",
        paramLabel = "FILE",
        description = "A file with one query that must return no row.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
      JsonNode check =
          parent
              .cli()
              .server()
              .post(
                  "/checks",
                  Map.of(
                      "name",
                      name,
                      "sql",
                      OwnCheckFiles.text(file),
                      "who",
                      System.getProperty("user.name", "")));
      if (format.isJson()) {
        parent.cli().output().json(check);
      } else {
        parent.cli().output().line("check " + name + " is run at every promotion from now on");
      }
      return Exit.DONE;
    }
  }

  /** Lists the checks that are kept. */
  @Command(name = "list", description = "List the checks that every promotion is held to.")
  static final class All implements Callable<Integer> {

    @ParentCommand private ChecksCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Override
    public Integer call() {
      Output output = parent.cli().output();
      JsonNode checks = parent.cli().server().get("/checks");
      if (format.isJson()) {
        output.json(checks);
      } else if (checks.isEmpty()) {
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
      return Exit.DONE;
    }
  }

  /** Shows a check. */
  @Command(name = "show", description = "Show what a check asks.")
  static final class Show implements Callable<Integer> {

    @ParentCommand private ChecksCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Parameters(paramLabel = "NAME", description = "The check.")
    private String name = "";

    @Override
    public Integer call() {
      JsonNode check = parent.cli().server().get(Commands.checkPath(name));
      if (format.isJson()) {
        parent.cli().output().json(check);
      } else {
        parent.cli().output().line(check.path("sql").asString("").stripTrailing());
      }
      return Exit.DONE;
    }
  }

  /** Deletes a check. */
  @Command(name = "delete", description = "Hold promotions to a check no more.")
  static final class Delete implements Callable<Integer> {

    @ParentCommand private ChecksCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Parameters(paramLabel = "NAME", description = "The check.")
    private String name = "";

    @Override
    public Integer call() {
      JsonNode deleted = parent.cli().server().delete(Commands.checkPath(name));
      if (format.isJson()) {
        parent.cli().output().json(deleted);
      } else {
        parent.cli().output().line("check " + name + " is deleted");
      }
      return Exit.DONE;
    }
  }
}
