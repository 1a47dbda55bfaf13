package dev.anabranch.ledger;

import dev.anabranch.base.Lsn;

/** Which uncommitted writes of its own transaction an answer saw. */
public sealed interface OwnWrites {

  /** The transaction had written nothing before. */
  record None() implements OwnWrites {}

  /**
   * All that the transaction had written up to a position.
   *
   * @param transactionId the full (64-bit) transaction id
   * @param upTo every change of that transaction at or below it was seen, none above
   */
  record UpTo(long transactionId, Lsn upTo) implements OwnWrites {}

  /** The transaction had written, and how far is not known (pipelined or multi-statement text). */
  record Unknown(String why) implements OwnWrites {}
}
