package dev.anabranch.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code anabranch diff NAME}: what it changed. */
@Command(
    name = "diff",
    description = {
      "Say what a branch has changed since its fork; with --behind, what main has.",
      "What was set and set back is no change. A row whose key changed is one that went and one"
          + " that came."
    },
    footer = {
      "",
      "Examples:",
      "  anabranch diff alice                           # how many rows in which tables",
      "  anabranch diff alice --rows --table orders     # which rows, and what of them",
      "  anabranch diff alice --behind --rows           # what main has changed meanwhile",
      "  anabranch diff alice --schema                  # tables, columns, indexes, functions …",
      "  anabranch diff alice --format sql > work.sql   # statements that do the same",
      "",
      "Exit code 3 when anything differs, 0 when nothing does."
    })
final class DiffCommand implements Callable<Integer> {

  /** How it is told. */
  private enum Form {
    JSON,
    TEXT,
    CSV,
    SQL
  }

  @ParentCommand private Cli cli = Commands.unset();

  @Parameters(paramLabel = "NAME", description = "The branch.")
  private String name = "";

  @Option(names = "--behind", description = "What main has changed since the fork, instead.")
  private boolean behind;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "Only this table and its partitions, such as orders, or public.orders.")
  private Optional<String> table = Optional.empty();

  @Option(
      names = "--kind",
      paramLabel = "insert|update|delete",
      description = "Only rows that came, changed or went; may be given more than once.")
  private List<String> kinds = new ArrayList<>();

  @Option(
      names = "--unit",
      paramLabel = "N",
      description = "Only what this unit (one transaction of the branch) did.")
  private Optional<String> unit = Optional.empty();

  @Option(names = "--pending", description = "Only what has not landed on main yet.")
  private boolean pending;

  @Option(names = "--rows", description = "Each row, not only how many. csv and sql always do.")
  private boolean rows;

  @Option(
      names = "--schema",
      description =
          "Definitions, too: tables, columns, indexes, constraints, views, functions, triggers,"
              + " policies, types, sequences, grants.")
  private boolean schema;

  @Option(
      names = "--format",
      paramLabel = "json|text|csv|sql",
      defaultValue = "text",
      description =
          "What to print: json or csv for programs, text for people, sql for another database"
              + " (default: ${DEFAULT-VALUE}).")
  private Form form = Form.TEXT;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  private boolean helpAsked;

  @Override
  public Integer call() {
    cli.output().progress("comparing " + name + " …");
    String path = Selection.path(Commands.branchPath(name, "diff"), parameters());
    boolean differs =
        cli.server()
            .awake(
                name,
                () ->
                    cli.server()
                        .read(
                            path,
                            stream -> {
                              if (form == Form.TEXT) {
                                new DiffText(cli.output()).print(stream);
                              } else {
                                cli.output().copy(stream);
                              }
                            }));
    return differs ? Exit.LOOK : Exit.DONE;
  }

  boolean isHelp() {
    return helpAsked;
  }

  private List<String> parameters() {
    List<String> parameters = new ArrayList<>();
    flag(parameters, "behind", behind);
    table.ifPresent(t -> parameters.add(Selection.parameter("table", t)));
    kinds.forEach(kind -> parameters.add(Selection.parameter("kind", kind)));
    unit.ifPresent(u -> parameters.add(Selection.parameter("unit", u)));
    flag(parameters, "pending", pending);
    flag(parameters, "rows", rows);
    flag(parameters, "schema", schema);
    String sent = form == Form.TEXT ? "json" : form.name().toLowerCase(Locale.ROOT);
    parameters.add(Selection.parameter("format", sent));
    return parameters;
  }

  private static void flag(List<String> parameters, String flag, boolean on) {
    if (on) {
      parameters.add(Selection.parameter(flag, "true"));
    }
  }
}
