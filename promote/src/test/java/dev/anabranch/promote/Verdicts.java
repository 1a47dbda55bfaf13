package dev.anabranch.promote;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Task;
import dev.anabranch.ledger.Unit;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.rule.RowsBefore;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.NextFlip;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.promote.plan.Provenance;
import dev.anabranch.promote.plan.TaskGroup;
import dev.anabranch.promote.plan.Tie;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Answers with their verdicts, and what rests on them, said in a test and not worked out. */
public final class Verdicts implements Provenance {

  /** As every session has it. */
  public String searchPath = "";

  private final Map<Long, String> tasks = new HashMap<>();
  private final Map<Long, Long> makers = new HashMap<>();

  private final List<Judged> judged = new ArrayList<>();
  private final Map<Long, Set<Long>> rests = new HashMap<>();
  private final Map<Long, Set<Long>> readers = new HashMap<>();
  private final Map<Long, Set<Long>> sightings = new HashMap<>();
  private final Map<Long, Tie> ties = new HashMap<>();
  private final Map<Long, Set<TableId>> tables = new HashMap<>();

  public Verdicts holds(long answer) {
    judged.add(new Judged(answer(answer, "1"), new Verdict.Holds(Proof.UNTOUCHED, "")));
    return this;
  }

  /** It holds until the clock may make it another. */
  public Verdicts holdsUntil(long answer, Instant moment, NextFlip.How how) {
    judged.removeIf(one -> one.answer().id() == answer);
    judged.add(
        new Judged(
            answer(answer, "1"),
            new Verdict.Holds(Proof.RERUN, ""),
            false,
            Optional.of(new NextFlip(moment, how))));
    return this;
  }

  public Verdicts changed(long answer, String was, String now) {
    judged.add(
        new Judged(
            answer(answer, was),
            new Verdict.Changed(
                Proof.RERUN, "1 row entered", Optional.of(List.of(List.of(now))), now, List.of())));
    return this;
  }

  /** What a unit's own statement did, and would do otherwise now. */
  public Verdicts wouldDoOtherwise(long answer, long unit, TableId... read) {
    makers.put(answer, unit);
    judged.add(
        new Judged(
            answer(answer, "1", "UPDATE 1"),
            new Verdict.Changed(
                Proof.PREDICATE, "it read a row", Optional.empty(), "", List.of())));
    return rests(unit, answer).tables(answer, read);
  }

  public Verdicts undecided(long answer) {
    judged.add(
        new Judged(
            answer(answer, "1"),
            new Verdict.Undecided(Cause.DRAWN_ANEW, "it calls random()", List.of())));
    return this;
  }

  public Verdicts rests(long unit, Long... answers) {
    rests.computeIfAbsent(unit, _ -> new HashSet<>()).addAll(List.of(answers));
    return this;
  }

  /** The answer may have read what the unit wrote. */
  public Verdicts read(long answer, long unit) {
    readers.computeIfAbsent(unit, _ -> new HashSet<>()).add(answer);
    return this;
  }

  /** The answer may have seen what the unit made of a row. */
  public Verdicts saw(long answer, long unit) {
    sightings.computeIfAbsent(unit, _ -> new HashSet<>()).add(answer);
    return this;
  }

  /** Why the unit rests on what it rests on, where that is not its task. */
  public Verdicts tied(long unit, Tie tie) {
    ties.put(unit, tie);
    return this;
  }

  public Verdicts named(long unit, String task) {
    tasks.put(unit, task);
    return this;
  }

  public Verdicts tables(long answer, TableId... read) {
    tables.put(answer, Set.of(read));
    return this;
  }

  public CheckReport report() {
    return new CheckReport(new Lsn(16), new Lsn(32), judged, 0);
  }

  @Override
  public List<Long> premises() {
    Set<Long> all = new TreeSet<>();
    judged.forEach(verdict -> all.add(verdict.answer().id()));
    rests.values().forEach(all::addAll);
    readers.values().forEach(all::addAll);
    sightings.values().forEach(all::addAll);
    return List.copyOf(all);
  }

  @Override
  public BitSet restsOn(long unit) {
    return places(rests.getOrDefault(unit, Set.of()));
  }

  @Override
  public Tie tie(long unit, int premise) {
    return ties.getOrDefault(unit, Tie.TASK);
  }

  @Override
  public BitSet mayHaveRead(BitSet premises, Unit unit) {
    BitSet readers = places(this.readers.getOrDefault(unit.id(), Set.of()));
    readers.and(premises);
    return readers;
  }

  @Override
  public BitSet mayHaveSeen(BitSet premises, Unit unit, Set<Integer> columns) {
    BitSet seers = places(sightings.getOrDefault(unit.id(), Set.of()));
    seers.and(premises);
    return seers;
  }

  @Override
  public String task(long unit) {
    return tasks.getOrDefault(unit, "task " + unit);
  }

  @Override
  public Optional<Long> madeBy(long answer) {
    return Optional.ofNullable(makers.get(answer));
  }

  @Override
  public List<TaskGroup> tasks(List<Long> units) {
    Map<String, List<Long>> byTask = new LinkedHashMap<>();
    units.forEach(unit -> byTask.computeIfAbsent(task(unit), _ -> new ArrayList<>()).add(unit));
    List<TaskGroup> groups = new ArrayList<>();
    byTask.forEach((name, own) -> {
      Set<Long> restsOn = new HashSet<>();
      own.forEach(unit -> restsOn.addAll(rests.getOrDefault(unit, Set.of())));
      groups.add(new TaskGroup(name.replace(" ", "-"), name, name, restsOn.size(), restsOn, own));
    });
    return groups;
  }

  private BitSet places(Set<Long> answers) {
    List<Long> all = premises();
    BitSet places = new BitSet();
    answers.forEach(answer -> places.set(all.indexOf(answer)));
    return places;
  }

  @Override
  public Optional<Boolean> mayBear(long answer, Delta changes, RowsBefore before) {
    return Optional.of(true);
  }

  @Override
  public Optional<Set<TableId>> reads(long answer) {
    return Optional.ofNullable(tables.get(answer));
  }

  private static Answer answer(long id, String was) {
    return answer(id, was, "SELECT 1");
  }

  private static Answer answer(long id, String was, String tag) {
    return new Answer(
        id,
        BranchModel.ID,
        new UUID(0, 1),
        new Task.SessionAlone(),
        1,
        1,
        new Span(1, 2),
        new OwnWrites.None(),
        new Question("SELECT count(*) FROM orders", List.of(), new TreeMap<>()),
        new Result(List.of(), 1, true, true, 0, 0, Optional.of(List.of(List.of(was)))),
        tag,
        Instant.EPOCH);
  }

  @Override
  public String searchPath(long unit) {
    return searchPath;
  }
}
