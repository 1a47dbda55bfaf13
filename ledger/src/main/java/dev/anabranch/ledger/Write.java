package dev.anabranch.ledger;

import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;

/**
 * One row written on a branch. Branches log whole rows (REPLICA IDENTITY FULL), so no cell is
 * missing, unless the client itself took that away from a table: then all cells of the row before
 * are {@link dev.anabranch.base.Cell.Absent#UNCHANGED}.
 */
public sealed interface Write {

  TableId table();

  /**
   * A position just inside its record in the branch's log; never falls within a unit. A position
   * read between two statements is at or above all writes of the first and below all writes of the
   * second.
   */
  Lsn lsn();

  record Insert(TableId table, Lsn lsn, Image after) implements Write {}

  record Update(TableId table, Lsn lsn, Image before, Image after) implements Write {}

  record Delete(TableId table, Lsn lsn, Image before) implements Write {}

  /** The whole table was emptied; it can't be folded back and is reported as a fact. */
  record Truncate(TableId table, Lsn lsn) implements Write {}
}
