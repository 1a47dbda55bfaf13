package dev.anabranch.predicate.timeline;

import dev.anabranch.ledger.Ending;
import java.util.List;

/** Whose transaction a unit was. */
public sealed interface Owner {

  /**
   * This one's: the transaction ids are the same, or it is the only one that committed at that
   * moment.
   */
  record One(Ending ending) implements Owner {}

  /**
   * One of these, or none: several transactions ended around the moment of the commit.
   *
   * @param endings those that may be it; empty when nothing that passed through the gateway can be
   *     it
   */
  record Unclear(List<Ending> endings) implements Owner {
    public Unclear {
      endings = List.copyOf(endings);
    }
  }
}
