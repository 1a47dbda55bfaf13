package dev.anabranch.predicate.timeline;

import java.util.List;

/** Where an answer stands among the branch's writes. */
public sealed interface Placement {

  /**
   * One of these; usually there is exactly one. What is claimed of the answer must be true of each.
   *
   * @param alternatives at least one
   */
  record Known(List<Seen> alternatives) implements Placement {
    public Known {
      alternatives = List.copyOf(alternatives);
    }
  }

  /** It can't be said what the answer saw. */
  record Unknown(String why) implements Placement {}
}
