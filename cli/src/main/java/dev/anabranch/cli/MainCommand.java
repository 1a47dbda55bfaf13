package dev.anabranch.cli;

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

/** {@code anabranch main url|release|unwatch|watch|guard}. */
@Command(
    name = "main",
    description = "The Postgres that production writes to.",
    subcommands = {
      MainCommand.Url.class,
      MainCommand.Release.class,
      MainCommand.Unwatch.class,
      MainCommand.Watch.class,
      GuardCommand.class
    },
    mixinStandardHelpOptions = true)
final class MainCommand implements Runnable {

  @ParentCommand private Cli cli = Commands.unset();

  Cli cli() {
    return cli;
  }

  @Override
  public void run() {
    throw new CommandFailure(
        Exit.USAGE,
        "Missing subcommand: `anabranch main url`, `release`, `unwatch TABLE`, `watch TABLE` or"
            + " `guard`.");
  }

  /** Prints main's own connection string. */
  @Command(
      name = "url",
      description = "Print main's own connection string (embedded main).",
      footer = {"", "Example:", "  psql \"$(anabranch main url)\""})
  static final class Url implements Callable<Integer> {

    @ParentCommand private MainCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Override
    public Integer call() {
      Output output = parent.cli().output();
      JsonNode main = parent.cli().server().get("/main");
      if (format.isJson()) {
        output.json(main);
      } else {
        output.line(main.path("url").asString());
      }
      return Exit.DONE;
    }
  }

  /** Takes a table out of what Anabranch follows. */
  @Command(
      name = "unwatch",
      description = {
        "Take a table out of Anabranch's publication on main, and keep it out.",
        "Postgres forbids some commands on a table that is published (docs/production.md)."
            + " Branches have the table",
        "as before; answers about it are asked again at each check."
      },
      footer = {"", "Example:", "  anabranch main unwatch public.orders"})
  static final class Unwatch implements Callable<Integer> {

    @ParentCommand private MainCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Parameters(paramLabel = "TABLE", description = "The table, with its schema.")
    private String table = "";

    @Override
    public Integer call() {
      return parent.follow("unwatch", table, format, "is not watched any more");
    }
  }

  /** Undoes {@link Unwatch}. */
  @Command(
      name = "watch",
      description = "Follow a table of main again that was taken out with `main unwatch`.",
      footer = {"", "Example:", "  anabranch main watch public.orders"})
  static final class Watch implements Callable<Integer> {

    @ParentCommand private MainCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Parameters(paramLabel = "TABLE", description = "The table, with its schema.")
    private String table = "";

    @Override
    public Integer call() {
      return parent.follow("watch", table, format, "is watched again, from now on");
    }
  }

  private int follow(String verb, String table, Format format, String outcome) {
    Output output = cli.output();
    JsonNode answer = cli.server().post("/main/" + verb, Map.of("table", table));
    if (format.isJson()) {
      output.json(answer);
    } else {
      answer.path("tables").forEach(name -> output.line(name.asString() + " " + outcome));
    }
    return Exit.DONE;
  }

  /** Takes everything of Anabranch's from main and ends the server. */
  @Command(
      name = "release",
      description = {
        "Take everything that Anabranch put on main away, and stop the server.",
        "Main keeps no WAL for Anabranch any more. `anabranch up` puts everything back."
      },
      footer = {
        "",
        "Refused while there are branches, unless --force is given: they stay on the server's disk"
            + " and can be",
        "used again after `anabranch up`, but what main did meanwhile is not known row by row then,"
            + " so all",
        "their answers are asked again.",
        "",
        "Example:",
        "  anabranch main release"
      })
  static final class Release implements Callable<Integer> {

    @ParentCommand private MainCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Option(names = "--force", description = "Release main although there are branches; keep them.")
    private boolean force;

    @Override
    public Integer call() {
      Output output = parent.cli().output();
      output.progress("releasing main …");
      JsonNode released = parent.cli().server().post("/main/release", Map.of("force", force));
      if (format.isJson()) {
        output.json(released);
        return Exit.DONE;
      }
      List<String> taken = new ArrayList<>();
      released.path("slots").forEach(slot -> taken.add("replication slot " + slot.asString()));
      released.path("publications").forEach(name -> taken.add("publication " + name.asString()));
      taken.forEach(what -> output.line("took " + what + " from main"));
      if (taken.isEmpty()) {
        output.line("main had nothing of Anabranch's");
      }
      released
          .path("keptBranches")
          .forEach(branch -> output.line("kept branch " + branch.asString() + " on disk"));
      output.line("the server is stopping; `anabranch up` puts everything back");
      return Exit.DONE;
    }
  }
}
