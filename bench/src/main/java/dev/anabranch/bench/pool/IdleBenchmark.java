package dev.anabranch.bench.pool;

import dev.anabranch.bench.measure.Benchmark;
import dev.anabranch.bench.measure.Findings;
import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.report.Goal;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.cluster.Program;
import dev.anabranch.trials.drive.PostgresProcess;
import dev.anabranch.trials.drive.Product;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a branch costs that was asked something once and does nothing: memory as the system divides
 * it between those who share it (PSS), and room on the disk, as the filesystem says before and
 * after.
 */
public final class IdleBenchmark implements Benchmark {

  private static final double GOAL_MEMORY_MEGABYTES = 5;
  private static final double GOAL_DISK_MEGABYTES = 1;
  private static final double KILOBYTES_PER_MEGABYTE = 1024;
  private static final double BYTES_PER_MEGABYTE = 1 << 20;
  private static final int FEW = 2;
  private static final int PARENT = 1;

  /**
   * @param branches that idle
   * @param ephemeral whether they may be lost with the machine's power
   */
  public record Size(int branches, boolean ephemeral) {}

  private final Size size;

  public IdleBenchmark(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("branches", Integer.toString(size.branches()));
    options.put("ephemeral", Boolean.toString(size.ephemeral()));
    return options;
  }

  @Override
  public void run(Ground ground, Findings findings) throws Exception {
    Product product = ground.product();
    new Tellers(1_000).fill(ground.main());
    Pooled.restartWithout(ground);
    Product.Wish wish =
        size.ephemeral() ? Product.Wish.latest().thrownAway() : Product.Wish.latest();
    // The image is there before the disk is looked at, and what all branches share.
    product.create(nameOf(0), wish).texts(Tellers.QUESTION);
    double before = freeMegabytes(ground);
    findings.doing(size.branches() + " branches");
    Crowd.fewAtATime(
        size.branches(),
        FEW,
        i -> () -> product.create(nameOf(i + 1), wish).texts(Tellers.QUESTION),
        findings);
    findings.doing("looking at them");
    double disk = (before - freeMegabytes(ground)) / size.branches();
    Memory memory = memory(ground);
    findings.figure("running", memory.clusters(), "");
    findings.figure("processes each", (double) memory.processes() / memory.clusters(), "");
    double each = memory.megabytes() / memory.clusters();
    findings.figure(
        "memory each (PSS)",
        each,
        "MB",
        Goal.atMost("", GOAL_MEMORY_MEGABYTES, "MB", each)
            .published("dozens of branches on a machine"));
    findings.figure(
        "disk each, on shared blocks",
        disk,
        "MB",
        Goal.atMost("", GOAL_DISK_MEGABYTES, "MB", disk));
    double image = imageMegabytes(ground);
    findings.figure("baseline: a full copy of the image", image, "MB");
    findings.figure("full copy ÷ branch, disk", image / disk, "×");
    findings.doing("removing them");
    Crowd.fewAtATime(size.branches() + 1, FEW, i -> () -> product.delete(nameOf(i)), findings);
    ground.server().restart(List.of());
  }

  private static String nameOf(int number) {
    return "bench-idle-" + number;
  }

  /** After all that was written so far has found its place. */
  private static double freeMegabytes(Ground ground) throws IOException {
    Program.run(List.of("sync", "-f", ground.home().toString()));
    return Files.getFileStore(ground.home()).getUnallocatedSpace() / BYTES_PER_MEGABYTE;
  }

  private static double imageMegabytes(Ground ground) {
    String sizes =
        Program.run(List.of("du", "-sk", DataLayout.of(ground.server().data()).golden().toString()))
            .output();
    return Double.parseDouble(sizes.split("\\s")[0]) / KILOBYTES_PER_MEGABYTE;
  }

  /** Of all branches' processes together. */
  private record Memory(int clusters, int processes, double megabytes) {}

  private static Memory memory(Ground ground) throws IOException {
    Set<Long> postmasters =
        PostgresProcess.below(DataLayout.of(ground.server().data()).branches()).stream()
            .map(PostgresProcess::pid)
            .collect(Collectors.toSet());
    int processes = 0;
    double kilobytes = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : all) {
        if (postmasters.contains(Long.parseLong(process.getFileName().toString()))
            || postmasters.contains(parentOf(process))) {
          processes++;
          kilobytes += proportional(process);
        }
      }
    }
    return new Memory(postmasters.size(), processes, kilobytes / KILOBYTES_PER_MEGABYTE);
  }

  private static long parentOf(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"));
      return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[PARENT]);
    } catch (IOException e) {
      return -1; // it has ended
    }
  }

  private static double proportional(Path process) throws IOException {
    return Files.readAllLines(process.resolve("smaps_rollup")).stream()
        .filter(line -> line.startsWith("Pss:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
        .sum();
  }
}
