package dev.anabranch.promote.plan;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.Verdict;
import dev.anabranch.promote.Fact;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which pending units land and what that writes on main. Pure: it is given everything and
 * touches nothing.
 *
 * <p>A unit is held when it rests on an answer that does not hold and was not accepted, when a row
 * of it conflicts with main, when it can't be folded back, or when it depends on a held unit. What
 * is left is closed downwards: no landing unit has seen or needs anything that a held one wrote, so
 * landing them in the branch's order is what the branch would have done without the others.
 *
 * <p>Holding a unit for a conflict changes the net effect of the rest, so the merge is made again
 * until nothing more has to be held; each round holds at least one unit more, so it ends.
 */
public final class PromotionPlanner {

  private final PlanInput input;
  private final Foldable foldable;
  private final Work work;
  private final Dependencies dependencies;
  private final Map<TableId, List<Integer>> keyColumns = new HashMap<>();

  public PromotionPlanner(PlanInput input) {
    this.input = input;
    this.foldable = new Foldable(input);
    this.work = Work.of(input, foldable);
    this.dependencies = new Dependencies(input.pending().size(), this::readersOf);
    work.steps().forEach(step -> keyColumns.computeIfAbsent(step.table(), foldable::keyColumns));
    tellDependencies();
  }

  /** Every row of main that the plan has to look at. */
  public Map<TableId, Set<Key>> rowsToRead() {
    Map<TableId, Set<Key>> wanted = new LinkedHashMap<>();
    for (Step step : work.steps()) {
      if (keyColumns(step.table()).isEmpty()) {
        continue;
      }
      Set<Key> keys = wanted.computeIfAbsent(step.table(), _ -> new LinkedHashSet<>());
      step.before().ifPresent(row -> keys.add(keyOf(step.table(), row)));
      step.after().ifPresent(row -> keys.add(keyOf(step.table(), row)));
    }
    return wanted;
  }

  /** Rows of tables without a key that main must be asked for by all that they hold. */
  public Map<TableId, Set<Row>> contentsToRead() {
    Map<TableId, Set<Row>> wanted = new LinkedHashMap<>();
    for (Step step : work.steps()) {
      if (keyColumns(step.table()).isEmpty() && step.before().isPresent()) {
        wanted
            .computeIfAbsent(step.table(), _ -> new LinkedHashSet<>())
            .add(step.before().orElseThrow());
      }
    }
    return wanted;
  }

  /** The columns of a table that main has as they were at the fork point, or wider. */
  public Set<Integer> comparableColumns(TableId table) {
    return foldable.comparableColumns(table);
  }

  /** The numbers of the columns that rows of a table are found by. */
  public List<Integer> keyColumns(TableId table) {
    return foldable.keyColumns(table);
  }

  /**
   * Plans.
   *
   * @param rows what main has of {@link #rowsToRead()}
   */
  public Plan plan(MainRows rows) {
    List<Reason> reasons = new ArrayList<>();
    reasons.addAll(staleAnswers());
    reasons.addAll(obstacles());
    reasons.addAll(rejections());
    reasons.addAll(refusedKeys(rows.refused()));
    BitSet held = dependencies.closure(union(reasons));
    while (true) {
      Merger merger = new Merger(input, foldable, rows, lineages(held));
      List<Reason> found = merger.reasons();
      if (found.isEmpty()) {
        return result(held, reasons, merger);
      }
      reasons.addAll(found);
      held = dependencies.closure(union(reasons));
    }
  }

  private List<Lineage> lineages(BitSet held) {
    return Lineage.follow(
        work.steps().stream().filter(step -> !held.get(step.unit())).toList(), keyColumns);
  }

  private Plan result(BitSet held, List<Reason> reasons, Merger merger) {
    List<Long> landing = new ArrayList<>();
    List<Long> staying = new ArrayList<>();
    Set<Long> restsOn = new HashSet<>();
    for (int i = 0; i < input.pending().size(); i++) {
      long unit = input.pending().get(i).id();
      if (held.get(i)) {
        staying.add(unit);
      } else {
        landing.add(unit);
        restsOn.addAll(input.provenance().restsOn(unit));
      }
    }
    Map<TableId, MainTable> tables = new HashMap<>(input.main());
    tables.keySet().retainAll(merger.changes().stream().map(RowChange::table).toList());
    return new Plan(
        landing,
        staying,
        merger.changes(),
        merger.numbers(),
        merger.moves(),
        facts(reasons),
        restsOn,
        tables,
        keyColumns);
  }

  private List<Fact> facts(List<Reason> reasons) {
    return reasons.stream()
        .map(reason -> reason.fact(idsOf(dependencies.closure(reason.units()))))
        .toList();
  }

