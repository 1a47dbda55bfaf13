package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code anabranch token create|list|revoke}. */
@Command(
    name = "token",
    description = "Who may do what, for people and programs on other machines.",
    subcommands = {
      TokenCommand.Create.class,
      TokenCommand.Listing.class,
      TokenCommand.Revoke.class
    },
    mixinStandardHelpOptions = true)
final class TokenCommand implements Runnable, Asking.Group {

  @ParentCommand private Cli cli = Commands.unset();

  @Override
  public Cli cli() {
    return cli;
  }

  @Override
  public void run() {
    throw new CommandFailure(
        Exit.USAGE, "Missing subcommand: `anabranch token --help` lists them.");
  }

  private static String words(JsonNode can) {
    List<String> words = new ArrayList<>();
    can.forEach(word -> words.add(word.asString()));
    return String.join(",", words);
  }

  /** Makes one. */
  @Command(
      name = "create",
      description = "Make a token, and print it: it can't be shown again.",
      footer = {
        "",
        "  read    see branches, answers, verdicts, differences and receipts, and try a promotion",
        "  author  the same, and make branches; their passwords and lives are for who made them",
        "  land    read, and promote, decide and undo: what writes to main",
        "  admin   everything, on all branches; tokens; main's release",
        "",
        "Whoever has it says it in ANABRANCH_TOKEN, or in HTTP's header `Authorization: Bearer …`.",
        "",
        "Examples:",
        "  anabranch token create --can read --ttl 90d --name grafana",
        "  anabranch token create --can author,land --ttl 12h"
      })
  static final class Create extends Asking {

    @Option(
        names = "--can",
        paramLabel = "RIGHT",
        required = true,
        split = ",",
        completionCandidates = Rights.class,
        description = "read, author, land or admin; several with commas.")
    private List<String> can = new ArrayList<>();

    @Option(
        names = "--ttl",
        paramLabel = "30d",
        description = "How long it is good for, such as 90m, 12h, 30d or 4w (default: 30d).")
    private @Nullable String ttl;

    @Option(names = "--no-expiry", description = "It is good until it is revoked.")
    private boolean noExpiry;

    @Option(names = "--name", paramLabel = "NAME", description = "What it is for.")
    private @Nullable String name;

    @Override
    JsonNode ask(ServerClient server) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("can", can);
      if (ttl != null) {
        body.put("ttl", ttl);
      }
      if (noExpiry) {
        body.put("noExpiry", true);
      }
      if (name != null) {
        body.put("name", name);
      }
      return server.post("/tokens", body);
    }

    @Override
    void show(JsonNode issued, Output output) {
      output.line(issued.path("token").asString());
      output.line("");
      output.line(
          "Token "
              + issued.path("id").asString()
              + " can "
              + words(issued.path("can"))
              + ", until "
              + (issued.path("expireTime").isNull()
                  ? "it is revoked"
                  : issued.path("expireTime").asString())
              + ". It is not shown again.");
    }
  }

  /** The rights as people type them, for completion. */
  static final class Rights extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Rights() {
      super(List.of("read", "author", "land", "admin"));
    }
  }

  /** Shows all there ever were. */
  @Command(
      name = "list",
      description = "List all tokens, without their secrets.",
      footer = {"", "Example:", "  anabranch token list"})
  static final class Listing extends Asking {
    @Override
    JsonNode ask(ServerClient server) {
      return server.get("/tokens");
    }

    @Override
    void show(JsonNode tokens, Output output) {
      Table table = new Table("ID", "CAN", "STATE", "CREATED", "EXPIRES", "NAME");
      tokens.forEach(token ->
          table.row(
              token.path("id").asString(),
              words(token.path("can")),
              token.path("state").asString(),
              token.path("createTime").asString(),
              Words.orDash(token.path("expireTime")),
              Words.orDash(token.path("name"))));
      table.lines().forEach(output::line);
    }
  }

  /** Ends one. */
  @Command(
      name = "revoke",
      description = "Let nobody in with a token any more, from now on.",
      footer = {"", "Example:", "  anabranch token revoke 1f0c9a77d2"})
  static final class Revoke extends Asking {

    @Parameters(paramLabel = "ID", description = "Its id, as the list shows it.")
    private String id = "";

    @Override
    JsonNode ask(ServerClient server) {
      return server.delete(Commands.tokenPath(id));
    }

    @Override
    void show(JsonNode revoked, Output output) {
      output.line("Token " + revoked.path("id").asString() + " is revoked.");
    }
  }
}
