package dev.anabranch.trials.oracle;

import dev.anabranch.trials.drive.Options;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The oracle at any size: {@code OracleRun --seed 1 --verdicts 20000 [--questions 200] [--data DIR]
 * [--shrink 60]}. Ends with 1 when a hold was false, an answer was lost, or a report showed rows
 * that brute force does not give.
 */
public final class OracleRun {

  private OracleRun() {}

  public static void main(String[] arguments) throws Exception {
    Options options = Options.of(arguments);
    PrintStream out =
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.out),
            true,
            java.nio.charset.StandardCharsets.UTF_8);
    long seed = options.number("seed", System.nanoTime() & 0xFFFFFF);
    Path data = options.directory("data", "anabranch-oracle");
    out.println("seed " + seed + ", data in " + data);
    boolean sound;
    try (ServerProcess server = ServerProcess.start(data, Optional.empty(), List.of())) {
      Oracle oracle =
          new Oracle(
              server.product(),
              seed,
              (int) options.number("questions", 200),
              (int) options.number("shrink", 60),
              out::println);
      Tally tally = oracle.judge((int) options.number("verdicts", 2000));
      out.print(tally.table());
      tally.defects().stream().limit(20).forEach(defect -> out.println("defect: " + defect));
      tally.falseHolds().forEach(wrong -> out.println("false hold: " + wrong));
      sound = tally.falseHolds().isEmpty() && tally.defects().isEmpty();
    }
    if (!sound) {
      System.exit(1);
    }
  }
}
