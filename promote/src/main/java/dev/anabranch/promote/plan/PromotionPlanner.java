package dev.anabranch.promote.plan;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.promote.fact.Choice;
import dev.anabranch.promote.fact.Decision;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.fact.NotRelied;
import dev.anabranch.promote.merge.MergedCell;
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
import java.util.function.LongPredicate;
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
 * <p>What a person dropped is left out with all that depends on it, before anything is looked at. A
 * conflict that was decided is written as it was decided; who saw the branch's row where main will
 * have another is held until that is accepted, too.
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
  private final Map<Long, String> tasks = new HashMap<>();
  private final Set<Long> accepted;
  private final BitSet leftToAPerson = new BitSet();
  private final Redoings redoings;

  public PromotionPlanner(PlanInput input) {
    this.input = input;
    input.report().verdicts().forEach(verdict -> judged.put(verdict.answer().id(), verdict));
    this.accepted = accepted();
    List<Long> premises = input.provenance().premises();
    for (int place = 0; place < premises.size(); place++) {
      leftToAPerson.set(place, isLeftToAPerson(premises.get(place)));
    }
    this.foldable = new Foldable(input);
    this.work = Work.of(input, foldable);
    this.redoings = new Redoings(input, foldable);
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
    Drops drops = Drops.of(input, dependencies);
    BitSet dropped = drops.units();
    List<Reason> reasons = new ArrayList<>(drops.later());
    reasons.addAll(staleAnswers(dropped));
    reasons.addAll(obstacles(union(reasons)));
    Map<String, Reason> decided = new LinkedHashMap<>();
    reasons.addAll(rejections(decided));
    reasons.addAll(refusedKeys(rows.refused()));
    reasons = without(dropped, reasons);
    acceptedAnswers(dropped).forEach(reason -> decided.put(reason.root().id(), reason));
    reasons.addAll(redone(dropped, decided));
    BitSet gone = gone(dropped, reasons);
    while (true) {
      Merger merger = new Merger(input, foldable, rows, lineages(gone), behind(gone), reasons);
      merger.decided().forEach(reason -> decided.putIfAbsent(reason.root().id(), reason));
      List<Reason> found =
          merger.reasons().isEmpty()
              ? new UnseenReasons(input, resting(gone, _ -> true), decided)
                  .of(merger.unseen(), gone, this::isLeftToAPerson)
              : merger.reasons();
      if (found.isEmpty()) {
        return result(gone, dropped, reasons, decided, merger);
      }
      reasons.addAll(found);
      gone = gone(dropped, reasons);
    }
  }

  private BitSet gone(BitSet dropped, List<Reason> reasons) {
    BitSet gone = dependencies.closure(union(reasons));
    gone.or(dropped);
    return gone;
  }

  /** Units that never land are no reason to ask anybody anything. */
  private static List<Reason> without(BitSet dropped, List<Reason> reasons) {
    List<Reason> left = new ArrayList<>();
    for (Reason reason : reasons) {
      BitSet units = (BitSet) reason.units().clone();
      units.andNot(dropped);
      if (reason.units().isEmpty() || !units.isEmpty()) {
        left.add(reason.of(units));
      }
    }
    return left;
  }

  /** The answers that a person accepts: this time, or before and they are still the same. */
  private Set<Long> accepted() {
    Set<Long> all = new HashSet<>(input.accepted());
    judged.values().stream()
        .filter(verdict -> !mayBeRestedOn(verdict))
        .filter(verdict -> input.decisions().isAccepted(verdict))
        .forEach(verdict -> all.add(verdict.answer().id()));
    return all;
  }

  /** What was decided to be executed again, and who was told or has seen something else. */
  private List<Reason> redone(BitSet dropped, Map<String, Reason> decided) {
    if (redoings.areNone()) {
      return List.of();
    }
    Set<Long> executed = redoings.executed(dropped);
    resting(dropped, answer -> executed.contains(answer) && !mayBeRestedOn(judged.get(answer)))
        .forEach((place, units) -> {
          Reason reason = stale(place, units);
          input
              .decisions()
              .newest(reason.root())
              .ifPresent(decision -> decided.put(reason.root().id(), reason.decided(decision)));
        });
    List<Reason> reasons = new ArrayList<>();
    LongPredicate held =
        answer ->
            !accepted.contains(answer)
                && !executed.contains(answer)
                && !mayBeRestedOn(judged.get(answer));
    for (Reason reason : redoings.reasons(resting(dropped, _ -> true), held, dropped)) {
      if (input.decisions().isAccepted(reason.root())) {
        input
            .decisions()
            .of(reason.root())
            .ifPresent(decision -> decided.put(reason.root().id(), reason.decided(decision)));
      } else if (!input.accepted().contains(reason.root().answer().orElseThrow())) {
        reasons.add(reason);
      }
    }
    return reasons;
  }

  private List<Lineage> lineages(BitSet held) {
    return Lineage.follow(
        work.steps().stream().filter(step -> !held.get(step.unit())).toList(), keyColumns);
  }

  private List<Step> behind(BitSet held) {
    return work.steps().stream().filter(step -> held.get(step.unit())).toList();
  }

  private Plan result(
      BitSet gone,
      BitSet dropped,
      List<Reason> reasons,
      Map<String, Reason> decided,
      Merger merger) {
    List<Long> landing = new ArrayList<>();
    List<Long> staying = new ArrayList<>();
    BitSet premises = new BitSet();
    for (int i = 0; i < input.pending().size(); i++) {
      long unit = input.pending().get(i).id();
      if (!gone.get(i)) {
        landing.add(unit);
        premises.or(input.provenance().restsOn(unit));
      } else if (!dropped.get(i)) {
        staying.add(unit);
      }
    }
    Map<TableId, MainTable> tables = new HashMap<>(input.main());
    tables.keySet().retainAll(merger.changes().stream().map(RowChange::table).toList());
    return new Plan(
            landing,
            staying,
            idsOf(dropped),
            merger.changes(),
            merger.numbers(),
            merger.moves(),
            facts(reasons, decided),
            idsOfAnswers(premises),
            accepted,
            notRelied(reasons, premises),
            tables,
            keyColumns,
            Moved.of(input, merger.changes(), merger.numbers(), merger.agreed()),
            merger.merged().stream().limit(MergedCell.LIMIT).toList(),
            merger.alsoChanged(),
            "")
        .digested(answer -> Reason.state(Optional.ofNullable(judged.get(answer))));
  }

  /**
   * Those that are open first. A conflict that was decided, and of whose row only a part can land
   * now because the rest is held, is no other one: it waits with the rest.
   */
  private List<Fact> facts(List<Reason> reasons, Map<String, Reason> decided) {
    Map<String, Reason> open = new LinkedHashMap<>();
    Map<String, Reason> settled = new LinkedHashMap<>();
    for (Reason reason : reasons) {
      Reason before = decided.get(reason.root().id());
      Map<String, Reason> where = before == null ? open : settled;
      String id = reason.root().id();
      for (int more = 2; isAnother(where.get(id), reason); more++) {
        id = reason.root().id() + "-" + more;
      }
      Reason same = where.get(id);
      Fact root = before == null ? reason.root().named(id) : before.root();
      where.put(
          id, new Reason(union(same == null ? List.of(reason) : List.of(same, reason)), root));
    }
    decided.forEach((id, reason) -> settled.putIfAbsent(id, reason));
    List<Fact> facts = new ArrayList<>();
    open.values().forEach(reason -> facts.add(fact(reason.root(), reason.units())));
    settled.values().forEach(reason -> facts.add(fact(reason.root(), reason.units())));
    for (Decision drop : input.decisions().drops()) {
      BitSet units = input.placesOf(drop.units());
      if (!units.isEmpty() && !open.containsKey(drop.fact().id())) {
        facts.add(fact(drop.fact().with(drop.decided()), units));
      }
    }
    return facts;
  }

  private static boolean isAnother(@Nullable Reason known, Reason reason) {
    return known != null && !known.root().state().equals(reason.root().state());
  }

  private Fact fact(Fact root, BitSet units) {
    List<Long> held = idsOf(dependencies.closure(units));
    return root.holding(held, held.stream().map(this::task).distinct().sorted().toList());
  }

  private String task(long unit) {
    return tasks.computeIfAbsent(unit, input.provenance()::task);
  }

  private List<Reason> staleAnswers(BitSet dropped) {
    List<Reason> reasons = new ArrayList<>();
    Set<Long> executed = redoings.executed(dropped);
    resting(
            dropped,
            answer ->
                !accepted.contains(answer)
                    && !executed.contains(answer)
                    && !mayBeRestedOn(judged.get(answer)))
        .forEach((place, units) -> reasons.add(stale(place, units)));
    reasons.sort(Comparator.comparing(reason -> reason.root().answer().orElse(0L)));
    return reasons;
  }

  /** What was decided of answers that work rests on. */
  private List<Reason> acceptedAnswers(BitSet dropped) {
    List<Reason> reasons = new ArrayList<>();
    resting(dropped, answer -> accepted.contains(answer) && !mayBeRestedOn(judged.get(answer)))
        .forEach((place, units) -> {
          Reason reason = stale(place, units);
          input
              .decisions()
              .of(reason.root())
              .filter(decision -> decision.choice() instanceof Choice.Accept)
              .ifPresent(decision -> reasons.add(reason.decided(decision)));
        });
    return reasons;
  }

  /** By place, the answers of some sort that pending units rest on, with those units. */
  private Map<Integer, BitSet> resting(BitSet left, LongPredicate sort) {
    List<Long> premises = input.provenance().premises();
    BitSet wanted = new BitSet();
    for (int place = 0; place < premises.size(); place++) {
      wanted.set(place, sort.test(premises.get(place)));
    }
    Map<Integer, BitSet> resting = new TreeMap<>();
    for (int i = left.nextClearBit(0); i < input.pending().size(); i = left.nextClearBit(i + 1)) {
      BitSet answers = (BitSet) restsOn(i).clone();
      answers.and(wanted);
      int unit = i;
      answers.stream()
          .forEach(place -> resting.computeIfAbsent(place, _ -> new BitSet()).set(unit));
    }
    return resting;
  }

  private Reason stale(int place, BitSet units) {
    long answer = input.provenance().premises().get(place);
    Optional<Judged> verdict = Optional.ofNullable(judged.get(answer));
    Map<Tie, Integer> ties = new EnumMap<>(Tie.class);
    units.stream()
        .forEach(unit ->
            ties.merge(
                input.provenance().tie(input.pending().get(unit).id(), place), 1, Integer::sum));
    Reason reason =
        Reason.answer(input.decisions(), answer, verdict, Reason.uncertainty(ties, verdict), units);
    return new Reason(units, redoings.offered(reason.root(), answer));
  }

  /**
   * The answers that don't hold and are no reason for anything: no unit is held because of them,
   * and none that lands is taken to rest on them.
   */
  private List<NotRelied> notRelied(List<Reason> reasons, BitSet premises) {
    Set<Long> told = new HashSet<>(idsOfAnswers(premises));
    told.addAll(accepted);
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
  private List<Reason> obstacles(BitSet held) {
    List<Reason> reasons = new ArrayList<>();
    work.obstacles()
        .forEach((obstacle, all) -> {
          BitSet units = (BitSet) all.clone();
          if (obstacle.passes()) {
            units.andNot(held);
          }
          if (!units.isEmpty()) {
            reasons.add(
                Reason.constraint(
                    input.decisions(),
                    obstacle.table(),
                    List.of(obstacle.sentence()),
                    obstacle.sentence(),
                    units));
          }
        });
    Set<String> told =
        new HashSet<>(work.obstacles().keySet().stream().map(Work.Obstacle::table).toList());
    for (TableId altered : input.alteredOnBranch()) {
      TableShape shape = input.shapesAtFork().get(altered);
      if (shape != null && !told.contains(shape.qualifiedName())) {
        reasons.add(
            Reason.constraint(
                input.decisions(),
                shape.qualifiedName(),
                List.of("altered"),
                Foldable.altered(shape),
                new BitSet()));
      }
    }
    return reasons;
  }

  private List<Reason> rejections(Map<String, Reason> decided) {
    List<Reason> reasons = new ArrayList<>();
    for (Rejection rejection : input.rejections()) {
      BitSet units = input.placesOf(rejection.units());
      Optional<Decision> chosen = conflictOf(rejection);
      chosen.ifPresent(decision -> {
        Fact conflict = decision.fact();
        decided.put(conflict.id(), new Reason(units, conflict.with(decision.decided())));
      });
      reasons.add(
          Reason.rejected(
              input.decisions(),
              rejection.table(),
              rejection.key(),
              rejection.sentence(),
              chosen.map(Decision::fact),
              units));
    }
    return reasons;
  }

  /** What was decided of the row that main refuses. */
  private Optional<Decision> conflictOf(Rejection rejection) {
    return input.decisions().newest().values().stream()
        .filter(decision ->
            decision.fact().kind() == Fact.Kind.CONFLICT
                && decision.fact().table().equals(Optional.of(rejection.table()))
                && decision.fact().key().equals(Optional.of(rejection.key()))
                && input.decisions().of(decision.fact()).isPresent())
        .findFirst();
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
        input.decisions(),
        table.shape().qualifiedName(),
        table.named(foldable.keyColumns(row.table()), row.key()),
        words,
        Optional.empty(),
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
    redoings.stepsEver(work.steps()).forEach(step -> claims.tell(step, dependencies));
    redoings.tell(dependencies);
    dependencies.toldAll();
  }

  /** Of an answer that a person accepts, it is asked when what it read does not land. */
  private BitSet readersOf(int place, BitSet answers) {
    BitSet asked = (BitSet) answers.clone();
    asked.andNot(leftToAPerson);
    return input.readersOf(asked, input.pending().get(place));
  }

  private boolean isLeftToAPerson(long answer) {
    return accepted.contains(answer) && !mayBeRestedOn(judged.get(answer));
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
