package dev.anabranch.trials.kill;

/** Which process is killed. */
public enum Victim {
  /** The server's own process: gateway, feed, ledger queue, check and promote at once. */
  SERVER,
  /** The postmaster of the round's branch. */
  BRANCH,
  /** The postmaster of the mirror. */
  MIRROR,
  /** The postmaster of the embedded control database. */
  CONTROL
}
