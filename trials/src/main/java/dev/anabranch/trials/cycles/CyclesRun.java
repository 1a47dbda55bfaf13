package dev.anabranch.trials.cycles;

import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Options;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The cycles at any size: {@code CyclesRun --seed 1 --promotions 500 [--report yes] [--shrink 40]
 * [--data DIR | --server http://127.0.0.1:6480]}. Ends with 1 when anything was wrong.
 */
public final class CyclesRun {

  private CyclesRun() {}

  public static void main(String[] arguments) throws Exception {
    Options options = Options.of(arguments);
    PrintStream out =
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.out),
            true,
            java.nio.charset.StandardCharsets.UTF_8);
    long seed = options.number("seed", System.nanoTime() & 0xFFFFFF);
    out.println("seed " + seed);
    Tally tally;
    try (TemporaryPostgres judge = TemporaryPostgres.start()) {
      String running = options.text("server", "");
      if (running.isEmpty()) {
        Path data = options.directory("data", "anabranch-cycles");
        try (ServerProcess server = ServerProcess.start(data, Optional.empty(), List.of())) {
          tally = judged(server.product(), judge, seed, options, out);
        }
      } else {
        tally = judged(new Product(URI.create(running)), judge, seed, options, out);
      }
    }
    out.print(tally.table(options.text("report", "no").equals("yes")));
    tally.wrongs().forEach(wrong -> out.println("wrong: " + wrong));
    if (!tally.wrongs().isEmpty()) {
      System.exit(1);
    }
  }

  private static Tally judged(
      Product product, TemporaryPostgres judge, long seed, Options options, PrintStream out)
      throws SQLException {
    return new CyclesOracle(
            product,
            Address.parse(judge.url("postgres")),
            seed,
            (int) options.number("shrink", 40),
            out::println)
        .judge((int) options.number("promotions", 30));
  }
}
