package dev.anabranch.predicate;

import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Told;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.Judgement.Decided;
import dev.anabranch.predicate.Judgement.Pending;
import dev.anabranch.predicate.Judgement.Rehearsed;
import dev.anabranch.predicate.footprint.Catalog;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Repeat;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.overlay.Numbering;
import dev.anabranch.predicate.rule.Changes;
import dev.anabranch.predicate.rule.Elsewhere;
import dev.anabranch.predicate.rule.OwnMeanings;
import dev.anabranch.predicate.rule.Prover;
import dev.anabranch.predicate.rule.Reading;
import dev.anabranch.predicate.rule.SchemaDrift;
import dev.anabranch.predicate.rule.Stillness;
import dev.anabranch.predicate.rule.Taken;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.timeline.Timeline;
import dev.anabranch.predicate.timeline.UnitPaths;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.predicate.world.Rehearsal;
import dev.anabranch.predicate.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Decides every answer of a branch, as of one position of main.
 *
 * <p>First by algebra on main's changes. If that leaves answers open, they are asked again on main
 * at that same position, where they are of main alone. If one is not, a copy of main is made, which
 * fixes a later position; every proof is made again for exactly that position, and what is still
 * open is asked again there. So all verdicts of a report are true as of the same position.
 */
public final class Check {

  private final BranchHistory history;
  private final World world;
  private final Combining combining;
  private final Traps traps;
  private final Timeline timeline;
  private final Map<Long, Footprint> footprints = new LinkedHashMap<>();
  private final Map<Long, Set<TableId>> reads = new HashMap<>();
  private Map<Long, Ending> owners = Map.of();
  private Delta changes;
  private Optional<World.Present> lasting = Optional.empty();
  private Map<TableId, Unfollowed> unfollowed = Map.of();
  private boolean allReplied = true;
  private Optional<Standing> standing;
  private final Set<Long> altered = new HashSet<>();
  private final Set<Long> redefined = new HashSet<>();
  private final Map<Long, Set<TableId>> asked = new HashMap<>();
  private final NextFlips flips;
  private Numbering numbering = Numbering.NONE;
  private BiPredicate<Answer, Verdict> ownWork = (answer, verdict) -> false;

  /**
   * @param combining the columns of main that combine
   * @param standing what an earlier check of the branch has found
   */
  public Check(
      BranchHistory history,
      World world,
      Combining combining,
      Traps traps,
      Optional<Standing> standing) {
    this.combining = combining;
    this.history = history;
    this.world = world;
    this.flips = new NextFlips(world);
    this.traps = traps;
    this.standing = standing;
    this.changes = new Delta(history.forkLsn(), history.forkLsn(), Map.of());
    this.timeline =
        new Timeline(
            history.endings(), new Past(history.units(), history.landed()), Map.of(), traps);
  }

  /** What each answer depends on, by its id; after {@link #run()}. */
  public Map<Long, Footprint> footprints() {
    return Map.copyOf(footprints);
  }

  /**
   * The tables whose rows a statement reads that was executed again, by the id of its answer: more
   * than its words tell; after {@link #run()}.
   */
  public Map<Long, Set<TableId>> reads() {
    return Map.copyOf(reads);
  }

  /**
   * The answers whose question means something else on main now than where it was asked, by their
   * ids: which tables and rows it reads there is not known; after {@link #run()}.
   */
  public Set<Long> redefined() {
    return Set.copyOf(redefined);
  }

  /**
   * The tables that main read for an answer when it was asked again, by its id: of those whose
   * footprint does not tell, or that main reads elsewhere by now; after {@link #run()}.
   */
  public Map<Long, Set<TableId>> asked() {
    return Map.copyOf(asked);
  }

  private boolean isTraced(Answer answer) {
    return redefined.contains(answer.id())
        || new Reading(history.atFork())
            .tables(footprints.getOrDefault(answer.id(), UNKNOWN))
            .isEmpty();
  }

