package dev.anabranch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.JsonNodeFactory;

/** Prints what keeps main's updates from being refused; whoever owns main decides to run it. */
@Command(
    name = "guard",
    description = {
      "Print SQL for main that keeps its updates from being refused where a table that is"
          + " published loses its key.",
      "It makes one event trigger, which sets REPLICA IDENTITY FULL there (docs/production.md)."
          + " Nothing is run:",
      "a superuser of main runs it, or does not. `main release` takes it away again."
    },
    footer = {
      "",
      "Examples:",
      "  anabranch main guard | psql \"$(anabranch main url)\"",
      "  anabranch main guard --remove | psql \"$(anabranch main url)\""
    })
final class GuardCommand implements Callable<Integer> {

  @ParentCommand private MainCommand parent = Commands.unset();
  @Mixin private Format format = new Format();

  @Option(names = "--remove", description = "Print what takes it away again.")
  private boolean remove;

  @Override
  public Integer call() {
    String sql = read(remove ? "guard-remove.sql" : "guard.sql");
    Output output = parent.cli().output();
    if (format.isJson()) {
      output.json(JsonNodeFactory.instance.objectNode().put("sql", sql));
    } else {
      sql.lines().forEach(output::line);
    }
    return Exit.DONE;
  }

  private static String read(String name) {
    try (InputStream sql = GuardCommand.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(sql).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
