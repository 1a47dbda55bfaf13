package dev.anabranch.ledger;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableShape;
import java.time.Instant;
import java.util.List;

/**
 * One committed transaction of a branch: its row writes, decoded from the branch's own log.
 *
 * @param id given by the ledger, in commit order
 * @param branch the branch's life
 * @param transactionId the 32-bit transaction id, as decoding reports it
 * @param commitLsn the end of its commit record in the branch's log
 * @param committedAt the branch's commit timestamp
 * @param shapes the layout of every table its writes touch, when written
 * @param writes in the order they happened
 */
public record Unit(
    long id,
    BranchId branch,
    long transactionId,
    Lsn commitLsn,
    Instant committedAt,
    List<TableShape> shapes,
    List<Write> writes) {
  public Unit {
    shapes = List.copyOf(shapes);
    writes = List.copyOf(writes);
  }

  /** The same transaction, with its writes told in another way. */
  public Unit with(List<Write> told) {
    return new Unit(id, branch, transactionId, commitLsn, committedAt, shapes, told);
  }
}
