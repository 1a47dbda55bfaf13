package dev.anabranch.branch;

import java.time.Duration;
import java.util.Optional;

/**
 * What holds for every branch of a server.
 *
 * @param suspendAfter a branch that nobody has used for so long is stopped until somebody connects;
 *     empty: never
 * @param keepDeleted how long a deleted branch can be brought back; zero: not at all
 * @param limits how many there may be
 * @param views the same of views of the past
 */
public record BranchRules(
    Optional<Duration> suspendAfter, Duration keepDeleted, BranchLimits limits, ViewLimits views) {

  /** With as many views as there usually may be. */
  public BranchRules(Optional<Duration> suspendAfter, Duration keepDeleted, BranchLimits limits) {
    this(suspendAfter, keepDeleted, limits, ViewLimits.usual());
  }

  /** Never suspended, gone when deleted, as many as anybody likes. */
  public static BranchRules none() {
    return new BranchRules(Optional.empty(), Duration.ZERO, BranchLimits.none());
  }

  /** The same with deleted branches kept for so long. */
  public BranchRules keepingDeleted(Duration time) {
    return new BranchRules(suspendAfter, time, limits, views);
  }

  /** The same with branches that are suspended after so long. */
  public BranchRules suspendingAfter(Duration time) {
    return new BranchRules(Optional.of(time), keepDeleted, limits, views);
  }

  /** The same with these limits. */
  public BranchRules within(BranchLimits bounds) {
    return new BranchRules(suspendAfter, keepDeleted, bounds, views);
  }

  /** The same with these views. */
  public BranchRules withViews(ViewLimits bounds) {
    return new BranchRules(suspendAfter, keepDeleted, limits, bounds);
  }
}
