package dev.anabranch.gateway.relay;

import dev.anabranch.base.Lsn;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Span;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Follows where a session's transactions begin and end, and reports the ends that matter. */
final class TransactionTracker {

  private final Session session;
  private final SessionSettings settings;
  private final Recorder recorder;
  private long count;
  private Optional<Transaction> open = Optional.empty();

  /**
   * A commit whose own place in the branch's log is not known; told once the branch has said where
   * it stands.
   */
  private Optional<Ending> unlocated = Optional.empty();

  TransactionTracker(Session session, SessionSettings settings, Recorder recorder) {
    this.session = session;
    this.settings = settings;
    this.recorder = recorder;
  }

  /** The transaction that a statement runs in; begins one when there is none. */
  Transaction current(Mark sent) {
    if (open.isEmpty()) {
      tellUnlocated(Optional.empty());
      count++;
      open = Optional.of(new Transaction(count, sent));
    }
    return open.get();
  }

  Optional<Transaction> open() {
    return open;
  }

  void committed(Mark sent) {
    end(
        open.filter(Transaction::isRolledBackInPart).isPresent()
            ? Ending.Kind.COMMITTED_IN_PART
            : Ending.Kind.COMMITTED,
        sent);
  }

  void savepointSet(Transaction transaction, Optional<String> name) {
    transaction.savepoints().set(name, session.clock().tick());
  }

  void rolledBackTo(Transaction transaction, Optional<String> savepoint) {
    transaction.rolledBackTo(savepoint, session.clock().tick());
  }

  void rolledBack(Mark sent) {
    end(Ending.Kind.ROLLED_BACK, sent);
  }

  /**
   * Two-phase commit: whether and when it commits is told by another statement, perhaps of another
   * session.
   */
  void leftUndecided(Mark sent) {
    end(Ending.Kind.UNKNOWN, sent);
  }

  /**
   * ReadyForQuery says that no transaction is open; one that was has ended without a word of its
   * own.
   */
  void idle(Mark sent) {
    if (open.isEmpty()) {
      return;
    }
    Transaction ended = open.get();
    // An implicit transaction's writes can become visible from its first statement on, when that
    // commits inside.
    Mark from = ended.isExplicit() ? sent : ended.began();
    if (!ended.hasFailed()) {
      committed(from);
    } else if (ended.hasCommittedInside()) {
      end(Ending.Kind.UNKNOWN, from);
    } else {
      rolledBack(from);
    }
  }

  /** The connection is gone. */
  void lost(boolean somethingOutstanding) {
    tellUnlocated(Optional.empty());
    open.ifPresent(transaction ->
        end(
            somethingOutstanding ? Ending.Kind.UNKNOWN : Ending.Kind.ROLLED_BACK,
            transaction.began()));
    tellUnlocated(Optional.empty());
  }

  private void end(Ending.Kind kind, Mark sent) {
    if (open.isEmpty()) {
      return;
    }
    Transaction ended = open.get();
    open = Optional.empty();
    settings.setByWords(ended.setByWords());
    if (ended.hasRunCode()) {
      settings.codeRan(List.of());
    } else if (ended.hasChangedSettings()) {
      settings.doubt();
    }
    if (ended.hasChangedCatalogs()) {
      session.unsettling().changed();
    }
    if (!ended.matters()) {
      return;
    }
    Mark done = session.clock().markAfter();
    Ending ending =
        new Ending(
            session.branch(),
            session.id(),
            ended.task(settings.task()),
            ended.number(),
            kind,
            new Span(sent.tick(), done.tick()),
            sent.time(),
            done.time(),
            ended
                .position()
                .map(OwnWrites.UpTo::transactionId)
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty),
            Optional.empty(),
            ended.savepoints().undone());
    boolean wantsPlace =
        kind != Ending.Kind.ROLLED_BACK && ended.surelyWrote() && ending.transactionId().isEmpty();
    tellUnlocated(Optional.empty());
    if (wantsPlace) {
      unlocated = Optional.of(ending);
    } else {
      recorder.record(ending);
    }
  }

  /** Whether the end of a transaction waits to be told until the branch says where it stands. */
  boolean hasUnlocatedEnd() {
    return session.recorded() && unlocated.isPresent();
  }

  /** Whether the branch should be asked where it stands. */
  boolean wantPosition() {
    return session.recorded() && open.map(Transaction::needsLocating).orElse(unlocated.isPresent());
  }

  /** Whether it should be asked for the id of the transaction that is open, too. */
  boolean wantTransactionId() {
    return open.filter(
            transaction -> transaction.position().isEmpty() || transaction.hasCommittedInside())
        .isPresent();
  }

  /** What the branch said: a position of its log. The open transaction's id is as it was. */
  void located(Lsn position) {
    located(
        position,
        open.flatMap(Transaction::position)
            .map(known -> OptionalLong.of(known.transactionId()))
            .orElseGet(OptionalLong::empty));
  }

  /**
   * What the branch said: a position of its log, and the id of the transaction that is open, if it
   * has one.
   */
  void located(Lsn position, OptionalLong transactionId) {
    tellUnlocated(Optional.of(position));
    open.ifPresent(transaction ->
        transaction.located(
            transactionId.isPresent()
                ? Optional.of(new OwnWrites.UpTo(transactionId.getAsLong(), position))
                : Optional.empty()));
  }

  private void tellUnlocated(Optional<Lsn> position) {
    unlocated.ifPresent(ending ->
        recorder.record(
            new Ending(
                ending.branch(),
                ending.session(),
                ending.task(),
                ending.transaction(),
                ending.kind(),
                ending.span(),
                ending.sentAt(),
                ending.doneAt(),
                ending.transactionId(),
                position,
                ending.undone())));
    unlocated = Optional.empty();
  }
}
