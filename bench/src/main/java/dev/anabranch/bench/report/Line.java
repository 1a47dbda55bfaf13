package dev.anabranch.bench.report;

import java.util.Optional;

/** One thing that was measured. */
public sealed interface Line {

  /** What was measured. */
  String what();

  /** What it should be, where the project has said so. */
  Optional<Goal> goal();

  /** How long something took, each time. */
  record Latencies(String what, Summary milliseconds, Optional<Goal> goal) implements Line {}

  /**
   * One number.
   *
   * @param unit empty for a count
   */
  record Figure(String what, double value, String unit, Optional<Goal> goal) implements Line {}
}
