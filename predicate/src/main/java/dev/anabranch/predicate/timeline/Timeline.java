package dev.anabranch.predicate.timeline;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Puts a branch's answers and units in order.
 *
 * <p>Ticks of the gateway order what passed through it; a unit's place is that of the statement
 * which ended its transaction. Where spans overlap, or nobody knows whose transaction a unit was,
 * both orders are possible and both are given.
 *
 * <p>Units come in commit order, and the ticks of their endings grow with it but for what was under
 * way at once. So of the units before one place an answer saw all, of those from another one on
 * none, and only those between are looked at one by one: what an answer costs grows with how much
 * was under way when it was asked, not with how much the branch has done.
 */
public final class Timeline {

  private static final long LOW_32_BITS = 0xFFFF_FFFFL;

  private final Past past;
  private final Traps traps;
  private final List<Owner> owners = new ArrayList<>();
  private final Map<TransactionOf, Ending> endings = new LinkedHashMap<>();
  private final Map<Long, Integer> byTransactionId = new HashMap<>();
  private final Window window;

  private record TransactionOf(UUID session, long transaction) {}

  /** Of a branch of which nothing has landed. */
  public Timeline(List<Ending> endings, List<Unit> units) {
    this(endings, new Past(units, Landed.NOTHING));
  }

  public Timeline(List<Ending> endings, Past past) {
    this(endings, past, Map.of(), Traps.NONE);
  }

  public Timeline(List<Ending> endings, Past past, Map<Long, Ending> makers) {
    this(endings, past, makers, Traps.NONE);
  }

  /**
   * @param makers whose transaction a unit was, by its id, where more is known than the moments
   *     tell
   * @param traps rules that are off
   */
  public Timeline(List<Ending> endings, Past past, Map<Long, Ending> makers, Traps traps) {
    this.past = past;
    this.traps = traps;
    endings.forEach(ending ->
        this.endings.put(new TransactionOf(ending.session(), ending.transaction()), ending));
    Owners known = new Owners(endings);
    for (int place = 0; place < past.units().size(); place++) {
      Unit unit = past.units().get(place);
      Ending maker = makers.get(unit.id());
      owners.add(maker == null ? known.of(unit) : new Owner.One(maker));
      byTransactionId.put(unit.transactionId(), place);
    }
    this.window = new Window(owners);
  }

  /** The same, with whose some units were. */
  public Timeline knowing(Map<Long, Ending> makers) {
    return new Timeline(List.copyOf(endings.values()), past, makers, traps);
  }

  /** What is put in order. */
  public Past past() {
    return past;
  }

  /** Whose transaction a unit was. */
  public Owner owner(Unit unit) {
    int place = past.placeOf(unit);
    return place < 0 ? new Owner.Unclear(List.of()) : owners.get(place);
  }

  /**
   * What an answer saw of the branch's own writes, as far as that matters to it: what does not is
   * given in one way only.
   */
  public Placement place(Answer answer, WritesThatMatter scope) {
    Optional<String> lost = ownWritesLost(answer);
    if (lost.isPresent()) {
      return new Placement.Unknown(lost.get());
    }
    Orders orders = new Orders(past, scope);
    Optional<Seen.Part> own = ownPart(answer).filter(part -> past.touches(place(part), scope));
    own.ifPresent(part -> orders.hadWritten(place(part), part));
    Span snapshot = snapshotTaken(answer);
    int surely = window.allBefore(snapshot);
    int none = Math.max(surely, window.noneFrom(snapshot));
    orders.sawAllBefore(surely);
    for (int place : window.placesToLookAt(surely, none)) {
      boolean isOwn = own.isPresent() && place(own.get()) == place;
      if (!isOwn && past.touches(place, scope)) {
        orders.of(place, visibility(answer, owners.get(place)));
      }
    }
    return orders.placement(own);
  }

  private int place(Seen.Part part) {
    return past.placeOf(part.unit());
  }

  /** Whether an answer may have seen a unit's writes; on any doubt, yes. */
  public boolean maySee(Answer answer, Unit unit) {
    boolean own = isOwn(answer, unit) || !(answer.ownWrites() instanceof OwnWrites.None);
    return own || visibility(answer, owner(unit)) != Visibility.NOT_SEEN;
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
          case COMMITTED, COMMITTED_IN_PART ->
              Optional.of("it may have seen writes that were rolled back to a savepoint")
                  .filter(why -> ending.undone().mayHold(answer.span().end()))
                  .filter(why -> !traps.has(Trap.ROLLED_BACK_IS_UNSEEN));
          case ROLLED_BACK ->
              Optional.of("it saw writes that were rolled back")
                  .filter(why -> !traps.has(Trap.ROLLED_BACK_IS_UNSEEN));
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

  private Optional<Seen.Part> ownPart(Answer answer) {
    return answer.ownWrites() instanceof OwnWrites.UpTo(long id, Lsn upTo)
        ? Optional.ofNullable(byTransactionId.get(id & LOW_32_BITS))
            .map(place -> new Seen.Part(past.units().get(place), upTo))
        : Optional.empty();
  }

  private Visibility visibility(Answer answer, Owner owner) {
    return switch (owner) {
      case Owner.One(Ending ending) -> visibility(answer, ending);
      case Owner.Unclear(List<Ending> possible) -> {
        Set<Visibility> all =
            possible.stream().map(ending -> visibility(answer, ending)).collect(Collectors.toSet());
        yield all.size() == 1 ? all.iterator().next() : Visibility.UNCLEAR;
      }
    };
  }

  private Visibility visibility(Answer answer, Ending ending) {
    if (ending.session().equals(answer.session())) {
      // A session does one thing after another. Its own transaction's writes are told by OwnWrites,
      // and there were none.
      return ending.transaction() < answer.transaction() ? Visibility.SEEN : Visibility.NOT_SEEN;
    }
    Span snapshot = snapshotTaken(answer);
    if (ending.span().begin() > snapshot.end()) {
      return Visibility.NOT_SEEN;
    }
    boolean known = ending.kind() != Ending.Kind.UNKNOWN || traps.has(Trap.ENDS_ARE_KNOWN);
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
