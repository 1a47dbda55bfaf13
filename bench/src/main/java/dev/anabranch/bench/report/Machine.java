package dev.anabranch.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where a benchmark ran.
 *
 * @param filesystem the type of the one below the data directory
 * @param sharesBlocks whether a copy shares its blocks there
 * @param postgres main's version
 */
public record Machine(
    int cores,
    String processor,
    double memoryGigabytes,
    String kernel,
    String java,
    String filesystem,
    boolean sharesBlocks,
    String postgres) {

  private static final double KILOBYTES_PER_GIGABYTE = 1 << 20;

  /** This machine. */
  public static Machine here(String filesystem, boolean sharesBlocks, String postgres) {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        field("/proc/cpuinfo", "model name"),
        Double.parseDouble(field("/proc/meminfo", "MemTotal").replaceAll("\\D", ""))
            / KILOBYTES_PER_GIGABYTE,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.version"),
        filesystem,
        sharesBlocks,
        postgres);
  }

  /** The system's load average over the last minute: how much else was going on. */
  public static double load() {
    return Double.parseDouble(read("/proc/loadavg").split(" ")[0]);
  }

  private static String field(String file, String name) {
    return read(file)
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("0 (not told)");
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  /** In one line. */
  public String inWords() {
    return String.format(
        Locale.ROOT,
        "%d cores (%s), %.0f GB, %s; %s, where a copy %s; Postgres %s; Java %s",
        cores,
        processor,
        memoryGigabytes,
        kernel,
        filesystem,
        sharesBlocks ? "shares its blocks" : "is a full copy",
        postgres,
        java);
  }
}
