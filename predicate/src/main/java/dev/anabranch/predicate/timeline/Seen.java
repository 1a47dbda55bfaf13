package dev.anabranch.predicate.timeline;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The branch's own earlier writes that an answer saw: a beginning of the branch's past, but for a
 * few units, and the beginning of a transaction.
 *
 * @param past all that the branch has written
 * @param upTo how many of its units, in commit order, were seen
 * @param missing places of those among them that were not seen
 * @param own what its own transaction had written by then
 */
public record Seen(Past past, int upTo, Set<Integer> missing, Optional<Part> own) {

  public static final Seen NOTHING = new Seen(List.of(), Optional.empty());

  public Seen {
    missing = Set.copyOf(missing);
  }

  /**
   * Of a past that is not told in full, none of which is on main.
   *
   * @param units whole transactions, in commit order
   */
  public Seen(List<Unit> units, Optional<Part> own) {
    this(new Past(units, Landed.NOTHING), units.size(), Set.of(), own);
  }

  /**
   * The beginning of a transaction.
   *
   * @param upTo its writes at or below this position
   */
  public record Part(Unit unit, Lsn upTo) {
    public List<Write> writes() {
      return unit.writes().stream().filter(write -> !write.lsn().isAfter(upTo)).toList();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Part(Unit theirs, Lsn position)
          && theirs.id() == unit.id()
          && position.equals(upTo);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(unit.id()) * 31 + upTo.hashCode();
    }
  }

  /** Whether the whole unit at this place of the past was seen. */
  public boolean sees(int place) {
    return place < upTo && !missing.contains(place);
  }

  /** Whether something that was seen, and is not on main, matters where this does. */
  public boolean matters(WritesThatMatter scope) {
    boolean whole =
        past.writersTo(scope)
            .anyMatch(place ->
                sees(place) && !past.hasLanded(place) && scope.bears(past.units().get(place)));
    return whole
        || own.map(Part::unit)
            .filter(unit -> !past.landed().units().contains(unit.id()))
            .filter(scope::bears)
            .isPresent();
  }

  /**
   * The same, and the branch's work that is on main, where main had no part in what it wrote to
   * these tables: what both sides changed is main's, too.
   */
  public Seen andWhatHasLanded(Set<TableId> tables) {
    return and(place -> past.landed().isOwnWork(past.units().get(place), tables));
  }

  /** The same, and one unit. */
  public Seen and(Unit unit) {
    return and(place -> past.units().get(place).id() == unit.id());
  }

  private Seen and(IntPredicate more) {
    Set<Integer> unseen =
        IntStream.range(0, past.units().size())
            .filter(place -> !sees(place) && !more.test(place))
            .boxed()
            .collect(Collectors.toSet());
    return new Seen(past, past.units().size(), unseen, own);
  }

  /** The units seen as a whole, in commit order. */
  public List<Unit> units() {
    return IntStream.range(0, upTo).filter(this::sees).mapToObj(past.units()::get).toList();
  }

  /**
   * Every write seen, in order. A transaction's own last, for it holds the locks on the rows it
   * wrote.
   */
  public Stream<Write> writes() {
    return Stream.concat(
        units().stream().flatMap(unit -> unit.writes().stream()),
        own.stream().flatMap(part -> part.writes().stream()));
  }
}
