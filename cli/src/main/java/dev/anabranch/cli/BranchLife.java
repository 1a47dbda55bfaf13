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

/** What can be done with a branch that is there, or was until lately. */
final class BranchLife {

  private BranchLife() {}

  /** One branch, named; the server is told what to do with it. */
  abstract static class OneBranch implements Callable<Integer> {

    @ParentCommand private BranchCommand parent = Commands.unset();
    @Mixin private Format format = new Format();

    @Parameters(index = "0", paramLabel = "NAME", description = "The branch.")
    private String name = "";

    /** What the server answers. */
    abstract JsonNode ask(ServerClient server, String name);

    /** The answer in a sentence or two. */
    abstract List<String> say(JsonNode answer, String name);

    @Override
    public Integer call() {
      Output output = parent.cli().output();
      JsonNode answer = ask(parent.cli().server(), name);
      if (format.isJson()) {
        output.json(answer);
      } else {
        say(answer, name).forEach(output::line);
      }
      return Exit.DONE;
    }
  }

  /** The end of a branch, which can be taken back for a while. */
  @Command(
      name = "delete",
      description = {
        "Delete a branch. Its sessions end and its name is free.",
        "It is kept for a while (the server's setting keep-deleted): undelete brings it back."
      },
      footer = {
        "",
        "Examples:",
        "  anabranch branch delete alice",
        "  anabranch branch delete alice --cascade   # and the branches that were started from it",
        "  anabranch branch delete alice --now       # for good; also when it is deleted already"
      })
  static final class Delete extends OneBranch {

    @Option(
        names = "--cascade",
        description = "Delete the branches that were started from it, too: all or none.")
    private boolean cascade;

    @Option(names = "--now", description = "For good: it can't be brought back.")
    private boolean now;

    @Override
    JsonNode ask(ServerClient server, String name) {
      List<String> query = new ArrayList<>();
      if (cascade) {
        query.add("cascade=true");
      }
      if (now) {
        query.add("now=true");
      }
      String path = Commands.branchPath(name);
      return server.delete(query.isEmpty() ? path : path + "?" + String.join("&", query));
    }

    @Override
    List<String> say(JsonNode answer, String name) {
      List<String> lines = new ArrayList<>();
      List<String> others = new ArrayList<>();
      for (JsonNode deleted : answer.path("deleted")) {
        if (!deleted.asString().equals(name)) {
          others.add(deleted.asString());
        }
      }
      lines.add(
          others.isEmpty()
              ? "Branch " + name + " is deleted."
              : "Branch " + name + " is deleted, and so are " + String.join(", ", others) + ".");
      JsonNode gone = answer.path("goneTime");
      if (gone.isString()) {
        lines.add(
            "Until "
                + gone.asString()
                + " it can be brought back: anabranch branch undelete "
                + name);
      }
      return lines;
    }
  }

  /** A deleted branch comes back. */
  @Command(
      name = "undelete",
      description = {
        "Bring a deleted or expired branch back, with its data, its answers, its work and its"
            + " password.",
        "Of several deleted branches of one name, the one that was deleted last comes back."
      },
      footer = {
        "",
        "Examples:",
        "  anabranch branch undelete alice",
        "  anabranch branch undelete alice --as alice-before   # when the name is taken again",
        "  anabranch branch undelete ci-117 --ttl 2h           # when its time was over"
      })
  static final class Undelete extends OneBranch {

    @Option(names = "--as", paramLabel = "NEWNAME", description = "Its name from now on.")
    private @Nullable String as;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private BranchCommand.@Nullable LifetimeOptions lifetime;

    @Override
    JsonNode ask(ServerClient server, String name) {
      Map<String, Object> body = new LinkedHashMap<>();
      if (as != null) {
        body.put("as", as);
      }
      if (lifetime != null) {
        lifetime.addTo(body);
      }
      return server.post(Commands.branchPath(name, "undelete"), body);
    }

