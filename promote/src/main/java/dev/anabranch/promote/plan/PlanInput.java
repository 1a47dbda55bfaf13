package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.overlay.Drawn;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a plan is made of, rows of main excepted.
 *
 * @param report the verdicts
 * @param pending the units that have not landed, in commit order
 * @param provenance which answers each rests on
 * @param shapesAtFork main's tables at the fork point
 * @param alteredOnBranch tables that the branch's own DDL touched
 * @param obstructed the units that can't land whatever their answers say, each with a sentence
 * @param drawn the numbers that the branch drew, by sequence
 * @param sequences main's sequences among them
 * @param main main's tables now, by id; one that is missing is gone
 * @param earlier keys that earlier promotions of this branch renumbered
 * @param accepted answers that a person accepts this time
 * @param decisions what was decided of facts
 * @param rejections rows that main refused in an earlier attempt of this promotion
 * @param traps rules that are off
 * @param offers what executing units again came to; the pending ones that are to land so are told
 *     with what they write now
 */
public record PlanInput(
    CheckReport report,
    List<Unit> pending,
    Provenance provenance,
    Map<TableId, TableShape> shapesAtFork,
    Set<TableId> alteredOnBranch,
    Map<Long, String> obstructed,
    Map<TableId, Drawn> drawn,
    List<SequenceUse> sequences,
    Map<TableId, MainTable> main,
    List<Renumbering> earlier,
    Set<Long> accepted,
    Decisions decisions,
    List<Rejection> rejections,
    Traps traps,
    Offers offers) {

  /** One of units that all land as they were made. */
  public PlanInput(
      CheckReport report,
      List<Unit> pending,
      Provenance provenance,
      Map<TableId, TableShape> shapesAtFork,
      Set<TableId> alteredOnBranch,
      Map<Long, String> obstructed,
      Map<TableId, Drawn> drawn,
      List<SequenceUse> sequences,
      Map<TableId, MainTable> main,
      List<Renumbering> earlier,
      Set<Long> accepted,
      Decisions decisions,
      List<Rejection> rejections,
      Traps traps) {
    this(
        report,
        pending,
        provenance,
        shapesAtFork,
        alteredOnBranch,
        obstructed,
        drawn,
        sequences,
        main,
        earlier,
        accepted,
        decisions,
        rejections,
        traps,
        Offers.NONE);
  }

  /**
   * Which of these answers may have read what a unit wrote, or wrote before it was executed again.
   */
  BitSet readersOf(BitSet answers, Unit unit) {
    BitSet readers = (BitSet) provenance.mayHaveRead(answers, unit).clone();
    Optional.ofNullable(offers.originals().get(unit.id()))
        .ifPresent(asMade -> readers.or(provenance.mayHaveRead(answers, asMade)));
    return readers;
  }

  /** The places of units, of those that are pending. */
  BitSet placesOf(List<Long> units) {
    Set<Long> wanted = Set.copyOf(units);
    BitSet places = new BitSet();
    for (int i = 0; i < pending.size(); i++) {
      places.set(i, wanted.contains(pending.get(i).id()));
    }
    return places;
  }

  /** The same about other units. */
  PlanInput with(List<Unit> others) {
    return new PlanInput(
        report,
        others,
        provenance,
        shapesAtFork,
        alteredOnBranch,
        obstructed,
        drawn,
        sequences,
        main,
        earlier,
        accepted,
        decisions,
        rejections,
        traps,
        Offers.NONE);
  }

  public PlanInput {
    pending = List.copyOf(pending);
    shapesAtFork = Map.copyOf(shapesAtFork);
    alteredOnBranch = Set.copyOf(alteredOnBranch);
    obstructed = Map.copyOf(obstructed);
    drawn = Map.copyOf(drawn);
    sequences = List.copyOf(sequences);
    main = Map.copyOf(main);
    earlier = List.copyOf(earlier);
    accepted = Set.copyOf(accepted);
    rejections = List.copyOf(rejections);
  }
}
