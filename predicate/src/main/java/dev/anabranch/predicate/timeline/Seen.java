package dev.anabranch.predicate.timeline;

import dev.anabranch.base.Lsn;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The branch's own earlier writes that an answer saw.
 *
 * @param units whole transactions, in commit order
 * @param own what its own transaction had written by then
 */
public record Seen(List<Unit> units, Optional<Part> own) {

  public static final Seen NOTHING = new Seen(List.of(), Optional.empty());

  public Seen {
    units = List.copyOf(units);
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
  }

  /**
   * Every write seen, in order. A transaction's own last, for it holds the locks on the rows it
   * wrote.
   */
  public Stream<Write> writes() {
    return Stream.concat(
        units.stream().flatMap(unit -> unit.writes().stream()),
        own.stream().flatMap(part -> part.writes().stream()));
  }

  public Stream<Unit> allUnits() {
    return Stream.concat(units.stream(), own.stream().map(Part::unit));
  }
}
