package dev.anabranch.predicate.verdict;

/** How a verdict was reached, cheapest first. */
public enum Proof {
  /** No change on any relation of the footprint since the fork point. */
  UNTOUCHED,
  /** Changes, but only to columns outside the footprint. */
  COLUMNS,
  /** No changed row matches, before or after. */
  PREDICATE,
  /** The rows that matched cancel out. */
  NET,
  /** Exact by algebra. */
  RULE,
  /** Asked again on a scratch branch of main now, with the branch's units applied. */
  RERUN,
  /** None: volatile, external or failing. */
  NONE
}