  private void hear(Answer answer, List<World.Reply> replies) {
    flips.hear(answer, replies);
    Set<TableId> read = new HashSet<>();
    for (World.Reply reply : replies) {
      if (!(reply instanceof World.Reply.Got got) || got.read().isEmpty()) {
        return;
      }
      read.addAll(got.read().get());
    }
    if (!replies.isEmpty()) {
      asked.put(answer.id(), Set.copyOf(read));
    }
  }

  /** Main's changes since the fork point, as of the report's position; after {@link #run()}. */
  public Delta changes() {
    return changes;
  }

  /** Whose transaction each unit was, by its id, as far as that is known; after {@link #run()}. */
  public Map<Long, Ending> owners() {
    return Map.copyOf(owners);
  }

  /** The tables that answers read and whose changes nobody follows; after {@link #run()}. */
  public Map<TableId, Unfollowed> unfollowed() {
    return unfollowed;
  }

  /**
   * What main was, if the same report can be made as long as main and the branch stay as they are;
   * after {@link #run()}. Empty where an answer may be another by the time alone, or is to be asked
   * for what nobody follows.
   */
  public Optional<World.Present> lasting() {
    return lasting;
  }

  /** What it has found, for the next check of the branch; after {@link #run()}. */
  public Optional<Standing> standing() {
    return standing;
  }

  private boolean last(Map<Answer, Judgement> judgements) {
    return unfollowed.isEmpty()
        && judgements.entrySet().stream()
            .allMatch(entry ->
                switch (entry.getValue()) {
                  case Decided ignored -> true;
                  case Pending pending -> isOfRows(entry.getKey(), pending.traits());
                  case Rehearsed ignored -> false;
                });
  }

  /**
   * What was asked again stays true, too, while no row has changed that it reads: not where main
   * has it read what its footprint does not tell.
   */
  private void keep(Map<Answer, Judgement> judgements, Map<Answer, Verdict> asked) {
    judgements.forEach((answer, judgement) -> {
      Verdict verdict = asked.get(answer);
      if (judgement instanceof Pending pending
          && (verdict instanceof Verdict.Holds || verdict instanceof Verdict.Changed)
          && !altered.contains(answer.id())
          && isOfRows(answer, pending.traits())) {
        standing.ifPresent(found ->
            found.take(
                answer,
                footprints.getOrDefault(answer.id(), UNKNOWN),
                new Decided(verdict, judgement.askedAgain())));
      }
    });
  }

  private boolean isOfRows(Answer answer, Traits traits) {
    return footprints.get(answer.id()) instanceof Footprint.Reads
        && traits.repeat() instanceof Repeat.Same
        && traits.timeDependent().isEmpty()
        && !Judge.namesMoment(answer);
  }

  /**
   * Analyses and judges what can be judged with what is known here, for the next check of the
   * branch: {@link #standing()} has it.
   */
  public void prepare() {
    analyse();
    try (World.Present known = world.known()) {
      judge(known);
    }
  }

  private void analyse() {
    for (Answer answer : history.answers()) {
      world.step();
      footprints.put(answer.id(), world.footprint(answer));
    }
  }

  /**
   * @throws dev.anabranch.base.AnabranchException when main or the branch can't be reached
   */
  public CheckReport run() {
    analyse();
    try (World.Present present = world.present()) {
      Map<Answer, Judgement> first = judge(present);
      Optional<Map<Answer, Verdict>> told =
          new MainAlone(present, this::isTraced, this::hear).verdicts(first);
      if (told.isPresent()) {
        unfollowed = unfollowed(present);
        keep(first, told.get());
        lasting = Optional.of(present).filter(main -> last(first));
        return report(present, first, told.get());
      }
    }
    try (World.Replay replay = world.replay()) {
      Map<Answer, Judgement> again = judge(replay);
      Map<Answer, Verdict> asked = askAgain(again, replay);
      unfollowed = unfollowed(replay);
      keep(again, asked);
      lasting =
          Optional.of(replay)
              .filter(main -> allReplied && last(again))
              .map(World.Present.class::cast);
      return report(replay, again, asked);
    }
  }

