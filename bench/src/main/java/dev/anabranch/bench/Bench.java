package dev.anabranch.bench;

import dev.anabranch.bench.check.CheckBenchmark;
import dev.anabranch.bench.create.CreateBenchmark;
import dev.anabranch.bench.feed.FeedBenchmark;
import dev.anabranch.bench.gateway.GatewayBenchmark;
import dev.anabranch.bench.gateway.Load;
import dev.anabranch.bench.live.LiveBenchmark;
import dev.anabranch.bench.measure.Benchmark;
import dev.anabranch.bench.measure.Findings;
import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.pool.IdleBenchmark;
import dev.anabranch.bench.pool.LeaseBenchmark;
import dev.anabranch.bench.pool.RefillBenchmark;
import dev.anabranch.bench.pool.SiblingsBenchmark;
import dev.anabranch.bench.pool.StormBenchmark;
import dev.anabranch.bench.promote.PromoteBenchmark;
import dev.anabranch.bench.promote.SyncBenchmark;
import dev.anabranch.bench.report.Machine;
import dev.anabranch.bench.report.Report;
import dev.anabranch.bench.report.ReportText;
import dev.anabranch.trials.drive.Address;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * {@code bench/run}: one command for each benchmark. Ends with 0, with 1 when something happened
 * that must not happen at any speed, and with 2 when it was asked for something that there is not.
 */
@Command(
    name = "bench/run",
    description = "Measures Anabranch against a baseline in the same run.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "NAME",
    sortOptions = false,
    showDefaultValues = true,
    scope = ScopeType.INHERIT)
public final class Bench {

  private static final int FAILED = 1;
  private static final int BRIEF_SCALE = 2;

  /** How the report is printed. */
  enum Format {
    TEXT,
    JSON
  }

  @Option(
      names = "--data",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "A directory on the filesystem to measure.")
  private Path data = Path.of(System.getProperty("java.io.tmpdir"));

  @Option(
      names = "--format",
      paramLabel = "text|json",
      scope = ScopeType.INHERIT,
      description = "How the report is printed.")
  private Format format = Format.TEXT;

  @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one here