    @Override
    List<String> say(JsonNode answer, String name) {
      return List.of(
          answer.path("url").asString(),
          "",
          "Branch " + answer.path("name").asString() + " is back.");
    }
  }

  /** Another name. */
  @Command(
      name = "rename",
      description = {
        "Give a branch another name. Its password, answers, work and open sessions stay.",
        "New connections use the new name, as user and as database."
      },
      footer = {"", "Example:", "  anabranch branch rename alice alice-pricing"})
  static final class Rename extends OneBranch {

    @Parameters(index = "1", paramLabel = "NEWNAME", description = "Its name from now on.")
    private String next = "";

    @Override
    JsonNode ask(ServerClient server, String name) {
      return server.post(Commands.branchPath(name, "rename"), Map.of("to", next));
    }

    @Override
    List<String> say(JsonNode answer, String name) {
      return List.of(
          answer.path("url").asString(),
          "",
          "Branch " + name + " is " + answer.path("name").asString() + " now.");
    }
  }

  /** No accident from now on. */
  @Command(
      name = "protect",
      description = "Refuse to delete or reset a branch, and let it outlive its time.",
      footer = {"", "Example:", "  anabranch branch protect quarter-end"})
  static final class Protect extends OneBranch {

    @Override
    JsonNode ask(ServerClient server, String name) {
      return server.post(Commands.branchPath(name, "protect"), Map.of());
    }

    @Override
    List<String> say(JsonNode answer, String name) {
      return List.of(
          "Branch " + name + " is protected. To undo that: anabranch branch unprotect " + name);
    }
  }

  /** Lets it be deleted, and end with its time, again. */
  @Command(
      name = "unprotect",
      description = "End a branch's protection. One whose time is over expires within seconds.",
      footer = {"", "Example:", "  anabranch branch unprotect quarter-end"})
  static final class Unprotect extends OneBranch {

    @Override
    JsonNode ask(ServerClient server, String name) {
      return server.post(Commands.branchPath(name, "unprotect"), Map.of());
    }

    @Override
    List<String> say(JsonNode answer, String name) {
      return List.of("Branch " + name + " is not protected any more.");
    }
  }

  /** For a URL that got into the wrong hands. */
  @Command(
      name = "new-password",
      description = {
        "Give a branch another password, and end its sessions.",
        "`anabranch branch url` tells it, as it told the old one."
      },
      footer = {"", "Example:", "  anabranch branch new-password alice"})
  static final class NewPassword extends OneBranch {

    @Override
    JsonNode ask(ServerClient server, String name) {
      return server.post(Commands.branchPath(name, "new-password"), Map.of());
    }

    @Override
    List<String> say(JsonNode answer, String name) {
      return List.of(answer.path("url").asString(), "", "Branch " + name + " has a new password.");
    }
  }

  /** Asleep. */
  @Command(
      name = "suspend",
      description = {
        "Stop a branch's Postgres until somebody connects. Nothing is lost.",
        "The server does so by itself with branches that nobody uses (its setting suspend-after)."
      },
      footer = {"", "Example:", "  anabranch branch suspend alice"})
  static final class Suspend extends OneBranch {

    @Override
    JsonNode ask(ServerClient server, String name) {
      return server.post(Commands.branchPath(name, "suspend"), Map.of());
    }

    @Override
    List<String> say(JsonNode answer, String name) {
      return List.of("Branch " + name + " is suspended, and starts again when somebody connects.");
    }
  }

  /** Awake again. */
  @Command(
      name = "resume",
      description = "Start a branch that was suspended, before somebody connects.",
      footer = {"", "Example:", "  anabranch branch resume alice"})
  static final class Resume extends OneBranch {

    @Override
    JsonNode ask(ServerClient server, String name) {
      return server.post(Commands.branchPath(name, "resume"), Map.of());
    }

    @Override
    List<String> say(JsonNode answer, String name) {
      return List.of("Branch " + name + " runs.");
    }
  }
}
