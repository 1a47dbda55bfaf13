package dev.anabranch.check.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Task;
import dev.anabranch.ledger.Unit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What stays of a ledger: never an answer that could be judged and saw what was taken back. */
class RewindTest {

  private static final BranchId OLD = new BranchId(1);
  private static final BranchId NEXT = new BranchId(2);
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID TWO = new UUID(0, 2);

  private final List<Answer> answers = new ArrayList<>();
  private final List<Ending> endings = new ArrayList<>();
  private final List<Unit> units = new ArrayList<>();

  private void answer(String sql, UUID session, long transaction, long tick, OwnWrites own) {
    answers.add(asked(sql, session, transaction, new Span(tick, tick), own));
  }

  private Answer asked(String sql, UUID session, long transaction, Span span, OwnWrites own) {
    return new Answer(
        answers.size() + 1L,
        OLD,
        session,
        new Task.SessionAlone(),
        transaction,
        span.begin(),
        span,
        own,
        new Question(
            sql, List.of(), new TreeMap<>(Map.of("transaction_isolation", "read committed"))),
        new Result(List.of(), 0, true, true, 0, 0, Optional.empty()),
        "SELECT 0",
        NOON.plusSeconds(span.end()));
  }

  /** A transaction of this session that was committed at this tick, and at this position. */
  private void unit(UUID session, long transaction, long tick, long xid, long position) {
    ending(session, transaction, tick, xid);
    owned(tick, xid, position);
  }

  private void owned(long tick, long xid, long position) {
    units.add(
        new Unit(
            units.size() + 1L,
            OLD,
            xid,
            new Lsn(position),
            NOON.plusSeconds(tick),
            List.of(),
            List.of()));
  }

  private void ending(UUID session, long transaction, long tick, long xid) {
    endings.add(
        new Ending(
            OLD,
            session,
            new Task.SessionAlone(),
            transaction,
            Ending.Kind.COMMITTED,
            new Span(tick, tick),
            NOON.plusSeconds(tick),
            NOON.plusSeconds(tick),
            OptionalLong.of(xid),
            Optional.empty()));
  }

  private List<Ledger.Entry> rewound(long end, Optional<Instant> time) {
    return new Rewind(answers, endings, units, new Lsn(end)).entries(NEXT, time);
  }

  private static List<String> judged(List<Ledger.Entry> entries) {
    return answers(entries, false);
  }

  private static List<String> undecided(List<Ledger.Entry> entries) {
    return answers(entries, true);
  }

  private static List<String> answers(List<Ledger.Entry> entries, boolean withoutSettings) {
    return entries.stream()
        .filter(Ledger.Entry.AnswerGiven.class::isInstance)
        .map(entry -> ((Ledger.Entry.AnswerGiven) entry).answer())
        .filter(answer -> answer.branch().equals(NEXT))
        .filter(answer -> answer.question().settings().isEmpty() == withoutSettings)
        .map(answer -> answer.question().sql())
        .toList();
  }

  @Test
  void anAnswerThatSawWhatIsTakenBackGoes() {
    answer("before", ONE, 1, 1, new OwnWrites.None());
    unit(ONE, 2, 2, 100, 10);
    answer("between", TWO, 1, 3, new OwnWrites.None());
    unit(ONE, 3, 4, 101, 20);
    answer("after", TWO, 2, 5, new OwnWrites.None());
    List<Ledger.Entry> entries = rewound(10, Optional.empty());
    assertThat(judged(entries)).containsExactly("before", "between");
    assertThat(undecided(entries)).isEmpty();
    assertThat(entries)
        .filteredOn(Ledger.Entry.UnitCommitted.class::isInstance)
        .extracting(entry -> ((Ledger.Entry.UnitCommitted) entry).unit().commitLsn())
        .containsExactly(new Lsn(10));
    assertThat(entries)
        .filteredOn(Ledger.Entry.TransactionEnded.class::isInstance)
        .extracting(entry -> ((Ledger.Entry.TransactionEnded) entry).ending().transactionId())
        .containsExactly(OptionalLong.of(100));
  }

  @Test
  void atATimeWhatWasAskedLaterGoesUnlessWorkRestsOnIt() {
    answer("early", TWO, 1, 1, new OwnWrites.None());
    unit(ONE, 2, 2, 100, 10);
    answer("late", TWO, 2, 7, new OwnWrites.None());
    assertThat(judged(rewound(10, Optional.of(NOON.plusSeconds(5))))).containsExactly("early");
    assertThat(judged(rewound(10, Optional.empty()))).containsExactly("early", "late");
  }

  @Test
  void writesOfItsOwnThatAreNotKeptMakeAnAnswerGo() {
    answer("own, kept", ONE, 1, 1, new OwnWrites.UpTo((7L << 32) + 100, new Lsn(9)));
    unit(ONE, 1, 2, 100, 10);
    answer("own, taken back", ONE, 2, 3, new OwnWrites.UpTo((7L << 32) + 101, new Lsn(11)));
    answer("own, rolled back", TWO, 1, 3, new OwnWrites.UpTo((7L << 32) + 102, new Lsn(11)));
    unit(ONE, 2, 4, 101, 20);
    List<Ledger.Entry> entries = rewound(10, Optional.empty());
    assertThat(judged(entries)).containsExactly("own, kept");
    assertThat(undecided(entries)).isEmpty();
  }

  /** A pool reads on one connection and writes on another. */
  @Test
  void whatAnotherSessionWasToldBeforeStaysWithTheWork() {
    unit(ONE, 1, 1, 100, 10);
    answers.add(asked("told", TWO, 1, new Span(2, 7), new OwnWrites.None()));
    unit(ONE, 2, 5, 101, 20);
    unit(ONE, 3, 6, 102, 30);
    List<Ledger.Entry> entries = rewound(20, Optional.empty());
    assertThat(judged(entries)).isEmpty();
    assertThat(undecided(entries)).containsExactly("told");
  }

  /** Nobody asked for the place of a statement that only writes: its transaction tells it. */
  @Test
  void whatAUnitWroteStaysAsItIsWithTheUnit() {
    answer("wrote, kept", ONE, 1, 1, new OwnWrites.Unknown("judged as a whole"));
    unit(ONE, 1, 2, 100, 10);
    answer("wrote, taken back", ONE, 2, 3, new OwnWrites.Unknown("judged as a whole"));
    unit(ONE, 2, 4, 101, 20);
    List<Ledger.Entry> entries = rewound(10, Optional.empty());
    assertThat(judged(entries)).containsExactly("wrote, kept");
    assertThat(undecided(entries)).isEmpty();
  }

  @Test
  void workOfAnUnknownSessionKeepsEveryAnswerAndThoseThatMayHaveSeenMoreUndecided() {
    owned(2, 100, 10); // nobody's ending: it may rest on any answer
    answer("may have seen", ONE, 1, 5, new OwnWrites.None());
    owned(4, 101, 20); // nobody's: any answer may have seen it
    List<Ledger.Entry> entries = rewound(10, Optional.empty());
    assertThat(judged(entries)).isEmpty();
    assertThat(undecided(entries)).containsExactly("may have seen");
  }
}
