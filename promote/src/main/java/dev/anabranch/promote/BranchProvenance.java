package dev.anabranch.promote;

import dev.anabranch.base.TableId;
import dev.anabranch.check.CheckedBranch;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Task;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.rule.Reading;
import dev.anabranch.predicate.timeline.Owner;
import dev.anabranch.predicate.timeline.Timeline;
import dev.anabranch.promote.plan.Provenance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What ties a checked branch's units to its answers. */
final class BranchProvenance implements Provenance {

  private static final Footprint UNKNOWN = new Footprint.Unanswerable("it was not analysed");

  private final Timeline timeline;
  private final Reading reading;
  private final Map<Long, Footprint> footprints;
  private final Map<Long, Answer> answers;
  private final Map<Long, Unit> units;

  BranchProvenance(CheckedBranch checked) {
    this.timeline = new Timeline(checked.history().endings(), checked.history().units());
    this.reading = new Reading(checked.history().atFork());
    this.footprints = checked.footprints();
    this.answers =
        checked.history().answers().stream()
            .collect(Collectors.toMap(Answer::id, Function.identity()));
    this.units =
        checked.history().units().stream().collect(Collectors.toMap(Unit::id, Function.identity()));
  }

  @Override
  public Set<Long> restsOn(long unit) {
    Unit known = units.get(unit);
    List<Ending> owners =
        known == null
            ? List.of()
            : switch (timeline.owner(known)) {
              case Owner.One(Ending ending) -> List.of(ending);
              case Owner.Unclear(List<Ending> endings) -> endings;
            };
    return answers.values().stream()
        .filter(answer -> isOfTheData(footprint(answer.id())))
        .filter(answer ->
            owners.isEmpty() || owners.stream().anyMatch(owner -> isBefore(answer, owner)))
        .map(Answer::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean isOfTheData(Footprint footprint) {
    return switch (footprint) {
      case Footprint.OwnWrite ignored -> false;
      case Footprint.NotOfData ignored -> false;
      case Footprint.Reads ignored -> true;
      case Footprint.AlwaysRerun ignored -> true;
      case Footprint.Unanswerable ignored -> true;
    };
  }

  private static boolean isBefore(Answer answer, Ending owner) {
    return answer.session().equals(owner.session())
        && isOneTask(answer.task(), owner.task())
        && answer.transaction() <= owner.transaction();
  }

  /** Of one session: its tasks are told apart by their names alone. */
  private static boolean isOneTask(Task one, Task other) {
    return one instanceof Task.Named || other instanceof Task.Named ? one.equals(other) : true;
  }

  @Override
  public boolean mayHaveRead(long answer, Unit unit) {
    Answer known = answers.get(answer);
    return known == null
        || (timeline.maySee(known, unit)
            && reading.mayMatch(footprint(answer), known.question().parameters(), unit));
  }

  @Override
  public Optional<Set<TableId>> reads(long answer) {
    return reading.tables(footprint(answer));
  }

  private Footprint footprint(long answer) {
    return footprints.getOrDefault(answer, UNKNOWN);
  }
}
