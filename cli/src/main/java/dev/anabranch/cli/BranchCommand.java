package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/** {@code anabranch branch …}: branches come, are looked at, and go. */
@Command(
    name = "branch",
    description =
        "Branches: create, list, look at, name, protect, reset, sync, delete, bring back.",
    subcommands = {
      BranchCommand.Create.class,
      BranchCommand.Listing.class,
      BranchCommand.Get.class,
      BranchCommand.Url.class,
      BranchLife.Rename.class,
      BranchLife.Protect.class,
      BranchLife.Unprotect.class,
      BranchLife.NewPassword.class,
      BranchLife.Suspend.class,
      BranchLife.Resume.class,
      BranchCommand.Reset.class,
      BranchCommand.Restore.class,
      SyncCommand.class,
      BranchLife.Delete.class,
      BranchLife.Undelete.class
    },
    mixinStandardHelpOptions = true)
final class BranchCommand implements Runnable {

  @ParentCommand private Cli cli = Commands.unset();

  Cli cli() {
    return cli;
  }

  @Override
  public void run() {
    throw new CommandFailure(
        Exit.USAGE, "Missing subcommand: `anabranch branch --help` lists them.");
  }

  /** Exactly one of these is given; the server refuses none and never assumes one. */
  static final class LifetimeOptions {
    @Option(
        names = "--ttl",
        paramLabel = "4w",
        description = "How long it lives, such as 90m, 12h, 3d or 4w.")
    private @Nullable String ttl;

    @Option(
        names = "--expires-at",
        paramLabel = "TIME",
        description = "When it ends, such as 2026-12-24T18:00:00Z.")
    private @Nullable String expiresAt;

    @Option(names = "--no-expiry", description = "It lives until someone deletes it.")
    private boolean noExpiry;

    void addTo(Map<String, Object> body) {
      if (ttl != null) {
        body.put("ttl", ttl);
      }
      if (expiresAt != null) {
        body.put("expireTime", expiresAt);
      }
      if (noExpiry) {
        body.put("noExpiry", true);
      }
    }
  }

  /** A new branch. */
  @Command(
      name = "create",
      description = "Create a writable branch of main, or of another branch.",
      footer = {
        "",
        "Examples:",
        "  anabranch branch create alice --ttl 4w",
        "  anabranch branch create ci-117 --ttl 1h --ephemeral --at latest",
        "  anabranch branch create audit --no-expiry --role readonly",
        "  anabranch branch create alice-2 --ttl 2d --from alice",
        "  anabranch branch create quarter-end --no-expiry --protect"
      })
  static final class Create implements Callable<Integer> {

    @ParentCommand private BranchCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Parameters(
        paramLabel = "NAME",
        description = "1 to 63 lower-case letters, digits and inner hyphens.")
    private String name = "";

    @ArgGroup(exclusive = true, multiplicity = "1")
    private LifetimeOptions lifetime = new LifetimeOptions();

    @Option(
        names = "--from",
        paramLabel = "PARENT",
        description = "Start from this branch instead of main.")
    private @Nullable String from;

    @Option(
        names = "--at",
        paramLabel = "WHEN",
        description =
            "now (default), latest (the newest image there is), or an LSN or a time of main's"
                + " past.")
    private @Nullable String at;

    @Option(
        names = "--role",
        paramLabel = "ROLE",
        description =
            "Make its client a member of this role of main alone, so that grants and row security"
                + " apply.")
    private @Nullable String role;

    @Option(
        names = "--ephemeral",
        description = "Faster, and may be lost with the machine's power.")
    private boolean ephemeral;

    @Option(
        names = "--task-by",
        paramLabel = "WHAT",
        description =
            "What belongs together where no task is named: window (default), session, transaction"
                + " or branch.")
    private @Nullable String taskBy;

    @Option(
        names = "--protect",
        description = "It can't be deleted or reset, and outlives its time, until unprotect.")
    private boolean isProtected;

