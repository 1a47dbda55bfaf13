package dev.anabranch.trials.soak;

import dev.anabranch.cluster.Program;
import dev.anabranch.trials.drive.Address;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Postgres's own load generator with its TPC-B-like transactions, after each of which the balances
 * of accounts, tellers and branches add up to the same.
 *
 * @param program the program
 * @param main where the load goes
 */
public record Pgbench(Path program, Address main) {

  /** True whenever one looks at a transaction boundary. */
  static final String BALANCED =
      "SELECT (SELECT sum(abalance) FROM pgbench_accounts) = (SELECT sum(tbalance) FROM"
          + " pgbench_tellers) AND (SELECT sum(tbalance) FROM pgbench_tellers) = (SELECT"
          + " sum(bbalance) FROM pgbench_branches)";

  private static final Duration GRACE = Duration.ofSeconds(60);

  /** The program on this machine's search path, if there is one. */
  public static Optional<Path> find() {
    for (String directory : System.getenv().getOrDefault("PATH", "/usr/bin").split(":")) {
      Path program = Path.of(directory, "pgbench");
      if (!directory.isEmpty() && Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }

  /** Makes and fills its tables: a hundred thousand accounts for each unit of scale. */
  void fill(int scale) {
    Program.mustRun(
        "filling pgbench's tables",
        command("-i", "-q", "-s", Integer.toString(scale)),
        java.util.Map.of());
  }

  /** Load in a process of its own, which ends by itself. */
  Load start(Duration duration, int clients, int transactionsPerSecond, Path log)
      throws IOException {
    List<String> command =
        command(
            "-n",
            "-c",
            Integer.toString(clients),
            "-T",
            Long.toString(duration.toSeconds()),
            "-R",
            Integer.toString(transactionsPerSecond));
    return new Load(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(log.toFile())
            .start(),
        log,
        duration);
  }

  private List<String> command(String... options) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(options));
    command.add(main.url());
    return command;
  }

  /**
   * Load that runs.
   *
   * @param process pgbench
   * @param log its output
   * @param duration how long it was told to run
   */
  record Load(Process process, Path log, Duration duration) {

    /** Waits for its end and returns what it printed; it failed when its status is not 0. */
    String end() throws IOException, InterruptedException {
      if (!process.waitFor(duration.plus(GRACE).toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return Files.readString(log);
    }

    boolean failed() {
      return process.isAlive() || process.exitValue() != 0;
    }
  }
}
