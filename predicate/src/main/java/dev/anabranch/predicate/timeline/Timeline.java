package dev.anabranch.predicate.timeline;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Puts a branch's answers and units in order.
 *
 * <p>Ticks of the gateway order what passed through it; a unit's place is that of the statement
 * which ended its transaction. Where spans overlap, or nobody knows whose transaction a unit was,
 * both orders are possible and both are given.
 */
public final class Timeline {

  /** Above this many units of unknown order, nothing is claimed. */
  static final int MAX_UNORDERED = 4;

  private static final long LOW_32_BITS = 0xFFFF_FFFFL;

  /**
   * The control database keeps microseconds, and commit timestamps are taken just before the commit
   * is done.
   */
  private static final Duration CLOCK_SLACK = Duration.ofMillis(5);

  private final List<Unit> units;
  private final Map<Long, Owner> owners = new HashMap<>();
  private final Map<TransactionOf, Ending> endings = new HashMap<>();

  private record TransactionOf(UUID session, long transaction) {}

  /**
   * @param units in commit order
   */
  public Timeline(List<Ending> endings, List<Unit> units) {
    this.units = List.copyOf(units);
    endings.forEach(ending ->
        this.endings.put(new TransactionOf(ending.session(), ending.transaction()), ending));
    Set<Ending> identified = new HashSet<>();
    for (Unit unit : units) {
      byTransactionId(unit, endings)
          .ifPresent(ending -> {
            owners.put(unit.id(), new Owner.One(ending));
            identified.add(ending);
          });
    }
    for (Unit unit : units) {
      owners.computeIfAbsent(unit.id(), ignored -> byMoment(unit, endings, identified));
    }
  }

  /** Whose transaction a unit was. */
  public Owner owner(Unit unit) {
    return owners.getOrDefault(unit.id(), new Owner.Unclear(List.of()));
  }

  private static Optional<Ending> byTransactionId(Unit unit, List<Ending> endings) {
    return endings.stream()
        .filter(ending -> mayHaveCommitted(ending))
        .filter(ending -> ending.transactionId().isPresent())
        .filter(
            ending -> (ending.transactionId().getAsLong() & LOW_32_BITS) == unit.transactionId())
        .findFirst();
  }

  private static Owner byMoment(Unit unit, List<Ending> endings, Set<Ending> identified) {
    List<Ending> possible =
        endings.stream()
            .filter(ending -> mayHaveCommitted(ending) && !identified.contains(ending))
            .filter(ending -> ending.transactionId().isEmpty())
            .filter(ending -> !unit.committedAt().isBefore(ending.sentAt().minus(CLOCK_SLACK)))
            .filter(ending ->
                ending.kind() == Ending.Kind.UNKNOWN
                    || !unit.committedAt().isAfter(ending.doneAt().plus(CLOCK_SLACK)))
            .filter(ending ->
                ending.positionAfter().map(after -> !unit.commitLsn().isAfter(after)).orElse(true))
            .toList();
    return new Owner.Unclear(possible);
  }

  private static boolean mayHaveCommitted(Ending ending) {
    return switch (ending.kind()) {
      case COMMITTED, COMMITTED_IN_PART, UNKNOWN -> true;
      case ROLLED_BACK -> false;
    };
  }

  /**
   * What an answer saw of the branch's own writes.
   *
   * @param bears whether writes to a table can matter to the answer; units that touch no such table
   *     are left out
   */
  public Placement place(Answer answer, Predicate<TableId> bears) {
    Optional<String> lost = ownWritesLost(answer);
    if (lost.isPresent()) {
      return new Placement.Unknown(lost.get());
    }
    List<Unit> surely = new ArrayList<>();
    List<Unit> perhaps = new ArrayList<>();
    Optional<Seen.Part> own = Optional.empty();
    for (Unit unit : units) {
      if (unit.writes().stream().noneMatch(write -> bears.test(write.table()))) {
        continue;
      }
      if (isOwn(answer, unit)) {
        own = ownPart(answer, unit);
        continue;
      }
      switch (visibility(answer, unit)) {
        case SEEN -> surely.add(unit);
        case UNCLEAR -> perhaps.add(unit);
        case NOT_SEEN -> {}
      }
    }
    return perhaps.size() > MAX_UNORDERED
        ? new Placement.Unknown("too many writes were under way when it was asked")
        : new Placement.Known(combinations(surely, perhaps, own));
  }

