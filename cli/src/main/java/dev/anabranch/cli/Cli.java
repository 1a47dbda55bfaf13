package dev.anabranch.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code anabranch}: parses, calls the server, prints, and ends with a telling exit
 * code.
 */
@Command(
    name = "anabranch",
    description = {
      "Branches of a live Postgres that know which of their answers are still true.",
      ""
    },
    subcommands = {
      BranchCommand.class,
      MainCommand.class,
      AnswersCommand.class,
      CheckCommand.class,
      DiffCommand.class,
      PromoteCommand.class,
      FactsCommand.class,
      ReceiptsCommand.class,
      ReceiptCommand.class,
      UndoCommand.class,
      ChecksCommand.class,
      CompareCommand.class,
      RulesCommand.class,
      WebhookCommand.class,
      StatusCommand.class,
      TokenCommand.class
    },
    footer = {
      "",
      "Also: anabranch demo (the whole story, with real numbers), anabranch up (the server) and",
      "anabranch storage (what the disk can do for branches).",
      "",
      "Examples:",
      "  anabranch up &                             # a server with a Postgres of its own as main",
      "  anabranch branch create alice --ttl 4w     # a writable branch of main as it is now",
      "  psql \"$(anabranch branch url alice)\"       # ask, write",
      "  anabranch check alice                      # which answers still hold?",
      "  anabranch diff alice --rows                # what has it changed?",
      "  anabranch promote alice --dry-run          # what would land, what would be held?",
      "",
      "Exit codes: 0 done; 1 failed; 2 usage; 3 done, and something changed, is undecided or is"
          + " held.",
      "Environment: ANABRANCH_URL (default http://127.0.0.1:6480), ANABRANCH_TOKEN (not needed by"
          + " the",
      "server's own user on the server's machine)."
    },
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class)
public final class Cli implements Runnable, Asking.Group {

  private final Map<String, String> environment;
  private final Output output;

  Cli(Map<String, String> environment, Output output) {
    this.environment = environment;
    this.output = output;
  }

  /** The process's entry; ends it with one of the codes in {@link Exit}. */
  public static void main(String[] arguments) {
    boolean watched = Boolean.getBoolean("anabranch.terminal") && System.getenv("NO_COLOR") == null;
    Output output = new Output(writer(System.out), writer(System.err), new Palette(watched));
    System.exit(run(System.getenv(), output, arguments));
  }

  private static PrintWriter writer(java.io.OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /** All commands, for whoever writes about them. */
  public static CommandLine commands() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return new CommandLine(new Cli(Map.of(), new Output(nowhere, nowhere, new Palette(false))));
  }

  /** Runs one command and answers with its exit code; prints through {@code output} only. */
  static int run(Map<String, String> environment, Output output, String... arguments) {
    CommandLine line = new CommandLine(new Cli(environment, output));
    line.setOut(output.out());
    line.setErr(output.err());
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(output.palette().coloured() ? Ansi.ON : Ansi.OFF));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler((e, args) -> usage(output, e));
    line.setExecutionExceptionHandler((e, failed, result) -> failure(output, e));
    return line.execute(arguments);
  }

  @Override
  public void run() {
    throw new CommandFailure(Exit.USAGE, "Missing subcommand: `anabranch --help` lists them.");
  }

  /** The server this process talks to. */
  @Override
  public Cli cli() {
    return this;
  }

  ServerClient server() {
    return ServerClient.ofEnvironment(environment);
  }

  Output output() {
    return output;
  }

  private static int usage(Output output, ParameterException e) {
    String hint = e instanceof UnmatchedArgumentException unmatched ? didYouMean(unmatched) : "";
    output.err().println(e.getMessage() + hint);
    output
        .err()
        .println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
    return Exit.USAGE;
  }

  private static String didYouMean(UnmatchedArgumentException e) {
    return Optional.of(e.getSuggestions())
        .filter(s -> !s.isEmpty())
        .map(s -> " (did you mean " + String.join(" or ", s) + "?)")
        .orElse("");
  }

  private static int failure(Output output, Exception e) {
    if (e instanceof CommandFailure failure) {
      output.err().println(output.palette().bad(failure.sentence()));
      return failure.exitCode();
    }
    output.err().println("This should not have happened: " + e);
    return Exit.FAILED;
  }
}
