package dev.anabranch.ledger;

import dev.anabranch.base.BranchId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One result that a client got on a branch: rows, or that something was written, or refused.
 *
 * @param id given by the ledger, growing
 * @param branch the branch's life
 * @param session one client connection through the gateway
 * @param task what it was asked for
 * @param transaction the session's transactions counted from 1; each autocommitted statement is one
 * @param transactionBegan the tick at which that transaction's first statement was forwarded; what
 *     other sessions committed after it may or may not have been seen
 * @param span the statement's own span
 * @param ownWrites what it saw of its own transaction's writes
 * @param question what was asked
 * @param result what came back
 * @param commandTag Postgres's command tag, such as {@code SELECT 3} or {@code INSERT 0 1}, but
 *     {@code COPY TO 3} and {@code COPY FROM 3} for its {@code COPY 3}, and {@code ERROR 23505
 *     name_key} for a {@link Refusal}
 * @param askedAt wall-clock time of forwarding
 * @param withheld why nothing is known of it but that it was given: the session kept it out; empty
 *     for all others
 */
public record Answer(
    long id,
    BranchId branch,
    UUID session,
    Task task,
    long transaction,
    long transactionBegan,
    Span span,
    OwnWrites ownWrites,
    Question question,
    Result result,
    String commandTag,
    Instant askedAt,
    Optional<Withheld> withheld) {

  /** An answer that nobody kept out. */
  public Answer(
      long id,
      BranchId branch,
      UUID session,
      Task task,
      long transaction,
      long transactionBegan,
      Span span,
      OwnWrites ownWrites,
      Question question,
      Result result,
      String commandTag,
      Instant askedAt) {
    this(
        id,
        branch,
        session,
        task,
        transaction,
        transactionBegan,
        span,
        ownWrites,
        question,
        result,
        commandTag,
        askedAt,
        Optional.empty());
  }

  /** Its id's alone: that tells answers apart, and the rest is long. */
  @Override
  public int hashCode() {
    return Long.hashCode(id);
  }

  /** Whether it was said when constraints are looked at; that writes nothing. */
  public boolean setsConstraints() {
    return commandTag.equals(Told.SET_CONSTRAINTS);
  }

  /** What it told the client: rows, an effect, or a refusal. */
  public Told told() {
    return Told.by(commandTag);
  }

  /** The same, as if something else had been asked. */
  public Answer asking(Question other) {
    return new Answer(
        id,
        branch,
        session,
        task,
        transaction,
        transactionBegan,
        span,
        ownWrites,
        other,
        result,
        commandTag,
        askedAt,
        withheld);
  }

  /** The same, having seen other writes of its own transaction. */
  public Answer seeing(OwnWrites writes) {
    return new Answer(
        id,
        branch,
        session,
        task,
        transaction,
        transactionBegan,
        span,
        writes,
        question,
        result,
        commandTag,
        askedAt,
        withheld);
  }

  /** The same, kept out by a session that has wanted none of its answers kept since then. */
  public Answer withheldSince(Instant since) {
    return new Answer(
        id,
        branch,
        session,
        task,
        transaction,
        transactionBegan,
        span,
        ownWrites,
        question,
        result,
        commandTag,
        askedAt,
        Optional.of(new Withheld(since, askedAt, 1)));
  }
}
