package dev.anabranch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code anabranch main url}. */
@Command(
    name = "main",
    description = "The Postgres that production writes to.",
    subcommands = MainCommand.Url.class,
    mixinStandardHelpOptions = true)
final class MainCommand implements Runnable {

  @ParentCommand private Cli cli = Commands.unset();

  Cli cli() {
    return cli;
  }

  @Override
  public void run() {
    throw new CommandFailure(Exit.USAGE, "Say what of main: `anabranch main url`.");
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
}