  private Map<TableId, Unfollowed> unfollowed(World.Present present) {
    Reading reading = new Reading(history.atFork());
    Set<TableId> tables = new HashSet<>(ConstraintTables.of(history, reading, footprints));
    footprints.forEach((answer, footprint) ->
        tables.addAll(
            Optional.ofNullable(asked.get(answer))
                .or(() -> Optional.ofNullable(reads.get(answer)))
                .or(() -> reading.tables(footprint))
                .orElse(Set.of())));
    Map<TableId, String> whys = new HashMap<>();
    tables.forEach(table -> whyUnfollowed(table, present).ifPresent(why -> whys.put(table, why)));
    Map<TableId, String> marks = present.marks(whys.keySet());
    Map<TableId, Unfollowed> found = new HashMap<>();
    whys.forEach((table, why) ->
        found.put(
            table,
            new Unfollowed(name(table, present), why, Optional.ofNullable(marks.get(table)))));
    return Map.copyOf(found);
  }

  /**
   * What a refresh makes of a materialised view is told by its definition, where it is stored anew.
   */
  private static Optional<String> whyUnfollowed(TableId table, World.Present present) {
    SchemaSnapshot.Relation relation = present.schema().relations().get(table);
    boolean told = relation != null && relation.kind() == 'm' && relation.refreshedWhole();
    return !told
            && table.oid() >= Catalog.FIRST_USER_OID
            && present.delta().of(table) instanceof TableDelta.Unwatched(String why)
        ? Optional.of(why)
        : Optional.empty();
  }

  private static String name(TableId table, World.Present present) {
    SchemaSnapshot.Relation relation = present.schema().relations().get(table);
    return relation == null ? "a table that is gone" : relation.shape().qualifiedName();
  }

  private Map<Answer, Judgement> judge(World.Present present) {
    Changes changes = changes(present);
    Stillness stillness =
        new Stillness(
            new SchemaDrift(history.atFork(), present.schema()),
            new SchemaDrift(history.branchAtFork(), history.branchNow()),
            changes);
    numbering =
        Numbering.of(
            history.drawn(),
            timeline.past(),
            history.atFork(),
            present.schema(),
            changes::of,
            traps);
    Prover prover = new Prover(history.atFork(), changes, numbering, combining, traps);
    Transactions transactions = new Transactions(history, footprints, timeline);
    owners = transactions.owners();
    Timeline known = transactions.timeline();
    Judge judge = new Judge(history, world.actsAs(), present.schema(), known, prover, traps);
    EffectJudge effects =
        new EffectJudge(
            world,
            judge,
            stillness,
            known,
            transactions,
            prover,
            new Taken(present.schema(), changes, numbering),
            traps);
    Elsewhere elsewhere = new Elsewhere(stillness.onMain(), history.branchNow());
    boolean still = world.beganAsMain() && stillness.everywhere();
    boolean replaced = stillness.onBranch().replaces();
    OwnMeanings ownMeanings = new OwnMeanings(stillness.onBranch());
    Optional<Standing.Later> later =
        standing
            .filter(earlier -> earlier.isOf(history, world.actsAs(), present, numbering))
            .map(earlier -> earlier.at(present, world::forkImages, prover, timeline.past(), traps));
    Standing found =
        new Standing(history, world.actsAs(), present, numbering, prover, timeline.past());
    Map<Answer, Judgement> judgements = new LinkedHashMap<>();
    reads.clear();
    altered.clear();
    redefined.clear();
    asked.clear();
    flips.clear();
    for (Answer answer : answersAboutData()) {
      world.step();
      Footprint footprint = footprints.getOrDefault(answer.id(), UNKNOWN);
      if (!transactions.mayWrite(answer)) {
        flips.note(answer, footprint, elsewhere);
      }
      boolean unmoved =
          still
              && answer.withheld().isEmpty()
              && (!replaced || meantTheSame(answer, transactions, judge))
              && !judge.mayHavePassed(answer, transactions.traits(answer))
              && (traps.has(Trap.SKIP_SCHEMA)
                  || !ownMeanings.mayBearOn(transactions.traits(answer), judge.path(answer)))
              && (traps.has(Trap.STILL_ROWS_TELL_ALL)
                  || !(elsewhere.mayBearOn(answer, footprint)
                      || (answer.told() == Told.ROWS && Judge.namesMoment(answer))));
      Judgement judgement =
          unmoved
              ? UNMOVED
              : effects.isEffect(answer)
                  ? effect(answer, footprint, effects, later, found)
                  : later
                      .flatMap(earlier -> earlier.of(answer, footprint, judge))
                      .orElseGet(() -> judge.judge(answer, footprint));
      judgements.put(answer, judgement);
      if (judgement instanceof Pending) {
        noteAlteration(answer, footprint, judge);
      }
      if (!unmoved && !effects.isEffect(answer)) {
        found.take(answer, footprint, judgement);
      }
    }
    standing = Optional.of(found);
    effects.givenRows().forEach(answer -> reads.put(answer, Set.of()));
    ownWork =
        (answer, verdict) ->
            !(verdict instanceof Verdict.Holds)
                && (effects.isNewByOwnWorkAlone(answer)
                    || (toldOnlyWhatItFound(answer, effects)
                        && judge.rowsChangedByOwnWorkAlone(
                            answer, footprints.getOrDefault(answer.id(), UNKNOWN))));
    return judgements;
  }

