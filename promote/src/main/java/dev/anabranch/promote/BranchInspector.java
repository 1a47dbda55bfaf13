package dev.anabranch.promote;

import dev.anabranch.base.BranchName;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.check.CheckedBranch;
import dev.anabranch.check.Checker;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.MainFeed;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.rule.SchemaDrift;
import dev.anabranch.promote.plan.Drawn;
import dev.anabranch.promote.plan.Ground;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A check as promote needs it, before main is written and after. */
public final class BranchInspector implements Inspector, Recheck {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Checker checker;
  private final MainFeed feed;
  private final Duration taskGap;

  /**
   * @param taskGap how long nobody works before the next window of work begins
   */
  public BranchInspector(Checker checker, MainFeed feed, Duration taskGap) {
    this.checker = checker;
    this.feed = feed;
    this.taskGap = taskGap;
  }

  @Override
  public Inspection inspect(BranchName branch) {
    CheckedBranch checked = checker.examine(branch);
    Map<TableId, TableShape> shapes =
        checked.history().atFork().relations().values().stream()
            .map(Relation::shape)
            .collect(Collectors.toMap(TableShape::id, shape -> shape));
    Set<TableId> altered =
        new SchemaDrift(checked.history().branchAtFork(), checked.history().branchNow()).altered();
    return new Inspection(
        checked.branch(),
        checked.report(),
        checked.units(),
        new BranchProvenance(checked, checked.branch().taskBy(), taskGap),
        shapes,
        ground(checked),
        drawn(checked.history().branchAtFork(), checked.history().branchNow()),
        altered);
  }

  private static Ground ground(CheckedBranch checked) {
    SchemaSnapshot atFork = checked.history().atFork();
    Map<TableId, Set<TableId>> parents = new HashMap<>();
    atFork
        .relations()
        .forEach((parent, relation) ->
            relation
                .children()
                .forEach(
                    child -> parents.computeIfAbsent(child, _ -> new HashSet<>()).add(parent)));
    return new Ground(parents, atFork.guards(), checked.actsAs());
  }

  /** A sequence that the branch's own DDL made is nobody's on main. */
  private static Map<TableId, Drawn> drawn(SchemaSnapshot atFork, SchemaSnapshot now) {
    Map<TableId, Drawn> drawn = new HashMap<>();
    atFork
        .sequences()
        .forEach((sequence, before) -> {
          Long after = now.sequences().get(sequence);
          if (after != null && !after.equals(before)) {
            drawn.put(sequence, new Drawn(before, after));
          }
        });
    return drawn;
  }

  @Override
  public Set<Long> inDoubt(
      Inspection inspection, Set<Long> answers, Lsn upTo, Optional<String> ownPromotion) {
    feed.await(upTo, PATIENCE);
    Optional<Lsn> ownCommit = ownPromotion.flatMap(feed::marker);
    Delta delta = feed.deltaSince(inspection.report().asOf());
    Set<TableId> moved =
        delta.tables().entrySet().stream()
            .filter(entry -> hasMoved(entry.getValue(), ownCommit))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    return answers.stream()
        .filter(answer -> isInDoubt(inspection.provenance().reads(answer), delta, moved))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean isInDoubt(Optional<Set<TableId>> reads, Delta delta, Set<TableId> moved) {
    return reads
        .map(tables ->
            tables.stream()
                .anyMatch(table -> moved.contains(table) || !delta.tables().containsKey(table)))
        .orElse(!moved.isEmpty());
  }

  private static boolean hasMoved(TableDelta delta, Optional<Lsn> ownCommit) {
    return switch (delta) {
      case TableDelta.Rows rows ->
          rows.rows().stream()
              .anyMatch(row -> ownCommit.isEmpty() || !row.lsn().equals(ownCommit.get()));
      case TableDelta.Touched ignored -> true;
      case TableDelta.Unwatched ignored -> true;
    };
  }
}
