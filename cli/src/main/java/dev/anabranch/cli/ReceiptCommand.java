package dev.anabranch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code anabranch receipt ID}: one promotion, as it is kept. */
@Command(
    name = "receipt",
    description = "Show what one promotion landed and held, and why.",
    footer = {
      "",
      "Everything that is kept of it, the answers that were checked among it: --format json."
    })
final class ReceiptCommand implements Callable<Integer> {

  @ParentCommand private Cli cli = Commands.unset();
  @Mixin private Format format = new Format();

  @Parameters(paramLabel = "RECEIPT", description = "Its id, as `anabranch receipts` shows it.")
  private String id = "";

  @Override
  public Integer call() {
    JsonNode receipt = cli.server().get(Commands.receiptPath(id));
    if (format.isJson()) {
      cli.output().json(receipt);
    } else {
      new ReceiptText(receipt, cli.output().palette()).lines().forEach(cli.output()::line);
    }
    return Exit.DONE;
  }
}
