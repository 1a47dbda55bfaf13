package dev.anabranch.bench.gateway;

import dev.anabranch.cluster.Program;
import dev.anabranch.trials.drive.Address;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Postgres's own load generator.
 *
 * @param program the program
 * @param logs an empty directory that it may write to
 */
record Pgbench(Path program, Path logs) {

  private static final Pattern TRANSACTIONS =
      Pattern.compile("number of transactions actually processed: (\\d+)");
  private static final Pattern SPEED =
      Pattern.compile("tps = ([0-9.]+) \\(without initial connection time\\)");
  private static final int MICROS_FIELD = 2;
  private static final long NANOS_PER_MICRO = 1_000;

  /**
   * One run.
   *
   * @param transactions in all
   * @param perSecond without the time for connecting
   * @param nanos how long each took, where that was asked for
   */
  record Outcome(long transactions, double perSecond, List<Long> nanos) {

    Outcome {
      nanos = List.copyOf(nanos);
    }

    /** The same work, which took so much longer until all of it was done. */
    Outcome stretched(double seconds, double more) {
      return new Outcome(transactions, perSecond * seconds / (seconds + more), nanos);
    }
  }

  /** Makes and fills its tables: a hundred thousand accounts for each unit of scale. */
  void fill(Address main, int scale) {
    Program.mustRun(
        "filling pgbench's tables",
        List.of(program.toString(), "-i", "-q", "-s", Integer.toString(scale), main.url()),
        Map.of());
  }

  /**
   * Runs a load.
   *
   * @param timed whether to write down how long each transaction took
   */
  Outcome run(Way way, Load load, int seconds, boolean timed) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString(), "-n"));
    command.addAll(load.options());
    command.addAll(List.of("-T", Integer.toString(seconds)));
    command.addAll(List.of("-h", way.host(), "-p", Integer.toString(way.port()), "-U", way.user()));
    if (timed) {
      command.addAll(List.of("-l", "--log-prefix=" + logs.resolve("log")));
    }
    command.add(way.database());
    String said =
        Program.mustRun(
            "running pgbench over " + way.words(),
            command,
            Map.of(
                "PGPASSWORD", way.password(), "PGSSLMODE", "disable", "PGGSSENCMODE", "disable"));
    return new Outcome(
        Long.parseLong(found(TRANSACTIONS, said)),
        Double.parseDouble(found(SPEED, said)),
        timed ? takeLogs() : List.of());
  }

  private static String found(Pattern pattern, String said) {
    Matcher matcher = pattern.matcher(said);
    if (!matcher.find()) {
      throw new IllegalStateException("pgbench said something else: " + said);
    }
    return matcher.group(1);
  }

  private List<Long> takeLogs() throws IOException {
    List<Long> nanos = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(logs, "log*")) {
      for (Path file : files) {
        for (String line : Files.readAllLines(file)) {
          nanos.add(Long.parseLong(line.split(" ")[MICROS_FIELD]) * NANOS_PER_MICRO);
        }
        Files.delete(file);
      }
    }
    return nanos;
  }
}
