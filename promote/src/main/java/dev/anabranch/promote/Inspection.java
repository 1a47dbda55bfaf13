package dev.anabranch.promote;

import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.branch.Branch;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.Reruns;
import dev.anabranch.predicate.Unfollowed;
import dev.anabranch.predicate.overlay.Drawn;
import dev.anabranch.predicate.rehearsal.Again;
import dev.anabranch.predicate.rule.RowsBefore;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.NextFlip;
import dev.anabranch.predicate.verdict.NextFlip.How;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.promote.plan.Ground;
import dev.anabranch.promote.plan.Provenance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that is known of a branch when it is folded back: its verdicts, its writes, and what ties
 * them together.
 *
 * @param branch the branch
 * @param report the verdicts on all its answers, as of one position
 * @param units all its units in commit order, landed ones too; its log was drained before the check
 * @param provenance which answers each unit rests on
 * @param shapesAtFork main's tables as they were at the fork point, with their true keys
 * @param views materialised views whose every refresh stores them anew, with how they were stored
 *     at the fork point
 * @param unfollowed the tables that answers read and whose changes nobody follows, with marks of
 *     what they held at the check
 * @param ground what else the branch found on main at the fork point
 * @param drawn the numbers that the branch drew, by sequence
 * @param alteredOnBranch tables of the fork point that the branch's own DDL touched
 * @param obstructed the units that can't land whatever their answers say, each with a sentence
 * @param reexecution executes transactions of it again on main as it is now
 * @param atCheck tells main's rows as they were at the check
 */
public record Inspection(
    Branch branch,
    CheckReport report,
    List<Unit> units,
    Provenance provenance,
    Map<TableId, TableShape> shapesAtFork,
    Map<TableId, String> views,
    Map<TableId, Unfollowed> unfollowed,
    Ground ground,
    Map<TableId, Drawn> drawn,
    Set<TableId> alteredOnBranch,
    Map<Long, String> obstructed,
    Reexecution reexecution,
    PastRows atCheck) {

  /** Sees what transactions would write on main now. */
  @FunctionalInterface
  public interface Reexecution {

    /**
     * @param candidates their units
     * @param leftOut units that never land
     * @return what came of each
     */
    Map<Long, Again> run(Set<Long> candidates, Set<Long> leftOut, Reruns.Choosing choosing);
  }

  /** Knows main's rows as they were. */
  @FunctionalInterface
  public interface PastRows {

    /**
     * The caller closes it.
     *
     * @param tables whose rows may be asked for
     */
    RowsBefore of(Set<TableId> tables);
  }

  private static final String MOVING =
      "it depends on the clock in a way that is not understood, and may be another at any moment";

  private static final String PASSED =
      "time, or main, may have made it another each time it was checked; promote again";

  private static final String RESTLESS =
      "main changed what it reads each time it was checked; promote again when main is quieter";

  public Inspection {
    units = List.copyOf(units);
    shapesAtFork = Map.copyOf(shapesAtFork);
    views = Map.copyOf(views);
    unfollowed = Map.copyOf(unfollowed);
    drawn = Map.copyOf(drawn);
    alteredOnBranch = Set.copyOf(alteredOnBranch);
    obstructed = Map.copyOf(obstructed);
  }

  /** Its units but these, in commit order. */
  List<Unit> unitsBut(Set<Long> landed) {
    return units.stream().filter(unit -> !landed.contains(unit.id())).toList();
  }

  private String whyRestless(long answer) {
    return provenance.reads(answer).orElse(Set.of()).stream()
        .flatMap(table -> Optional.ofNullable(unfollowed.get(table)).stream())
        .map(table ->
            "main's changes to "
                + table.name()
                + " are not followed ("
                + table.why()
                + "), and either it changed each time it was checked, or it is too large to be read"
                + " while its writers wait; promote again when main is quieter")
        .sorted()
        .findFirst()
        .orElse(RESTLESS);
  }

  /** The answers that the clock alone may have made others by a moment, as far as that is told. */
  Set<Long> movedBy(Instant moment) {
    return report.verdicts().stream()
        .filter(judged ->
            judged
                .nextFlip()
                .filter(flip -> flip.how() != How.SUSPECTED && !flip.at().isAfter(moment))
                .isPresent())
        .map(judged -> judged.answer().id())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The same, with answers that hold, and of which nobody can tell for how long. */
  Inspection withoutMoving() {
    return with(
        report.verdicts().stream()
            .map(judged ->
                judged.verdict() instanceof Verdict.Holds
                        && judged.nextFlip().filter(Inspection::isAnyMoment).isPresent()
                    ? judged.untold(Cause.MOVING, MOVING)
                    : judged)
            .toList());
  }

  private static boolean isAnyMoment(NextFlip flip) {
    return flip.how() == How.ANY_MOMENT;
  }

  /** The same, with answers that can't be told because main does not leave alone what they read. */
  Inspection without(Set<Long> answers) {
    return with(
        report.verdicts().stream()
            .map(judged -> answers.contains(judged.answer().id()) ? untold(judged) : judged)
            .toList());
  }

  private Judged untold(Judged judged) {
    return judged.nextFlip().filter(flip -> flip.how() == How.FOUND).isPresent()
        ? judged.untold(Cause.MOVING, PASSED)
        : judged.untold(Cause.RESTLESS, whyRestless(judged.answer().id()));
  }

  private Inspection with(List<Judged> verdicts) {
    return new Inspection(
        branch,
        new CheckReport(report.forkLsn(), report.asOf(), verdicts, report.lookUps()),
        units,
        provenance,
        shapesAtFork,
        views,
        unfollowed,
        ground,
        drawn,
        alteredOnBranch,
        obstructed,
        reexecution,
        atCheck);
  }
}
