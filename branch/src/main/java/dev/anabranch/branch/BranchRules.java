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
 * @param taskGap how long nobody works on a branch before what comes next is another window of work
 */
public record BranchRules(
    Optional<Duration> suspendAfter,
    Duration keepDeleted,
    BranchLimits limits,
    ReplicaLimits views,
    Duration taskGap) {

  /** The usual gap between windows of work. */
  public static final Duration TASK_GAP = Duration.ofMinutes(15);

  /** With as many views as there usually may be. */
  public BranchRules(Optional<Duration> suspendAfter, Duration keepDeleted, BranchLimits limits) {
    this(suspendAfter, keepDeleted, limits, ReplicaLimits.usual(), TASK_GAP);
  }

  /** Never suspended, gone when deleted, as many as anybody likes. */
  public static BranchRules none() {
    return new BranchRules(Optional.empty(), Duration.ZERO, BranchLimits.none());
  }

  /** The same with deleted branches kept for so long. */
  public BranchRules keepingDeleted(Duration time) {
    return new BranchRules(suspendAfter, time, limits, views, taskGap);
  }

  /** The same with branches that are suspended after so long. */
  public BranchRules suspendingAfter(Duration time) {
    return new BranchRules(Optional.of(time), keepDeleted, limits, views, taskGap);
  }

  /** The same with these limits. */
  public BranchRules within(BranchLimits bounds) {
    return new BranchRules(suspendAfter, keepDeleted, bounds, views, taskGap);
  }

  /** The same with windows of work that so long a pause ends. */
  public BranchRules withTaskGap(Duration gap) {
    return new BranchRules(suspendAfter, keepDeleted, limits, views, gap);
  }

  /** The same with these views. */
  public BranchRules withViews(ReplicaLimits bounds) {
    return new BranchRules(suspendAfter, keepDeleted, limits, bounds, taskGap);
  }
}
