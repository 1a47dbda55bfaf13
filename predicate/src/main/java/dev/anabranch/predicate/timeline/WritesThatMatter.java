package dev.anabranch.predicate.timeline;

import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Unit;

/** Which of a branch's writes can matter to an answer. Never too narrow. */
@FunctionalInterface
public interface WritesThatMatter {

  /** Whether writes to a table can matter. */
  boolean reads(TableId table);

  /**
   * Whether it can matter that an answer saw a unit, of which it is not known whether it did: this
   * unit alone, the rows that it wrote being otherwise as the branch had them.
   */
  default boolean bears(Unit unit) {
    return unit.writes().stream().anyMatch(write -> reads(write.table()));
  }
}
