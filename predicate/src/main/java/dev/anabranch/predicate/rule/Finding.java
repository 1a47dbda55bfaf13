package dev.anabranch.predicate.rule;

import dev.anabranch.base.TableId;
import dev.anabranch.predicate.Proof;
import java.util.Set;

/** What the changes alone say about an answer. */
public sealed interface Finding {

  /** It is the same. */
  record Proven(Proof proof, String reason) implements Finding {}

  /**
   * It may be another: ask again.
   *
   * @param unexamined tables that were not looked at for contradictions
   */
  record Open(String why, Tally tally, Set<TableId> unexamined) implements Finding {
    public Open {
      unexamined = Set.copyOf(unexamined);
    }
  }

  /**
   * Main and the branch contradict each other in rows that bear on it; asking again would hide
   * that.
   */
  record Contradicted(String why, Tally tally) implements Finding {}
}