    @Option(
        names = "--owner",
        paramLabel = "WHO",
        description = "Who holds it (default: your user name here).")
    private String owner = System.getProperty("user.name", "");

    @Override
    public Integer call() {
      Output output = parent.cli().output();
      output.progress("creating " + name + " …");
      JsonNode branch = parent.cli().server().post("/branches", body());
      if (format.isJson()) {
        output.json(branch);
      } else {
        output.line(branch.path("url").asString());
        output.line("");
        output.line(
            "Branch "
                + output.palette().strong(name)
                + " is main as of "
                + Words.orDash(branch.path("forkTime"))
                + " ("
                + branch.path("forkLsn").asString()
                + "), "
                + ends(branch)
                + ".");
        output.line("Ask and write:  psql \"$(anabranch branch url " + name + ")\"");
        output.line("Then:           anabranch check " + name);
      }
      return Exit.DONE;
    }

    private Map<String, Object> body() {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("name", name);
      lifetime.addTo(body);
      if (from != null) {
        body.put("from", from);
      }
      if (at != null) {
        body.put("at", at);
      }
      if (role != null) {
        body.put("role", role);
      }
      if (ephemeral) {
        body.put("ephemeral", true);
      }
      if (taskBy != null) {
        body.put("taskBy", taskBy);
      }
      if (isProtected) {
        body.put("protected", true);
      }
      if (!owner.isEmpty()) {
        body.put("owner", owner);
      }
      return body;
    }

    private static String ends(JsonNode branch) {
      JsonNode end = branch.path("expireTime");
      return end.isNull() ? "until someone deletes it" : "until " + end.asString();
    }
  }

  /** All branches. */
  @Command(
      name = "list",
      description = "List all branches.",
      footer = {
        "",
        "Examples:",
        "  anabranch branch list",
        "  anabranch branch list --deleted   # those that undelete brings back"
      })
  static final class Listing implements Callable<Integer> {

    @ParentCommand private BranchCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Option(
        names = "--deleted",
        description = "Those that were deleted or have expired, and can be brought back.")
    private boolean deleted;

    @Override
    public Integer call() {
      Output output = parent.cli().output();
      JsonNode branches =
          parent.cli().server().get(deleted ? "/branches?deleted=true" : "/branches");
      if (format.isJson()) {
        output.json(branches);
      } else if (branches.isEmpty()) {
        output.line(
            deleted
                ? "No deleted branch is kept."
                : "No branches yet: anabranch branch create NAME --ttl 4w");
      } else {
        (deleted ? gone(branches) : living(branches)).lines().forEach(output::line);
      }
      return Exit.DONE;
    }

    private static Table living(JsonNode branches) {
      Table table =
          new Table(
              "NAME", "STATE", "OWNER", "FROM", "FORKED", "AT", "UNTIL", "OWN", "ANSWERS",
              "WAITING");
      for (JsonNode branch : branches) {
        table.row(
            branch.path("name").asString(),
            branch.path("state").asString(),
            Words.orDash(branch.path("owner")),
            branch.path("parent").asString("main"),
            Words.orDash(branch.path("forkTime")),
            branch.path("forkLsn").asString(),
            branch.path("protected").asBoolean(false)
                ? "protected"
                : Words.orDash(branch.path("expireTime")),
            Words.bytes(branch.path("ownBytes")),
            answers(branch.path("answers")),
            branch.has("waiting")
                ? Words.count(branch.path("waiting").path("facts").asLong(), "fact")
                : "-");
      }
      return table;
    }

    /** As of when it was checked last. */
    private static String answers(JsonNode counts) {
      List<String> parts = new ArrayList<>();
      for (String verdict : List.of("holds", "changed", "undecided")) {
        int count = counts.path(verdict).asInt(0);
        if (count > 0) {
          parts.add(count + " " + verdict);
        }
      }
      return parts.isEmpty() ? counts.isMissingNode() ? "-" : "none" : String.join(", ", parts);
    }

