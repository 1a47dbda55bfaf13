package dev.anabranch.cluster;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs a program of Postgres or of the system to its end and keeps what it printed. */
public final class Program {

  private static final int QUOTED_CHARACTERS = 600;

  private Program() {}

  /**
   * @param exit its exit status, 0 for success
   * @param output what it wrote to both of its streams
   */
  public record Outcome(int exit, String output) {

    public boolean succeeded() {
      return exit == 0;
    }
  }

  public static Outcome run(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    try {
      Process process = builder.start();
      try {
        byte[] output = process.getInputStream().readAllBytes();
        return new Outcome(process.waitFor(), new String(output, StandardCharsets.UTF_8));
      } catch (InterruptedException e) {
        process.destroy();
        Thread.currentThread().interrupt();
        return new Outcome(-1, "interrupted");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("starting " + command.getFirst(), e);
    }
  }

  public static Outcome run(List<String> command) {
    return run(command, Map.of());
  }

  /**
   * @param doing completes "Postgres failed while ..."
   * @throws AnabranchException with the program's last words when it fails
   */
  public static String mustRun(
      String doing, List<String> command, Map<String, String> environment) {
    Outcome outcome = run(command, environment);
    if (!outcome.succeeded()) {
      throw failure(doing, outcome.output());
    }
    return outcome.output();
  }

  /** A Postgres failure that quotes the end of what was printed; a full disk gets its own code. */
  public static AnabranchException failure(String doing, String output) {
    String text = output.strip();
    if (text.contains("No space left on device")) {
      return new AnabranchException(ErrorCode.STORAGE_FULL, "Anabranch's data");
    }
    return new AnabranchException(ErrorCode.POSTGRES_FAILED, doing, end(text));
  }

  /** Whole lines, but for a last one that is too long by itself. */
  static String end(String text) {
    if (text.length() <= QUOTED_CHARACTERS) {
      return text;
    }
    int cut = text.length() - QUOTED_CHARACTERS;
    int line = text.charAt(cut - 1) == '\n' ? cut : text.indexOf('\n', cut) + 1;
    return line > 0 ? text.substring(line) : "…" + text.substring(cut);
  }
}
