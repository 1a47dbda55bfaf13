package dev.anabranch.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code anabranch receipt ID}: one promotion, as it is kept. */
@Command(
    name = "receipt",
    description = "Show what one promotion landed and held, and why.",
    footer = {
      "",
      "Everything that is kept of it, the answers that were checked among it: --format json."
    })
final class ReceiptCommand extends Asking {

  @Parameters(paramLabel = "RECEIPT", description = "Its id, as `anabranch receipts` shows it.")
  private String id = "";

  @Override
  JsonNode ask(ServerClient server) {
    return server.get(Commands.receiptPath(id));
  }

  @Override
  void show(JsonNode receipt, Output output) {
    new ReceiptText(receipt, output.palette()).lines().forEach(output::line);
  }
}