    private static Table gone(JsonNode branches) {
      Table table = new Table("NAME", "OWNER", "DELETED", "KEPT UNTIL");
      for (JsonNode branch : branches) {
        table.row(
            branch.path("name").asString(),
            Words.orDash(branch.path("owner")),
            Words.orDash(branch.path("deleteTime")),
            Words.orDash(branch.path("goneTime")));
      }
      return table;
    }
  }

  /** One branch. */
  @Command(name = "get", description = "Show one branch.")
  static final class Get implements Callable<Integer> {

    @ParentCommand private BranchCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Parameters(paramLabel = "NAME", description = "The branch.")
    private String name = "";

    @Override
    public Integer call() {
      Output output = parent.cli().output();
      JsonNode branch = parent.cli().server().get(Commands.branchPath(name));
      if (format.isJson()) {
        output.json(branch);
      } else {
        branch
            .properties()
            .forEach(e ->
                output.line(
                    String.format("%-11s %s", e.getKey(), Words.sectionOrDash(e.getValue()))));
      }
      return Exit.DONE;
    }
  }

  /** A branch's connection string. */
  @Command(
      name = "url",
      description = "Print a branch's connection string.",
      footer = {"", "Example:", "  psql \"$(anabranch branch url alice)\""})
  static final class Url implements Callable<Integer> {

    @ParentCommand private BranchCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Parameters(paramLabel = "NAME", description = "The branch.")
    private String name = "";

    @Override
    public Integer call() {
      Output output = parent.cli().output();
      JsonNode branch = parent.cli().server().get(Commands.branchPath(name));
      if (format.isJson()) {
        output.json(ServerClient.JSON.createObjectNode().set("url", branch.path("url")));
      } else {
        output.line(branch.path("url").asString());
      }
      return Exit.DONE;
    }
  }

  /** Back to the fork point, or on to another. */
  @Command(
      name = "reset",
      description =
          "Set a branch back to its fork point, or on to main as it is now. Name and URL stay.",
      footer = {
        "",
        "Examples:",
        "  anabranch branch reset alice",
        "  anabranch branch reset alice --at now"
      })
  static final class Reset implements Callable<Integer> {

    @ParentCommand private BranchCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Parameters(paramLabel = "NAME", description = "The branch.")
    private String name = "";

    @Option(
        names = "--at",
        paramLabel = "WHEN",
        description = "now, latest, an LSN or a time of main's past (default: its own fork point).")
    private @Nullable String at;

    @Override
    public Integer call() {
      Output output = parent.cli().output();
      Map<String, Object> body = new LinkedHashMap<>();
      if (at != null) {
        body.put("at", at);
      }
      JsonNode branch = parent.cli().server().post(Commands.branchPath(name, "reset"), body);
      if (format.isJson()) {
        output.json(branch);
      } else {
        output.line(
            "Branch " + name + " is main as of " + branch.path("forkLsn").asString() + " again.");
      }
      return Exit.DONE;
    }
  }

  /** Back to a moment of its own. */
  @Command(
      name = "restore",
      description =
          "Set a branch back to what it held at a moment: its work and its answers until then stay."
              + " Name and URL stay.",
      footer = {
        "",
        "Examples:",
        "  anabranch branch restore alice --to 2026-12-24T18:00:00Z",
        "  anabranch branch restore alice --to 0/1A2B3C8"
      })
  static final class Restore implements Callable<Integer> {

    @ParentCommand private BranchCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Parameters(paramLabel = "NAME", description = "The branch.")
    private String name = "";

    @Option(
        names = "--to",
        required = true,
        paramLabel = "WHEN",
        description = "A time, or an LSN of the branch's own WAL (pg_current_wal_insert_lsn()).")
    private String to = "";

    @Override
    public Integer call() {
      Output output = parent.cli().output();
      JsonNode branch =
          parent.cli().server().post(Commands.branchPath(name, "restore"), Map.of("to", to));
      if (format.isJson()) {
        output.json(branch);
      } else {
        output.line("Branch " + name + " is what it was at " + to + ".");
      }
      return Exit.DONE;
    }
  }
}