  private List<Reason> staleAnswers() {
    Map<Long, Judged> judged = new HashMap<>();
    input.report().verdicts().forEach(verdict -> judged.put(verdict.answer().id(), verdict));
    Map<Long, BitSet> stale = new TreeMap<>();
    for (int i = 0; i < input.pending().size(); i++) {
      for (long answer : input.provenance().restsOn(input.pending().get(i).id())) {
        if (!input.accepted().contains(answer) && !holds(judged.get(answer))) {
          stale.computeIfAbsent(answer, _ -> new BitSet()).set(i);
        }
      }
    }
    return stale.entrySet().stream()
        .map(entry ->
            Reason.answer(
                entry.getKey(), Optional.ofNullable(judged.get(entry.getKey())), entry.getValue()))
        .toList();
  }

  private static boolean holds(@Nullable Judged judged) {
    return judged != null && judged.verdict() instanceof Verdict.Holds;
  }

  /** Own DDL is told even where no unit wrote: otherwise it would be left behind without a word. */
  private List<Reason> obstacles() {
    List<Reason> reasons = new ArrayList<>();
    work.obstacles()
        .forEach((obstacle, units) ->
            reasons.add(Reason.constraint(obstacle.table(), obstacle.sentence(), units)));
    Set<String> told =
        new HashSet<>(work.obstacles().keySet().stream().map(Work.Obstacle::table).toList());
    for (TableId altered : input.alteredOnBranch()) {
      TableShape shape = input.shapesAtFork().get(altered);
      if (shape != null && !told.contains(shape.qualifiedName())) {
        reasons.add(
            Reason.constraint(shape.qualifiedName(), Foldable.altered(shape), new BitSet()));
      }
    }
    return reasons;
  }

  private List<Reason> rejections() {
    List<Reason> reasons = new ArrayList<>();
    for (Rejection rejection : input.rejections()) {
      BitSet units = new BitSet();
      for (int i = 0; i < input.pending().size(); i++) {
        if (rejection.units().contains(input.pending().get(i).id())) {
          units.set(i);
        }
      }
      reasons.add(Reason.rejected(rejection.table(), rejection.key(), rejection.sentence(), units));
    }
    return reasons;
  }

  private List<Reason> refusedKeys(Map<RowRef, String> refused) {
    Map<RowRef, BitSet> units = new LinkedHashMap<>();
    for (Step step : refused.isEmpty() ? List.<Step>of() : work.steps()) {
      Stream.concat(step.before().stream(), step.after().stream())
          .map(row -> new RowRef(step.table(), keyOf(step.table(), row)))
          .filter(refused::containsKey)
          .forEach(row -> units.computeIfAbsent(row, _ -> new BitSet()).set(step.unit()));
    }
    return units.entrySet().stream()
        .map(entry ->
            refusedKey(entry.getKey(), refused.getOrDefault(entry.getKey(), ""), entry.getValue()))
        .toList();
  }

  private Reason refusedKey(RowRef row, String words, BitSet units) {
    MainTable table = Objects.requireNonNull(input.main().get(row.table()));
    return Reason.rejected(
        table.shape().qualifiedName(),
        table.named(foldable.keyColumns(row.table()), row.key()),
        words,
        units);
  }

  private void tellDependencies() {
    Claims claims = new Claims(input.main(), foldable, work.truncated());
    for (int i = 0; i < input.pending().size(); i++) {
      Unit unit = input.pending().get(i);
      for (long answer : input.provenance().restsOn(unit.id())) {
        dependencies.rests(i, answer);
      }
      for (Write write : unit.writes()) {
        if (write instanceof Write.Truncate truncate) {
          dependencies.touch(i, Claims.wholeTable(truncate.table()), true);
        }
      }
    }
    work.steps().forEach(step -> claims.tell(step, dependencies));
  }

  private List<Long> readersOf(int place, Set<Long> answers) {
    Unit unit = input.pending().get(place);
    return answers.stream()
        .filter(answer -> !input.accepted().contains(answer))
        .filter(answer -> input.provenance().mayHaveRead(answer, unit))
        .toList();
  }

  private List<Long> idsOf(BitSet places) {
    return places.stream().mapToObj(place -> input.pending().get(place).id()).toList();
  }

  private Key keyOf(TableId table, Row row) {
    return row.key(keyColumns.getOrDefault(table, List.of()));
  }

  private static BitSet union(List<Reason> reasons) {
    BitSet all = new BitSet();
    reasons.forEach(reason -> all.or(reason.units()));
    return all;
  }
}
