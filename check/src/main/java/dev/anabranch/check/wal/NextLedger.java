package dev.anabranch.check.wal;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The ledger of a branch's next life, in which its transactions were done again: the same answers
 * and units in the same order, with the transactions' ids and the positions that they have there.
 *
 * <p>Ids that the next life gives out mean nothing of the life before, and the other way round. So
 * an answer that saw writes of its own transaction can be taken over only where that was done
 * again, and an ending keeps no id but that of its unit.
 */
public final class NextLedger {

  private static final long LOW_32_BITS = 0xFFFF_FFFFL;

  private final Map<Long, Pair> byTransactionId = new HashMap<>();
  private final Map<TransactionOf, Pair> byOwner = new HashMap<>();
  private final List<Pair> pairs;

  /**
   * A unit that was done again.
   *
   * @param before as it is in the life before
   * @param owner whose transaction it was
   * @param after as the next life's log has it
   * @param transactionId its whole id there
   */
  public record Pair(Unit before, Ending owner, Unit after, long transactionId) {
    public Pair {
      if (before.writes().size() != after.writes().size()
          || (transactionId & LOW_32_BITS) != after.transactionId()) {
        throw new IllegalArgumentException("unit " + before.id() + " is not what was done again");
      }
    }
  }

  private record TransactionOf(UUID session, long transaction) {
    static TransactionOf of(Answer answer) {
      return new TransactionOf(answer.session(), answer.transaction());
    }

    static TransactionOf of(Ending ending) {
      return new TransactionOf(ending.session(), ending.transaction());
    }
  }

  /**
   * @param pairs in commit order
   */
  public NextLedger(List<Pair> pairs) {
    this.pairs = List.copyOf(pairs);
    pairs.forEach(pair -> {
      byTransactionId.put(pair.before().transactionId(), pair);
      byOwner.put(TransactionOf.of(pair.owner()), pair);
    });
  }

  /**
   * Its entries.
   *
   * @param answers those that are taken over
   * @param endings all of the life before
   * @throws IllegalArgumentException when an answer saw writes that were not done again
   */
  public List<Ledger.Entry> entries(BranchId next, List<Answer> answers, List<Ending> endings) {
    List<Ledger.Entry> entries = new ArrayList<>();
    answers.forEach(answer ->
        entries.add(
            new Ledger.Entry.AnswerGiven(of(next, answer, seen(answer.ownWrites(), answer)))));
    endings.forEach(ending -> entries.add(new Ledger.Entry.TransactionEnded(of(next, ending))));
    pairs.forEach(pair -> entries.add(new Ledger.Entry.UnitCommitted(of(next, pair))));
    return entries;
  }

  private OwnWrites seen(OwnWrites seen, Answer answer) {
    return switch (seen) {
      case OwnWrites.None none -> none;
      case OwnWrites.Unknown unknown -> unknown;
      case OwnWrites.UpTo(long id, Lsn upTo) -> {
        Pair pair = byTransactionId.get(id & LOW_32_BITS);
        if (pair == null || !TransactionOf.of(pair.owner()).equals(TransactionOf.of(answer))) {
          throw new IllegalArgumentException(
              "answer " + answer.id() + " saw writes that were not done again");
        }
        yield new OwnWrites.UpTo(pair.transactionId(), position(pair, upTo));
      }
    };
  }

  /** At or above as many of the unit's writes as the other position, and below the next one. */
  private static Lsn position(Pair pair, Lsn upTo) {
    int seen = 0;
    for (Write write : pair.before().writes()) {
      seen += write.lsn().isAfter(upTo) ? 0 : 1;
    }
    List<Write> writes = pair.after().writes();
    return seen > 0 ? writes.get(seen - 1).lsn() : new Lsn(writes.getFirst().lsn().value() - 1);
  }

  private static Answer of(BranchId next, Answer a, OwnWrites seen) {
    return new Answer(
        0,
        next,
        a.session(),
        a.task(),
        a.transaction(),
        a.transactionBegan(),
        a.span(),
        seen,
        a.question(),
        a.result(),
        a.commandTag(),
        a.askedAt(),
        a.withheld());
  }

  /**
   * What is not one of the units has no writes in the next life, and what nobody saw the end of has
   * ended there without any.
   */
  private Ending of(BranchId next, Ending e) {
    Optional<Pair> pair = Optional.ofNullable(byOwner.get(TransactionOf.of(e)));
    Ending.Kind kind =
        switch (e.kind()) {
          case COMMITTED, COMMITTED_IN_PART, ROLLED_BACK -> e.kind();
          case UNKNOWN -> pair.isPresent() ? e.kind() : Ending.Kind.ROLLED_BACK;
        };
    return new Ending(
        next,
        e.session(),
        e.task(),
        e.transaction(),
        kind,
        e.span(),
        e.sentAt(),
        e.doneAt(),
        pair.map(one -> OptionalLong.of(one.transactionId())).orElse(OptionalLong.empty()),
        pair.map(one -> one.after().commitLsn()),
        e.undone());
  }

  /** The moment at which it was committed stays that of the life before. */
  private static Unit of(BranchId next, Pair pair) {
    Unit after = pair.after();
    return new Unit(
        0,
        next,
        after.transactionId(),
        after.commitLsn(),
        pair.before().committedAt(),
        after.shapes(),
        after.writes());
  }
}