  /** Whether an answer may have seen a unit's writes; on any doubt, yes. */
  public boolean maySee(Answer answer, Unit unit) {
    boolean own = isOwn(answer, unit) || !(answer.ownWrites() instanceof OwnWrites.None);
    return own || visibility(answer, unit) != Visibility.NOT_SEEN;
  }

  private List<Seen> combinations(List<Unit> surely, List<Unit> perhaps, Optional<Seen.Part> own) {
    List<Seen> alternatives = new ArrayList<>();
    for (int choice = 0; choice < 1 << perhaps.size(); choice++) {
      List<Unit> seen = new ArrayList<>();
      for (Unit unit : units) {
        int place = perhaps.indexOf(unit);
        if (place < 0 ? surely.contains(unit) : (choice >> place & 1) == 1) {
          seen.add(unit);
        }
      }
      alternatives.add(new Seen(seen, own));
    }
    return alternatives;
  }

  /** Why what the answer's own transaction had written is not among the units. */
  private Optional<String> ownWritesLost(Answer answer) {
    return switch (answer.ownWrites()) {
      case OwnWrites.None ignored -> Optional.empty();
      case OwnWrites.Unknown(String why) ->
          Optional.of("what it saw of its own transaction's writes is not known: " + why);
      case OwnWrites.UpTo ignored -> {
        Ending ending = endings.get(new TransactionOf(answer.session(), answer.transaction()));
        if (ending == null) {
          yield Optional.of("its transaction, which had written, has not ended");
        }
        yield switch (ending.kind()) {
          case COMMITTED -> Optional.empty();
          case ROLLED_BACK, COMMITTED_IN_PART -> Optional.of("it saw writes that were rolled back");
          case UNKNOWN ->
              Optional.of("it is not known how its transaction, which had written, ended");
        };
      }
    };
  }

  private static boolean isOwn(Answer answer, Unit unit) {
    return answer.ownWrites() instanceof OwnWrites.UpTo(long id, Lsn ignored)
        && (id & LOW_32_BITS) == unit.transactionId();
  }

  private static Optional<Seen.Part> ownPart(Answer answer, Unit unit) {
    return answer.ownWrites() instanceof OwnWrites.UpTo(long ignored, Lsn upTo)
        ? Optional.of(new Seen.Part(unit, upTo))
        : Optional.empty();
  }

  private enum Visibility {
    SEEN,
    NOT_SEEN,
    UNCLEAR
  }

  private Visibility visibility(Answer answer, Unit unit) {
    return switch (owner(unit)) {
      case Owner.One(Ending ending) -> visibility(answer, ending);
      case Owner.Unclear(List<Ending> possible) -> {
        Set<Visibility> all =
            possible.stream().map(ending -> visibility(answer, ending)).collect(Collectors.toSet());
        yield all.size() == 1 ? all.iterator().next() : Visibility.UNCLEAR;
      }
    };
  }

  private static Visibility visibility(Answer answer, Ending ending) {
    if (ending.session().equals(answer.session())) {
      // A session does one thing after another. Its own transaction's writes are told by OwnWrites,
      // and there were none.
      return ending.transaction() < answer.transaction() ? Visibility.SEEN : Visibility.NOT_SEEN;
    }
    Span snapshot = snapshotTaken(answer);
    if (ending.span().begin() > snapshot.end()) {
      return Visibility.NOT_SEEN;
    }
    boolean known = ending.kind() != Ending.Kind.UNKNOWN;
    return known && ending.span().isBefore(snapshot) ? Visibility.SEEN : Visibility.UNCLEAR;
  }

  /**
   * When the statement's snapshot was taken: under READ COMMITTED with the statement, else with the
   * transaction's first.
   */
  private static Span snapshotTaken(Answer answer) {
    String isolation = answer.question().settings().getOrDefault("transaction_isolation", "");
    boolean perStatement =
        isolation.equals("read committed") || isolation.equals("read uncommitted");
    return perStatement
        ? answer.span()
        : new Span(Math.min(answer.transactionBegan(), answer.span().begin()), answer.span().end());
  }
}
