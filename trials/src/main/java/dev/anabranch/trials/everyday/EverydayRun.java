package dev.anabranch.trials.everyday;

import dev.anabranch.trials.drive.Options;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Prints how much of everyday work lands: {@code EverydayRun [--folder trials/everyday] [--server
 * http://127.0.0.1:6480]}. Ends with 1 when work landed that rests on what main changed.
 */
public final class EverydayRun {

  private EverydayRun() {}

  public static void main(String[] arguments) throws Exception {
    Options options = Options.of(arguments);
    PrintStream out =
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.out),
            true,
            java.nio.charset.StandardCharsets.UTF_8);
    Path folder = Path.of(options.text("folder", "trials/everyday"));
    String name = "everyday-" + Long.toString(System.nanoTime() & 0xFFFFFF, Character.MAX_RADIX);
    String running = options.text("server", "");
    Everyday.Outcome outcome;
    if (running.isEmpty()) {
      Path data = options.directory("data", "anabranch-everyday");
      try (ServerProcess server = ServerProcess.start(data, Optional.empty(), List.of())) {
        outcome = new Everyday(server.product(), folder, name).tell();
      }
    } else {
      outcome = new Everyday(new Product(URI.create(running)), folder, name).tell();
    }
    out.print(outcome.table());
    if (!outcome.wronglyLanded().isEmpty()) {
      System.exit(1);
    }
  }
}