  /** What executing it again came to stays, while no table that this touched has changed. */
  private Judgement effect(
      Answer answer,
      Footprint footprint,
      EffectJudge effects,
      Optional<Standing.Later> later,
      Standing found) {
    Optional<Standing.Performed> again =
        later.flatMap(earlier -> earlier.performed(answer, footprint));
    again.ifPresent(found::take);
    again.flatMap(Standing.Performed::reads).ifPresent(tables -> reads.put(answer.id(), tables));
    return again
        .<Judgement>map(Standing.Performed::decided)
        .orElseGet(() -> effects.judge(answer, footprint));
  }

  /** Rows, or that there are none to write to. */
  private boolean toldOnlyWhatItFound(Answer answer, EffectJudge effects) {
    return answer.told() == Told.ROWS
        ? !effects.isEffect(answer)
        : Reading.wroteNothing(answer, footprints.getOrDefault(answer.id(), UNKNOWN));
  }

  private boolean mayBeTakenBack(Answer answer) {
    return history.endings().stream()
        .filter(ending ->
            ending.session().equals(answer.session())
                && ending.transaction() == answer.transaction())
        .allMatch(ending -> ending.mayHaveTakenBack(answer.span().end()));
  }

  /** Rows of a table that main has altered can't be matched, so that all of it counts as read. */
  private void noteAlteration(Answer answer, Footprint footprint, Judge judge) {
    switch (judge.alteration(answer, footprint)) {
      case NONE -> {}
      case IN_PLACE -> {
        altered.add(answer.id());
        new Reading(history.atFork())
            .tables(footprint)
            .ifPresent(tables -> reads.putIfAbsent(answer.id(), tables));
      }
      case ELSEWHERE -> {
        altered.add(answer.id());
        redefined.add(answer.id());
      }
    }
  }

  /**
   * Main would answer with its own functions and types, and not with what the branch made of them.
   */
  private static boolean meantTheSame(Answer answer, Transactions transactions, Judge judge) {
    return transactions
        .traits(answer)
        .map(traits -> judge.alteredOnBranch(answer, traits, Map.of()).isEmpty())
        .orElse(false);
  }

  /** Whatever it is a function of, main has not changed it. */
  private static final Judgement UNMOVED =
      new Decided(
          new Verdict.Holds(Proof.UNTOUCHED, "nothing on main has changed since the fork point"));

  /** All but those that only looked definitions up. */
  private List<Answer> answersAboutData() {
    return history.answers().stream()
        .filter(answer -> !(footprints.get(answer.id()) instanceof Footprint.NotOfData))
        .toList();
  }

  private static final Footprint UNKNOWN = new Footprint.Unanswerable("it was not analysed");

  private Changes changes(World.Present present) {
    if (!present.delta().since().equals(history.forkLsn())) {
      throw new IllegalStateException(
          "changes since "
              + present.delta().since()
              + " for a branch forked at "
              + history.forkLsn());
    }
    return new ForkedChanges(present, world);
  }