  Bench() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line as users meet it. */
  static CommandLine commandLine() {
    return new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** Branches: from the wish to the first answer. */
  @Command(description = "From wishing for a branch to its first answer.")
  int create(
      @Option(names = "--rows", defaultValue = "500000", description = "Accounts on main.")
          int rows,
      @Option(names = "--branches", defaultValue = "30", description = "Of an existing image.")
          int branches,
      @Option(names = "--forks", defaultValue = "10", description = "At new fork points.")
          int forks,
      @Option(names = "--copies", defaultValue = "5", description = "For the baseline.") int copies,
      @Option(names = "--tps", defaultValue = "100", description = "Transactions on main.")
          int perSecond,
      @Option(names = "--clients", defaultValue = "4", description = "That write them.")
          int clients,
      @Option(names = "--seconds", defaultValue = "5", description = "Of them alone.") int seconds,
      @Option(
              names = "--main",
              paramLabel = "URL",
              description = {
                "A main that is there, is filled before a server follows it, and keeps its rows;",
                "for sizes whose every row a feed need not see."
              })
          Optional<String> main)
      throws SQLException {
    requirePositive("rows", rows, "branches", branches, "forks", forks, "copies", copies);
    requirePositive("tps", perSecond, "clients", clients, "seconds", seconds);
    CreateBenchmark create =
        new CreateBenchmark(
            new CreateBenchmark.Size(rows, branches, forks, copies, perSecond, clients, seconds));
    if (main.isPresent()) {
      spec.commandLine().getErr().println("create: filling main, before a server follows it");
      create.fillAhead(Address.parse(main.get()));
    }
    return measure(create, main);
  }

  /** Many callers who want a branch at once. */
  @Command(description = "A hundred callers who want a branch at the same moment.")
  int lease(
      @Option(names = "--callers", defaultValue = "100", description = "At once.") int callers,
      @Option(names = "--rounds", defaultValue = "5", description = "Of them.") int rounds,
      @Option(names = "--single", defaultValue = "50", description = "Of one caller alone.")
          int single,
      @Option(names = "--ephemeral", description = "Branches that a power cut may take.")
          boolean ephemeral) {
    requirePositive("callers", callers, "rounds", rounds, "single", single);
    return measure(new LeaseBenchmark(new LeaseBenchmark.Size(callers, rounds, single, ephemeral)));
  }

  /** Spares made per second. */
  @Command(description = "How fast the pool is filled.")
  int refill(
      @Option(names = "--spares", defaultValue = "100", description = "Of each sort.") int spares,
      @Option(names = "--rounds", defaultValue = "3", description = "Of making them of nothing.")
          int rounds,
      @Option(names = "--copies", defaultValue = "20", description = "For the baseline.")
          int copies,
      @Option(names = "--ephemeral", description = "Branches that a power cut may take.")
          boolean ephemeral) {
    requirePositive("spares", spares, "rounds", rounds, "copies", copies);
    return measure(
        new RefillBenchmark(new RefillBenchmark.Size(spares, rounds, copies, ephemeral)));
  }

  /** More callers than branches wait. */
  @Command(description = "Many callers who change schema and rows, against a smaller pool.")
  int storm(
      @Option(names = "--leases", defaultValue = "500", description = "In all.") int leases,
      @Option(names = "--spread", defaultValue = "0", description = "Seconds over which they come.")
          int spread,
      @Option(names = "--hot", defaultValue = "100", description = "Running spares.") int hot,
      @Option(names = "--cold", defaultValue = "100", description = "Clones.") int cold,
      @Option(names = "--durable", description = "Branches that survive a power cut.")
          boolean durable) {
    requirePositive("leases", leases, "hot", hot, "cold", cold);
    return measure(
        new StormBenchmark(new StormBenchmark.Size(leases, spread, hot, cold, !durable)));
  }

  /** What idle branches cost. */
  @Command(description = "Memory and disk of branches that do nothing.")
  int idle(
      @Option(names = "--branches", defaultValue = "300", description = "That idle.") int branches,
      @Option(names = "--ephemeral", description = "Branches that a power cut may take.")
          boolean ephemeral) {
    requirePositive("branches", branches);
    return measure(new IdleBenchmark(new IdleBenchmark.Size(branches, ephemeral)));
  }

  /** Whether many branches slow down the next. */
  @Command(description = "Creating a branch after many others have come and gone.")
  int siblings(
      @Option(names = "--siblings", defaultValue = "1000", description = "That come and go.")
          int siblings,
      @Option(names = "--measured", defaultValue = "30", description = "At each end.")
          int measured) {
    requirePositive("siblings", siblings, "measured", measured);
    return measure(new SiblingsBenchmark(new SiblingsBenchmark.Size(siblings, measured)));
  }

  /** Checks against asking everything again. */
  @Command(description = "A check against asking everything again.")
  int check(
      @Option(names = "--orders", defaultValue = "200000", description = "Rows asked about.")
          int orders,
      @Option(names = "--answers", defaultValue = "100", description = "Questions asked.")
          int answers,
      @Option(names = "--changes", defaultValue = "10000", description = "Rows main changes.")
          int changes,
      @Option(names = "--checks", defaultValue = "3", description = "How often to check.")
          int checks,
      @Option(
              names = "--rest",
              defaultValue = "0",
              description = "Seconds before the first check, in which the server may prepare it.")
          int rest,
      @Option(names = "--seed", defaultValue = "1", description = "Decides what is asked.")
          long seed,
      @Option(names = "--large", description = "1,000 answers, 100,000 changes, 1,000,000 orders.")
          boolean large) {
    requirePositive("orders", orders, "answers", answers, "changes", changes, "checks", checks);
    if (!large && (long) changes * 6 / 10 >= orders / 2) {
      throw wrong("--changes " + changes + " is too many for --orders " + orders);
    }
    return measure(
        new CheckBenchmark(
            large
                ? new CheckBenchmark.Size(1_000_000, 1_000, 100_000, checks, rest, seed)
                : new CheckBenchmark.Size(orders, answers, changes, checks, rest, seed)));
  }

  /** Promotions, and what main's writers feel of them. */
  @Command(description = "A promotion, and what main's writers feel of it.")
  int promote(
      @Option(names = "--rows", defaultValue = "10000", description = "That land.") int rows,
      @Option(names = "--units", defaultValue = "100", description = "Transactions of the branch.")
          int units,
      @Option(names = "--rounds", defaultValue = "3", description = "Branches promoted.")
          int rounds,
      @Option(names = "--writers", defaultValue = "4", description = "On main.") int writers,
      @Option(names = "--tps", defaultValue = "200", description = "Their transactions.")
          int perSecond,
      @Option(names = "--seconds", defaultValue = "10", description = "Writers alone.")
          int seconds) {
    requirePositive("rows", rows, "units", units, "rounds", rounds, "writers", writers);
    requirePositive("tps", perSecond, "seconds", seconds);
    if (rows % 2 != 0 || units > rows / 2) {
      throw wrong("--rows " + rows + " must be even, and at least twice --units " + units);
    }
    return measure(
        new PromoteBenchmark(
            new PromoteBenchmark.Size(rows, units, rounds, writers, perSecond, seconds)));
  }

  /** Branches that move onto main as it is now. */
  @Command(description = "A branch that moves onto main as it is now.")
  int sync(
      @Option(names = "--rows", defaultValue = "10000", description = "Of work on the branch.")
          int rows,
      @Option(names = "--units", defaultValue = "100", description = "Its transactions.") int units,
      @Option(names = "--rounds", defaultValue = "3", description = "Branches synced.")
          int rounds) {
    requirePositive("rows", rows, "units", units, "rounds", rounds);
    if (rows % 2 != 0 || units > rows / 2) {
      throw wrong("--rows " + rows + " must be even, and at least twice --units " + units);
    }
    return measure(new SyncBenchmark(new SyncBenchmark.Size(rows, units, rounds)));
  }

  /** Changes decoded and stored. */
  @Command(description = "Main's changes, decoded and stored.")
  int feed(
      @Option(names = "--rows", defaultValue = "500000", description = "Changed in bulk.") int rows,
      @Option(names = "--commits", defaultValue = "50000", description = "Of one row each.")
          int commits) {
    requirePositive("rows", rows, "commits", commits);
    return measure(new FeedBenchmark(new FeedBenchmark.Size(rows, commits)));
  }

  /** Verdicts told as main moves. */
  @Command(description = "From a commit on main to the flip at who watches a branch.")
  int live(
      @Option(names = "--answers", defaultValue = "100000", description = "Given on the branch.")
          int answers,
      @Option(names = "--tps", defaultValue = "1000", description = "Transactions on main.")
          int perSecond,
      @Option(names = "--flips", defaultValue = "40", description = "Answers that change.")
          int flips,
      @Option(names = "--idle", defaultValue = "10", description = "Seconds with no watcher.")
          int idle) {
    requirePositive("answers", answers, "tps", perSecond, "flips", flips, "idle", idle);
    if (flips > answers) {
      throw wrong("--flips " + flips + " must be at most --answers " + answers);
    }
    return measure(new LiveBenchmark(new LiveBenchmark.Size(answers, perSecond, flips, idle)));
  }

  /** What stands between a client and its branch. */
  @Command(description = "The gateway beside PgBouncer and beside nothing in between.")
  int gateway(
      @Option(names = "--seconds", defaultValue = "1", description = "Of each run.") int seconds,
      @Option(names = "--rounds", defaultValue = "1", description = "Of all of them.") int rounds,
      @Option(
              names = "--clients",
              defaultValue = "1,8,64",
              split = ",",
              description = "At once, one number for each load.")
          List<Integer> clients,
      @Option(
              names = "--modes",
              defaultValue = "simple,extended,prepared",
              split = ",",
              description = "How statements are sent.")
          List<Load.Mode> modes,
      @Option(
              names = "--mixes",
              defaultValue = "select,tpcb",
              split = ",",
              description = "What they are.")
          List<Load.Mix> mixes,
      @Option(names = "--scale", defaultValue = "10", description = "Of pgbench's tables.")
          int scale,
      @Option(names = "--idle", defaultValue = "40", description = "Idle connections.") int idle,
      @Option(
              names = "--profile",
              paramLabel = "FILE",
              description = "Where the server's flight recording goes.")
          Optional<Path> profile,
      @Option(
              names = "--brief",
              description = "One round, prepared, 1 and 8 clients, small tables.")
          boolean brief) {
    requirePositive("seconds", seconds, "rounds", rounds, "scale", scale, "idle", idle);
    clients.forEach(count -> requirePositive("clients", count));
    return measure(
        new GatewayBenchmark(
            new GatewayBenchmark.Size(
                seconds,
                brief ? 1 : rounds,
                brief ? List.of(1, 8) : clients,
                brief ? List.of(Load.Mode.PREPARED) : modes,
                mixes,
                brief ? Math.min(scale, BRIEF_SCALE) : scale,
                idle,
                profile)));
  }

  private void requirePositive(Object... namesAndValues) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if ((int) namesAndValues[i + 1] < 1) {
        throw wrong("--" + namesAndValues[i] + " must be at least 1");
      }
    }
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  private int measure(Benchmark benchmark) {
    return measure(benchmark, Optional.empty());
  }

  private int measure(Benchmark benchmark, Optional<String> main) {
    PrintWriter err = spec.commandLine().getErr();
    Report report;
    try (Ground ground = Ground.below(data.toAbsolutePath(), main)) {
      report = run(benchmark, ground, line -> err.println(benchmark.name() + ": " + line));
    } catch (Exception e) {
      err.println(benchmark.name() + " could not be measured: " + e);
      return FAILED;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        switch (format) {
          case TEXT -> ReportText.of(report);
          case JSON -> report.json() + System.lineSeparator();
        });
    out.flush();
    return report.failures().isEmpty() ? 0 : FAILED;
  }

  /** Runs a benchmark and writes down what it found. */
  static Report run(Benchmark benchmark, Ground ground, Consumer<String> progress)
      throws Exception {
    Instant date = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    double loadBefore = Machine.load();
    Findings findings = new Findings(progress);
    benchmark.run(ground, findings);
    return new Report(
        benchmark.name(),
        date,
        ground.machine(),
        loadBefore,
        Machine.load(),
        benchmark.options(),
        findings.lines(),
        findings.failures());
  }
}
