package dev.anabranch.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code anabranch receipts NAME}: what became of a branch's promotions. */
@Command(
    name = "receipts",
    description = "List the promotions of a branch, the newest first, and what of them is undone.")
final class ReceiptsCommand extends Asking {

  @Parameters(paramLabel = "NAME", description = "The branch; also one that is gone.")
  private String name = "";

  @Override
  JsonNode ask(ServerClient server) {
    return server.get(Commands.branchPath(name, "receipts"));
  }

  @Override
  void show(JsonNode receipts, Output output) {
    if (receipts.isEmpty()) {
      output.line("Nothing was promoted yet: anabranch promote " + name);
    } else {
      Table table = new Table("RECEIPT", "ENDED", "OUTCOME", "LANDED", "HELD", "UNDONE", "WHAT");
      for (JsonNode receipt : receipts) {
        JsonNode units = receipt.path("units");
        table.row(
            receipt.path("id").asString(),
            receipt.path("endedAt").asString(),
            receipt.path("outcome").asString(),
            Long.toString(units.path("landed").asLong()),
            Long.toString(units.path("held").asLong()),
            undone(receipt),
            what(receipt));
      }
      table.lines().forEach(output::line);
    }
  }

  private static String undone(JsonNode receipt) {
    long undone = receipt.path("undone").asLong();
    return undone == 0
        ? "no"
        : undone == receipt.path("units").path("landed").asLong() ? "all" : Long.toString(undone);
  }

  private static String what(JsonNode receipt) {
    String undoes = receipt.path("undoes").asString("");
    String what = undoes.isEmpty() ? "promotion" : "undoes " + undoes;
    return receipt.path("dryRun").asBoolean() ? what + ", dry run" : what;
  }
}
