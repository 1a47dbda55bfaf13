package dev.anabranch.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code anabranch answers NAME}: what was asked. */
@Command(
    name = "answers",
    description = "List what was asked on a branch, and how many rows came back.")
final class AnswersCommand implements Callable<Integer> {

  @ParentCommand private Cli cli = Commands.unset();
  @Mixin private Format format = new Format();
  @Mixin private Selection selection = new Selection();

  @Parameters(paramLabel = "NAME", description = "The branch.")
  private String name = "";

  @Override
  public Integer call() {
    JsonNode page =
        cli.server()
            .get(
                Selection.path(
                    Commands.branchPath(name, "answers"), selection.parameters(Optional.empty())));
    JsonNode answers = page.isArray() ? page : page.path("answers");
    if (format.isJson()) {
      cli.output().json(page);
    } else if (answers.isEmpty()) {
      cli.output().line("Nothing was asked yet: psql \"$(anabranch branch url " + name + ")\"");
    } else {
      Table table = new Table("ANSWER", "ASKED", "ROWS", "STATEMENT");
      for (JsonNode answer : answers) {
        table.row(
            "#" + answer.path("id").asLong(),
            answer.path("askedAt").asString(),
            Long.toString(answer.path("rows").asLong()),
            Words.statement(answer));
      }
      table.lines().forEach(cli.output()::line);
      JsonNode next = page.path("nextCursor");
      if (!next.isMissingNode()) {
        cli.output()
            .line("… and more: " + selection.next("anabranch answers " + name, next.asString()));
      }
    }
    return Exit.DONE;
  }
}
