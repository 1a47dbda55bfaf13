package dev.anabranch.promote.apply;

/** What became of a transaction on main. */
public enum Fate {
  COMMITTED,
  ROLLED_BACK,
  IN_PROGRESS,
  /** So old that main has forgotten. */
  FORGOTTEN
}
