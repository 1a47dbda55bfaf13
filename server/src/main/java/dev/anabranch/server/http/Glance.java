package dev.anabranch.server.http;

import dev.anabranch.base.Lsn;
import dev.anabranch.branch.storage.DiskUse;
import dev.anabranch.predicate.CheckReport;
import java.time.Instant;
import java.util.Optional;

/**
 * What was found out about a branch last, told without asking for it again.
 *
 * @param size what it takes of the disk
 * @param verdicts how many of its answers got which
 * @param waiting what there was to decide
 */
public record Glance(
    Optional<Measured> size, Optional<Verdicts> verdicts, Optional<Waiting> waiting) {

  /** Of what nobody has looked at yet. */
  public static final Glance NOTHING =
      new Glance(Optional.empty(), Optional.empty(), Optional.empty());

  /** What it took of the disk at one moment. */
  public record Measured(DiskUse use, Instant at) {}

  /** How its answers were as of one position, and when that was found out. */
  public record Verdicts(CheckReport.Counts counts, Lsn asOf, Instant at) {}

  /** How many facts were open as of one position, and when that was found out. */
  public record Waiting(int facts, Lsn asOf, Instant at) {}
}