  private Map<Answer, Verdict> askAgain(Map<Answer, Judgement> judgements, World.Replay replay) {
    List<World.Ask> asks = new ArrayList<>();
    Map<Answer, List<Integer>> places = new LinkedHashMap<>();
    // A transaction is rehearsed once, for all of its statements.
    IdentityHashMap<Rehearsal, Integer> rehearsals = new IdentityHashMap<>();
    judgements.forEach((answer, judgement) -> {
      List<Integer> own = new ArrayList<>();
      switch (judgement) {
        case Decided ignored -> {}
        case Pending pending ->
            pending
                .alternatives()
                .forEach(seen -> own.add(added(asks, ask(answer, seen, pending))));
        case Rehearsed rehearsed ->
            rehearsed
                .reviews()
                .forEach(review ->
                    own.add(
                        rehearsals.computeIfAbsent(
                            review.rehearsal(),
                            rehearsal -> added(asks, World.Ask.of(rehearsal)))));
      }
      places.put(answer, own);
    });
    if (asks.isEmpty()) {
      return Map.of();
    }
    List<World.Reply> replies =
        replay.ask(
            List.copyOf(asks),
            numbering,
            new UnitPaths(timeline.knowing(owners), history.answers(), world.actsAs()));
    allReplied = replies.stream().noneMatch(World.Reply.Failed.class::isInstance);
    Map<Answer, Verdict> verdicts = new LinkedHashMap<>();
    judgements.forEach((answer, judgement) -> {
      List<World.Reply> own =
          places.getOrDefault(answer, List.of()).stream().map(replies::get).toList();
      switch (judgement) {
        case Decided ignored -> {}
        case Pending pending -> {
          hear(answer, own);
          verdicts.put(answer, pending.verdict(answer, own));
        }
        case Rehearsed rehearsed -> {
          Verdict verdict = rehearsed.verdict(answer, own);
          verdicts.put(answer, verdict);
          Optional<Set<TableId>> read = read(answer, rehearsed, own.getFirst());
          read.ifPresent(tables -> reads.put(answer.id(), tables));
          Footprint footprint = footprints.getOrDefault(answer.id(), UNKNOWN);
          standing.ifPresent(found -> found.take(answer, footprint, rehearsed, own, read));
        }
      }
    });
    return verdicts;
  }

  private Optional<Set<TableId>> read(Answer answer, Rehearsed rehearsed, World.Reply reply) {
    return rehearsed.byWords()
        ? Optional.empty()
        : mayBeTakenBack(answer) ? rehearsed.review().uses(reply) : rehearsed.review().reads(reply);
  }

  private World.Ask ask(Answer answer, Seen seen, Pending pending) {
    return new World.Ask(
        answer,
        seen,
        isTraced(answer),
        pending.traits().repeat() instanceof Repeat.Available,
        NextFlips.asked(answer, pending.traits(), altered.contains(answer.id())));
  }

  private static int added(List<World.Ask> asks, World.Ask ask) {
    asks.add(ask);
    return asks.size() - 1;
  }

  private CheckReport report(
      World.Present present, Map<Answer, Judgement> judgements, Map<Answer, Verdict> asked) {
    changes = present.delta();
    List<CheckReport.Judged> judged = new ArrayList<>();
    judgements.forEach((answer, judgement) -> {
      Verdict verdict =
          switch (judgement) {
            case Decided decided -> decided.verdict();
            case Pending ignored -> asked.getOrDefault(answer, NOT_ASKED);
            case Rehearsed ignored -> asked.getOrDefault(answer, NOT_ASKED);
          };
      judged.add(
          new CheckReport.Judged(
              answer,
              verdict,
              ownWork.test(answer, verdict),
              flips.of(answer),
              judgement.askedAgain()));
    });
    return new CheckReport(
        history.forkLsn(),
        present.asOf(),
        List.copyOf(judged),
        history.answers().size() - judged.size());
  }

  private static final Verdict NOT_ASKED =
      new Verdict.Undecided(Cause.NOT_REPEATED, "it could not be asked again", List.of());
}
