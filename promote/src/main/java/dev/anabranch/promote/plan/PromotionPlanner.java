package dev.anabranch.promote.plan;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.Verdict;
import dev.anabranch.promote.Fact;
import dev.anabranch.promote.NotRelied;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
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
import java.util.stream.Collectors;
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
public final class PromotionPlanner implements RowPlanner {

  private final PlanInput input;
  private final Foldable foldable;
  private final Work work;
  private final Dependencies dependencies;
  private final Map<TableId, List<Integer>> keyColumns = new HashMap<>();
  private final Map<Long, Judged> judged = new HashMap<>();

  public PromotionPlanner(PlanInput input) {
    this.input = input;
    input.report().verdicts().forEach(verdict -> judged.put(verdict.answer().id(), verdict));
    this.foldable = new Foldable(input);
    this.work = Work.of(input, foldable);
    this.dependencies = new Dependencies(input.pending().size(), this::readersOf);
    work.steps().forEach(step -> keyColumns.computeIfAbsent(step.table(), foldable::keyColumns));
    tellDependencies();
  }

  @Override
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

  @Override
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
  @Override
  public Set<Integer> comparableColumns(TableId table) {
    return foldable.comparableColumns(table);
  }

  @Override
  public List<Integer> keyColumns(TableId table) {
    return foldable.keyColumns(table);
  }

  @Override
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
    BitSet premises = new BitSet();
    for (int i = 0; i < input.pending().size(); i++) {
      long unit = input.pending().get(i).id();
      if (held.get(i)) {
        staying.add(unit);
      } else {
        landing.add(unit);
        premises.or(input.provenance().restsOn(unit));
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
        idsOfAnswers(premises),
        notRelied(reasons, premises),
        tables,
        keyColumns);
  }

  private List<Fact> facts(List<Reason> reasons) {
    return reasons.stream()
        .map(reason -> reason.fact(idsOf(dependencies.closure(reason.units()))))
        .toList();
  }

  private List<Reason> staleAnswers() {
    BitSet stale = notHolding();
    Map<Integer, BitSet> resting = new TreeMap<>();
    for (int i = 0; i < input.pending().size(); i++) {
      BitSet premises = (BitSet) restsOn(i).clone();
      premises.and(stale);
      int unit = i;
      premises.stream()
          .forEach(place -> resting.computeIfAbsent(place, _ -> new BitSet()).set(unit));
    }
    List<Reason> reasons = new ArrayList<>();
    resting.forEach((place, units) -> reasons.add(stale(place, units)));
    reasons.sort(Comparator.comparing(reason -> reason.root().answer().orElse(0L)));
    return reasons;
  }

  private Reason stale(int place, BitSet units) {
    long answer = input.provenance().premises().get(place);
    Optional<Judged> verdict = Optional.ofNullable(judged.get(answer));
    Map<Tie, Integer> ties = new EnumMap<>(Tie.class);
    units.stream()
        .forEach(unit ->
            ties.merge(
                input.provenance().tie(input.pending().get(unit).id(), place), 1, Integer::sum));
    return Reason.answer(answer, verdict, Reason.uncertainty(ties, verdict), units);
  }

  /** The places of the answers that nothing may rest on. */
  private BitSet notHolding() {
    List<Long> premises = input.provenance().premises();
    BitSet stale = new BitSet();
    for (int place = 0; place < premises.size(); place++) {
      long answer = premises.get(place);
      stale.set(place, !input.accepted().contains(answer) && !mayBeRestedOn(judged.get(answer)));
    }
    return stale;
  }

  /**
   * The answers that don't hold and are no reason for anything: no unit is held because of them,
   * and none that lands is taken to rest on them.
   */
  private List<NotRelied> notRelied(List<Reason> reasons, BitSet premises) {
    Set<Long> told = new HashSet<>(idsOfAnswers(premises));
    told.addAll(input.accepted());
    reasons.forEach(reason -> reason.root().answer().ifPresent(told::add));
    return input.report().verdicts().stream()
        .filter(verdict -> !mayBeRestedOn(verdict) && !told.contains(verdict.answer().id()))
        .map(Reason::notRelied)
        .toList();
  }

  private Set<Long> idsOfAnswers(BitSet premises) {
    return premises.stream()
        .mapToObj(place -> input.provenance().premises().get(place))
        .collect(Collectors.toSet());
  }

  private BitSet restsOn(int place) {
    return input.provenance().restsOn(input.pending().get(place).id());
  }

  /** The branch's own landed work is in what a unit of the branch was made upon. */
  private static boolean mayBeRestedOn(@Nullable Judged judged) {
    return judged != null && (judged.verdict() instanceof Verdict.Holds || judged.byOwnWork());
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
      dependencies.rests(i, restsOn(i));
      for (Write write : unit.writes()) {
        if (write instanceof Write.Truncate truncate) {
          dependencies.touch(i, Claims.wholeTable(truncate.table()), true);
        }
      }
    }
    work.steps().forEach(step -> claims.tell(step, dependencies));
  }

  /** An answer that a person accepts is a premise whatever it read. */
  private BitSet readersOf(int place, BitSet answers) {
    List<Long> premises = input.provenance().premises();
    BitSet asked = (BitSet) answers.clone();
    answers.stream()
        .filter(answer -> input.accepted().contains(premises.get(answer)))
        .forEach(asked::clear);
    return input.provenance().mayHaveRead(asked, input.pending().get(place));
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
