package dev.anabranch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code anabranch status}: how the server is doing. */
@Command(name = "status", description = "Show main, the mirror, the feed and the branches.")
final class StatusCommand implements Callable<Integer> {

  @ParentCommand private Cli cli = Commands.unset();
  @Mixin private Format format = new Format();

  @Override
  public Integer call() {
    JsonNode status = cli.server().get("/status");
    if (format.isJson()) {
      cli.output().json(status);
    } else {
      status
          .properties()
          .forEach(section -> {
            cli.output().line(cli.output().palette().strong(section.getKey()));
            show(section.getValue());
          });
    }
    return Exit.DONE;
  }

  private void show(JsonNode section) {
    if (section.isObject()) {
      section.properties().forEach(e -> show(e.getKey(), e.getValue()));
    } else {
      cli.output().line("  " + Words.orDash(section));
    }
  }

  /** A list, and numbers by their names, take a line for each of their parts. */
  private void show(String name, JsonNode value) {
    if (value.isArray()) {
      cli.output().line(String.format("  %-16s %s", name, value.isEmpty() ? "-" : value.size()));
      value.forEach(part -> cli.output().line("    " + part.asString()));
    } else if (value.isObject()) {
      cli.output()
          .line(String.format("  %-16s %s", name, value.isEmpty() ? "-" : "").stripTrailing());
      value
          .properties()
          .forEach(part ->
              cli.output()
                  .line(
                      String.format("    %-14s %s", part.getKey(), Words.orDash(part.getValue()))));
    } else {
      cli.output().line(String.format("  %-16s %s", name, Words.orDash(value)));
    }
  }
}
