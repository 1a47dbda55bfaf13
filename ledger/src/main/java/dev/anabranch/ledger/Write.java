package dev.anabranch.ledger;

import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;

/**
 * One row written on a branch. Branches log whole rows (REPLICA IDENTITY FULL), so no cell is
 * missing.
 */
public sealed interface Write {

  TableId table();

  /** Where it stands in the branch's log; grows within a unit. */
  Lsn lsn();

  record Insert(TableId table, Lsn lsn, Image after) implements Write {}

  record Update(TableId table, Lsn lsn, Image before, Image after) implements Write {}

  record Delete(TableId table, Lsn lsn, Image before) implements Write {}

  /** The whole table was emptied; it can't be folded back and is reported as a fact. */
  record Truncate(TableId table, Lsn lsn) implements Write {}
}
