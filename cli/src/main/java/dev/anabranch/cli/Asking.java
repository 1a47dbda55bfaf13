package dev.anabranch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** A command that asks the server one thing and shows what came back, as JSON or to people. */
abstract class Asking implements Callable<Integer> {

  /** A command that has others below it. */
  interface Group {
    Cli cli();
  }

  @ParentCommand private Group parent = Commands.unset();
  @Mixin private Format format = new Format();

  /**
   * Asks.
   *
   * @throws CommandFailure when the server can't be reached, or says no
   */
  abstract JsonNode ask(ServerClient server);

  abstract void show(JsonNode answer, Output output);

  @Override
  public final Integer call() {
    JsonNode answer = ask(parent.cli().server());
    if (format.isJson()) {
      parent.cli().output().json(answer);
    } else {
      show(answer, parent.cli().output());
    }
    return Exit.DONE;
  }
}
