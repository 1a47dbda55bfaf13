package dev.anabranch.check.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.check.wal.NextLedger.Pair;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Task;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.predicate.timeline.Owner;
import dev.anabranch.predicate.timeline.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Answers see in the next life as much of their own transaction as they did, and no more. */
class NextLedgerTest {

  private static final BranchId OLD = new BranchId(1);
  private static final BranchId NEXT = new BranchId(2);
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID TWO = new UUID(0, 2);
  private static final TableId TABLE = new TableId(16_500);
  private static final long WHOLE_ID = (3L << 32) + 900;

  private static Answer answer(long id, UUID session, long transaction, OwnWrites own) {
    return new Answer(
        id,
        OLD,
        session,
        new Task.SessionAlone(),
        transaction,
        id,
        new Span(id, id),
        own,
        new Question(
            "SELECT " + id,
            List.of(),
            new TreeMap<>(Map.of("transaction_isolation", "read committed"))),
        new Result(List.of(), 0, true, true, 0, 0, Optional.empty()),
        "SELECT 0",
        NOON.plusSeconds(id));
  }

  private static Ending ending(UUID session, long transaction, Ending.Kind kind, long id) {
    return new Ending(
        OLD,
        session,
        new Task.SessionAlone(),
        transaction,
        kind,
        new Span(50, 50),
        NOON,
        NOON,
        OptionalLong.of(id),
        Optional.of(new Lsn(5_000)));
  }

  private static Unit unit(long id, long transactionId, long... positions) {
    List<Write> writes = new ArrayList<>();
    for (long position : positions) {
      writes.add(
          new Write.Insert(
              TABLE, new Lsn(position), new Image(List.of(new Cell.Text("" + writes.size())))));
    }
    return new Unit(
        id,
        OLD,
        transactionId,
        new Lsn(positions[positions.length - 1] + 50),
        NOON.plusSeconds(id),
        List.of(),
        writes);
  }

  private static final Ending OWNER = ending(ONE, 1, Ending.Kind.COMMITTED, 700);
  private static final Pair PAIR =
      new Pair(unit(7, 700, 101, 201, 301), OWNER, unit(0, 900, 8_001, 8_101, 8_201), WHOLE_ID);

  private static OwnWrites seen(long upTo) {
    return new NextLedger(List.of(PAIR))
            .entries(
                NEXT,
                List.of(answer(1, ONE, 1, new OwnWrites.UpTo(700, new Lsn(upTo)))),
                List.of(OWNER))
            .stream()
            .flatMap(entry ->
                entry instanceof Ledger.Entry.AnswerGiven(Answer given)
                    ? List.of(given.ownWrites()).stream()
                    : List.<OwnWrites>of().stream())
            .findFirst()
            .orElseThrow();
  }

  @Test
  void anAnswerSawAsManyOfItsTransactionsWrites() {
    assertThat(seen(100)).isEqualTo(new OwnWrites.UpTo(WHOLE_ID, new Lsn(8_000)));
    assertThat(seen(101)).isEqualTo(new OwnWrites.UpTo(WHOLE_ID, new Lsn(8_001)));
    assertThat(seen(300)).isEqualTo(new OwnWrites.UpTo(WHOLE_ID, new Lsn(8_101)));
    assertThat(seen(999)).isEqualTo(new OwnWrites.UpTo(WHOLE_ID, new Lsn(8_201)));
  }

  @Test
  void anAnswerThatSawWhatWasNotDoneAgainIsNotTakenOver() {
    NextLedger ledger = new NextLedger(List.of(PAIR));
    for (Answer other :
        List.of(
            answer(1, ONE, 1, new OwnWrites.UpTo(701, new Lsn(101))),
            answer(1, TWO, 1, new OwnWrites.UpTo(700, new Lsn(101))),
            answer(1, ONE, 2, new OwnWrites.UpTo(700, new Lsn(101))))) {
      assertThatThrownBy(() -> ledger.entries(NEXT, List.of(other), List.of(OWNER)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anIdThatIsGivenOutAgainIsNobodysButItsUnits() {
    Ending readOnly = ending(TWO, 4, Ending.Kind.COMMITTED, 900);
    Ending lost = ending(TWO, 5, Ending.Kind.UNKNOWN, 901);
    List<Ledger.Entry> entries =
        new NextLedger(List.of(PAIR)).entries(NEXT, List.of(), List.of(OWNER, readOnly, lost));
    List<Ending> endings = new ArrayList<>();
    List<Unit> units = new ArrayList<>();
    for (Ledger.Entry entry : entries) {
      switch (entry) {
        case Ledger.Entry.TransactionEnded(Ending ending) -> endings.add(ending);
        case Ledger.Entry.UnitCommitted(Unit unit) -> units.add(unit);
        case Ledger.Entry.AnswerGiven ignored -> throw new AssertionError("nobody asked");
      }
    }

    assertThat(endings)
        .extracting(Ending::transactionId)
        .containsExactly(OptionalLong.of(WHOLE_ID), OptionalLong.empty(), OptionalLong.empty());
    assertThat(endings)
        .extracting(Ending::kind)
        .containsExactly(Ending.Kind.COMMITTED, Ending.Kind.COMMITTED, Ending.Kind.ROLLED_BACK);
    assertThat(units).hasSize(1);
    assertThat(units.getFirst().branch()).isEqualTo(NEXT);
    assertThat(units.getFirst().committedAt()).isEqualTo(NOON.plusSeconds(7));
    assertThat(units.getFirst().writes()).isEqualTo(PAIR.after().writes());
    assertThat(new Timeline(endings, units).owner(units.getFirst()))
        .isInstanceOfSatisfying(
            Owner.One.class, owner -> assertThat(owner.ending().session()).isEqualTo(ONE));
  }

  @Test
  void aUnitOfOtherWritesIsNotTheSame() {
    assertThatThrownBy(() -> new Pair(unit(7, 700, 101, 201), OWNER, unit(0, 900, 8_001), WHOLE_ID))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Pair(unit(7, 700, 101), OWNER, unit(0, 901, 8_001), WHOLE_ID))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
