package dev.anabranch.predicate.rule;

import dev.anabranch.predicate.Proof;

/** What the changes alone say about an answer. */
public sealed interface Finding {

  /** It is the same. */
  record Proven(Proof proof, String reason) implements Finding {}

  /** It may be another: ask again. */
  record Open(String why, Tally tally) implements Finding {}

  /**
   * Main and the branch contradict each other in rows that bear on it; asking again would hide
   * that.
   */
  record Contradicted(String why, Tally tally) implements Finding {}
}
