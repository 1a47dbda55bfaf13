package dev.anabranch.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code anabranch webhook set|list|unset}: who is told when answers stop to hold. */
@Command(
    name = "webhook",
    description = "Addresses that are told when an answer stops to hold, or holds again.",
    subcommands = {
      WebhookCommand.Set.class,
      WebhookCommand.Listing.class,
      WebhookCommand.Unset.class
    },
    mixinStandardHelpOptions = true)
final class WebhookCommand implements Runnable, Asking.Group {

  @ParentCommand private Cli cli = Commands.unset();

  @Override
  public Cli cli() {
    return cli;
  }

  @Override
  public void run() {
    throw new CommandFailure(
        Exit.USAGE, "Missing subcommand: `anabranch webhook list`, `set URL` or `unset ID`.");
  }

  private static String whose(JsonNode webhook) {
    return webhook.hasNonNull("branch")
        ? "branch " + webhook.path("branch").asString()
        : "every branch";
  }

  /** Sets one. */
  @Command(
      name = "set",
      description = {
        "Have an address told by POST, and print the secret that this is signed with: it can't be",
        "shown again. Set once more for the same branch, an address gets another secret."
      },
      footer = {
        "",
        "Examples:",
        "  anabranch webhook set https://example.com/anabranch",
        "  anabranch webhook set https://example.com/anabranch --branch alice"
      })
  static final class Set extends Asking {

    @Parameters(paramLabel = "URL", description = "Where it is told, with http or https.")
    private String url = "";

    @Option(
        names = "--branch",
        paramLabel = "NAME",
        description = "Whose answers (default: those of every branch).")
    private @Nullable String branch;

    @Override
    JsonNode ask(ServerClient server) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("url", url);
      if (branch != null) {
        body.put("branch", branch);
      }
      body.put("who", System.getProperty("user.name", ""));
      return server.post("/webhooks", body);
    }

    @Override
    void show(JsonNode issued, Output output) {
      output.line(issued.path("secret").asString());
      output.line("");
      output.line(
          "Webhook "
              + issued.path("id").asString()
              + " tells "
              + issued.path("url").asString()
              + " of "
              + whose(issued)
              + ", signed with this secret. It is not shown again.");
    }
  }

  /** Lists them. */
  @Command(
      name = "list",
      description = "List the webhooks, and how their deliveries go.",
      footer = {"", "Example:", "  anabranch webhook list"})
  static final class Listing extends Asking {
    @Override
    JsonNode ask(ServerClient server) {
      return server.get("/webhooks");
    }

    @Override
    void show(JsonNode webhooks, Output output) {
      if (webhooks.isEmpty()) {
        output.line("There is no webhook: anabranch webhook set URL");
      } else {
        Table table = new Table("ID", "OF", "PENDING", "LAST", "AT", "URL");
        webhooks.forEach(webhook ->
            table.row(
                webhook.path("id").asString(),
                whose(webhook),
                Long.toString(webhook.path("pending").asLong()),
                last(webhook),
                Words.orDash(webhook.path("lastAt")),
                webhook.path("url").asString()));
        table.lines().forEach(output::line);
      }
    }

    private static String last(JsonNode webhook) {
      String why = webhook.path("lastWhy").asString("");
      return Words.orDash(webhook.path("lastOutcome")).replace('_', ' ')
          + (why.isEmpty() ? "" : ": " + why);
    }
  }

  /** Takes one away. */
  @Command(
      name = "unset",
      description = "Tell an address nothing more, also what waits.",
      footer = {"", "Example:", "  anabranch webhook unset 1f0c9a77d2"})
  static final class Unset extends Asking {

    @Parameters(paramLabel = "ID", description = "Its id, as the list shows it.")
    private String id = "";

    @Override
    JsonNode ask(ServerClient server) {
      return server.delete(Commands.webhookPath(id));
    }

    @Override
    void show(JsonNode gone, Output output) {
      output.line(gone.path("url").asString() + " is told nothing more");
    }
  }
}
