package dev.anabranch.promote;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.check.CheckedBranch;
import dev.anabranch.check.Checker;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.MainFeed;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.Unfollowed;
import dev.anabranch.predicate.rule.RowsBefore;
import dev.anabranch.predicate.rule.SchemaDrift;
import dev.anabranch.promote.plan.Ground;
import java.lang.ref.SoftReference;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A check as promote needs it, before main is written and after. */
public final class BranchInspector implements Inspector, Recheck {

  private final Checker checker;
  private final MainFeed feed;
  private final Duration taskGap;
  private final Supplier<Traps> traps;

  /** Of the last check of each branch; found again when memory is short. */
  private final ConcurrentMap<BranchId, SoftReference<ReadPairs>> pairs = new ConcurrentHashMap<>();

  /**
   * @param taskGap how long nobody works before the next window of work begins
   * @param traps rules that are off
   */
  public BranchInspector(Checker checker, MainFeed feed, Duration taskGap, Supplier<Traps> traps) {
    this.traps = traps;
    this.checker = checker;
    this.feed = feed;
    this.taskGap = taskGap;
  }

  @Override
  public Inspection inspect(BranchName branch) {
    CheckedBranch checked = checker.examine(branch);
    Traps sprung = traps.get();
    Map<TableId, TableShape> shapes =
        checked.history().atFork().relations().values().stream()
            .map(Relation::shape)
            .collect(Collectors.toMap(TableShape::id, shape -> shape));
    BranchProvenance provenance = provenance(checked, sprung);
    Set<TableId> altered =
        new SchemaDrift(checked.history().branchAtFork(), checked.history().branchNow()).altered();
    return new Inspection(
        checked.branch(),
        checked.report(),
        checked.units(),
        provenance,
        shapes,
        views(checked.history().atFork()),
        checked.unfollowed(),
        ground(checked),
        checked.history().drawn(),
        altered,
        obstructed(checked, sprung),
        (candidates, leftOut, choosing) -> checker.rerun(checked, candidates, leftOut, choosing),
        tables -> checker.rowsAt(checked, tables, provenance.writes()));
  }

  private BranchProvenance provenance(CheckedBranch checked, Traps sprung) {
    pairs.values().removeIf(reference -> reference.get() == null);
    BranchId branch = checked.branch().id();
    BranchProvenance provenance =
        new BranchProvenance(
            checked,
            checked.branch().taskBy(),
            taskGap,
            sprung,
            Optional.ofNullable(pairs.get(branch)).map(SoftReference::get));
    pairs.put(branch, new SoftReference<>(provenance.pairs()));
    return provenance;
  }

  private static Map<Long, String> obstructed(CheckedBranch checked, Traps sprung) {
    Map<Long, String> units = new HashMap<>(checked.inherited());
    if (!sprung.has(Trap.HALF_IS_WHOLE)) {
      HalfLogged.units(checked).forEach(units::putIfAbsent);
    }
    return units;
  }

  private static Map<TableId, String> views(SchemaSnapshot atFork) {
    Map<TableId, String> views = new HashMap<>();
    atFork
        .relations()
        .forEach((table, relation) -> {
          String storage = relation.facets().get("storage");
          if (relation.kind() == 'm' && relation.refreshedWhole() && storage != null) {
            views.put(table, storage);
          }
        });
    return views;
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

  @Override
  public Doubt inDoubt(
      Inspection inspection,
      Set<Long> answers,
      Lsn since,
      Lsn upTo,
      Optional<String> ownPromotion,
      RowsBefore before,
      Duration patience) {
    feed.await(upTo, patience);
    Delta changes =
        withUnfollowed(
            withViews(
                withoutOwn(feed.deltaSince(since), ownPromotion.flatMap(feed::marker)),
                inspection,
                answers,
                patience),
            inspection,
            answers,
            patience);
    boolean moved = changes.tables().values().stream().anyMatch(BranchInspector::hasMoved);
    Set<Long> changed = new HashSet<>();
    Set<Long> untold = new HashSet<>();
    for (long answer : answers) {
      Optional<Boolean> bears = inspection.provenance().mayBear(answer, changes, before);
      if (bears.orElse(false)) {
        changed.add(answer);
      } else if (bears.isEmpty() && moved) {
        untold.add(answer);
      }
    }
    return new Doubt(changed, untold);
  }

  @Override
  public boolean hasMoved(Inspection inspection, long answer, Lsn since) {
    Delta changes = feed.deltaSince(since);
    return inspection
        .provenance()
        .mayBear(answer, changes, RowsBefore.UNKNOWN)
        .orElseGet(() -> changes.tables().values().stream().anyMatch(BranchInspector::hasMoved));
  }

  /**
   * A refresh of a materialised view is in no feed, and stores the view anew: one that is stored as
   * it was at the fork point has the rows that it had when it was checked.
   */
  private Delta withViews(
      Delta delta, Inspection inspection, Set<Long> answers, Duration patience) {
    Map<TableId, String> then = new HashMap<>(inspection.views());
    then.keySet().retainAll(read(inspection, answers));
    return then.isEmpty()
        ? delta
        : unmoved(delta, inspection, then, checker.storage(then.keySet(), delta.asOf(), patience));
  }

  /** What no feed tells, a mark of what the table holds does. */
  private Delta withUnfollowed(
      Delta delta, Inspection inspection, Set<Long> answers, Duration patience) {
    Map<TableId, String> then = new HashMap<>();
    for (TableId table : read(inspection, answers)) {
      Unfollowed unfollowed = inspection.unfollowed().get(table);
      if (unfollowed != null && delta.of(table) instanceof TableDelta.Unwatched) {
        unfollowed.mark().ifPresent(mark -> then.put(table, mark));
      }
    }
    return then.isEmpty()
        ? delta
        : unmoved(delta, inspection, then, checker.marks(then.keySet(), delta.asOf(), patience));
  }

  private static Set<TableId> read(Inspection inspection, Set<Long> answers) {
    return answers.stream()
        .flatMap(answer -> inspection.provenance().reads(answer).stream())
        .flatMap(Set::stream)
        .collect(Collectors.toSet());
  }

  /** Tables of which the same is told as at the check have no changed rows. */
  private static Delta unmoved(
      Delta delta, Inspection inspection, Map<TableId, String> then, Map<TableId, String> now) {
    Map<TableId, TableDelta> tables = new HashMap<>(delta.tables());
    then.forEach((table, told) -> {
      TableShape shape = inspection.shapesAtFork().get(table);
      if (shape != null && told.equals(now.get(table))) {
        tables.put(table, new TableDelta.Rows(shape, List.of()));
      }
    });
    return new Delta(delta.since(), delta.asOf(), tables);
  }

  private static boolean hasMoved(TableDelta delta) {
    return !(delta instanceof TableDelta.Rows rows) || !rows.rows().isEmpty();
  }

  /** Rows that the promotion's own commit changed last are its own. */
  private static Delta withoutOwn(Delta delta, Optional<Lsn> ownCommit) {
    if (ownCommit.isEmpty()) {
      return delta;
    }
    Map<TableId, TableDelta> tables = new HashMap<>();
    delta
        .tables()
        .forEach((id, table) ->
            tables.put(
                id,
                table instanceof TableDelta.Rows(TableShape shape, List<NewestRow> rows)
                    ? new TableDelta.Rows(
                        shape,
                        rows.stream().filter(row -> !row.lsn().equals(ownCommit.get())).toList())
                    : table));
    return new Delta(delta.since(), delta.asOf(), tables);
  }
}
