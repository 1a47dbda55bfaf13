package dev.anabranch.ledger;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * How a session's transaction ended, as the gateway saw it: the link between a session and the
 * transactions found in the branch's log. Written for every transaction that may have written, and
 * for every explicit transaction in which an answer was given.
 *
 * @param branch the branch's life
 * @param session the client connection
 * @param task what the transaction was for
 * @param transaction the session's transaction, as in {@link Answer#transaction()}
 * @param kind how it ended
 * @param span from the forwarding of the statement that ended it to its completion
 * @param sentAt wall clock when that statement was forwarded (same clock as the branch's commit
 *     timestamps)
 * @param doneAt wall clock when its completion came back
 * @param transactionId the full transaction id where the gateway learned it
 * @param positionAfter a position of the branch's log at or after the commit, where the gateway
 *     learned it
 * @param undone what of it was rolled back to savepoints before it ended
 */
public record Ending(
    BranchId branch,
    UUID session,
    Task task,
    long transaction,
    Kind kind,
    Span span,
    Instant sentAt,
    Instant doneAt,
    OptionalLong transactionId,
    Optional<Lsn> positionAfter,
    Undone undone) {

  /** Of a transaction that rolled nothing back to a savepoint. */
  public Ending(
      BranchId branch,
      UUID session,
      Task task,
      long transaction,
      Kind kind,
      Span span,
      Instant sentAt,
      Instant doneAt,
      OptionalLong transactionId,
      Optional<Lsn> positionAfter) {
    this(
        branch,
        session,
        task,
        transaction,
        kind,
        span,
        sentAt,
        doneAt,
        transactionId,
        positionAfter,
        Undone.nothing());
  }

  /** Whether nothing may be left of a statement that ended at this tick. */
  public boolean mayHaveTakenBack(long end) {
    return switch (kind) {
      case COMMITTED, COMMITTED_IN_PART -> undone.mayHold(end);
      case ROLLED_BACK, UNKNOWN -> true;
    };
  }

  /** How a transaction ended. */
  public enum Kind {
    COMMITTED,
    ROLLED_BACK,
    /** Committed after a ROLLBACK TO SAVEPOINT: {@link Ending#undone} tells what that undid. */
    COMMITTED_IN_PART,
    /** The connection was lost before the end was seen. */
    UNKNOWN
  }
}
