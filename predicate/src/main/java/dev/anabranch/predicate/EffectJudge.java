package dev.anabranch.predicate;

import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.Judgement.Decided;
import dev.anabranch.predicate.footprint.Columns;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Occurrence;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.footprint.Writes;
import dev.anabranch.predicate.match.RowMatcher;
import dev.anabranch.predicate.rehearsal.Review;
import dev.anabranch.predicate.rule.Finding;
import dev.anabranch.predicate.rule.OwnRows;
import dev.anabranch.predicate.rule.Prover;
import dev.anabranch.predicate.rule.Reading;
import dev.anabranch.predicate.rule.Stillness;
import dev.anabranch.predicate.rule.Taken;
import dev.anabranch.predicate.rule.Tally;
import dev.anabranch.predicate.timeline.Placement;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.timeline.TakenOff;
import dev.anabranch.predicate.timeline.Timeline;
import dev.anabranch.predicate.verdict.AskedBecause;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.predicate.world.Rehearsal;
import dev.anabranch.predicate.world.World;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Decides what writing statements did, and what code of the user's may have done: from the changes
 * where the statement tells what it read, else by a rehearsal of its transaction.
 *
 * <p>An effect reads no clock for its client: what it wrote at its moment stays right while the
 * rows that it read are the same.
 */
final class EffectJudge {

  /** Said of constraints, and of nothing in a comment; that looks at nothing. */
  private static final Pattern DEFERRED =
      Pattern.compile(
          "\\s*set\\s+constraints\\s[^-/]*\\sdeferred\\s*;?\\s*", Pattern.CASE_INSENSITIVE);

  private final Stillness stillness;
  private final Timeline timeline;
  private final Transactions transactions;
  private final World world;
  private final Judge judge;
  private final Prover prover;
  private final Taken taken;
  private final Traps traps;
  private final LandedRows landedRows;
  private final OwnPlace ownPlace;
  private final Scripts scripts;
  private final Set<Long> givenRows = new HashSet<>();
  private final Set<Long> byOwnWork = new HashSet<>();

  EffectJudge(
      World world,
      Judge judge,
      Stillness stillness,
      Timeline timeline,
      Transactions transactions,
      Prover prover,
      Taken taken,
      Traps traps) {
    this.stillness = stillness;
    this.timeline = timeline;
    this.transactions = transactions;
    this.world = world;
    this.judge = judge;
    this.prover = prover;
    this.taken = taken;
    this.traps = traps;
    LeftRows rows = new LeftRows(timeline.past(), stillness.onMain().now());
    this.landedRows = new LandedRows(rows, stillness.onMain().now(), stillness.changes());
    this.ownPlace = new OwnPlace(rows, stillness.changes());
    this.scripts =
        new Scripts(
            transactions,
            traps.has(Trap.WHAT_LANDED_STAYS) ? () -> TakenOff.NOTHING : ownPlace::all);
  }

  /** The statements so far that are known to have done nothing but write the rows given to them. */
  Set<Long> givenRows() {
    return Set.copyOf(givenRows);
  }

  /**
   * Whether all that is new to what a landed statement told of rows that it did not write is other
   * work of its branch that has landed.
   */
  boolean isNewByOwnWorkAlone(Answer answer) {
    return byOwnWork.contains(answer.id());
  }

  /** Whether an answer is more than the rows that its words ask for. */
  boolean isEffect(Answer answer) {
    return transactions.mayWrite(answer)
        || (transactions.sawUndone(answer) && !traps.has(Trap.ROLLED_BACK_IS_UNSEEN))
        || (transactions.mayHaveSeenHidden(answer) && !traps.has(Trap.FORGET_HIDDEN_WRITES));
  }

  Judgement judge(Answer answer, Footprint footprint) {
    if (answer.setsConstraints() && DEFERRED.matcher(answer.question().sql()).matches()) {
      return holds(Proof.UNTOUCHED, "it only puts off when constraints are looked at");
    }
    boolean leftNothing =
        answer.told() == Told.REFUSAL
            || transactions.mayBeUndone(answer)
            || Reading.wroteNothing(answer, footprint);
    Optional<String> otherwise =
        leftNothing ? Optional.empty() : transactions.landedOtherwise(answer);
    if (otherwise.isPresent() && !traps.has(Trap.WHAT_LANDED_STAYS)) {
      return new Decided(
          new Verdict.Undecided(Cause.BOTH_CHANGED, otherwise.get(), Tally.NOTHING.evidence()));
    }
    Optional<String> gone = leftNothing ? Optional.empty() : takenBackByMain(answer);
    if (gone.isPresent()) {
      return new Decided(
          new Verdict.Undecided(Cause.BOTH_CHANGED, gone.get(), Tally.NOTHING.evidence()));
    }
    if (answer.told() != Told.ROWS
        && transactions.landed(answer).isPresent()
        && (!transactions.leftSettings(answer) || traps.has(Trap.SETTINGS_STAY_AS_LEFT))) {
      return landed(answer, footprint, transactions.landed(answer).orElseThrow(), leftNothing);
    }
    boolean told =
        (answer.told() != Told.REFUSAL || traps.has(Trap.REFUSALS_STAND))
            && transactions.mayWrite(answer);
    if (traps.has(Trap.TRUST_WORDS) && transactions.hidesCode(answer)) {
      return holds(Proof.UNTOUCHED, "");
    }
    if (!told || transactions.hidesCode(answer)) {
      return rehearsal(
          transactions.hidesCode(answer) ? AskedBecause.CODE : AskedBecause.LEFT_NOTHING, answer);
    }
    Judgement byFootprint = byFootprint(answer, footprint);
    return byFootprint instanceof Decided(Verdict.Holds ignored, var asked) && mayBeRefused(answer)
        ? byWords(rehearsal(AskedBecause.MAY_BE_REFUSED, answer))
        : byFootprint;
  }

  /**
   * Of what told rows as it wrote: which rows it told of is not known, so all of them are asked.
   */
  private Optional<String> takenBackByMain(Answer answer) {
    return answer.told() == Told.ROWS
            && transactions.mayWrite(answer)
            && !traps.has(Trap.WHAT_LANDED_STAYS)
        ? transactions
            .landed(answer)
            .flatMap(unit -> landedRows.takenBackByMain(unit, targets(answer)))
        : Optional.empty();
  }

  /** That it found no row, or a part of it did: its code may have written all the same. */
  private boolean mayHaveFoundNothing(Answer answer) {
    return answer.commandTag().endsWith(" 0")
        || transactions
            .traits(answer)
            .flatMap(Traits::writes)
            .filter(writes -> !writes.counted())
            .isPresent();
  }

  /**
   * With all of its transaction, or else alone on main, which has the rest of that. What was
   * refused may be refused there for a row of its own transaction, and that tells nothing.
   */
  private Judgement inItsPlace(AskedBecause because, Answer answer) {
    Scripts.Script script = scripts.of(answer);
    boolean alone = !(script instanceof Scripts.Script.Playable) && answer.told() != Told.REFUSAL;
    return rehearsal(
        because, answer, alone ? scripts.alone(answer) : script, Tally.NOTHING, Optional.empty());
  }

  /**
   * Whether it is code of which nobody knows that it wrote anything: another statement of its
   * transaction may have written all that there is.
   */
  private boolean mayHaveOnlyLooked(Answer answer) {
    return transactions.traits(answer).flatMap(Traits::writes).isEmpty()
        && !answer.commandTag().startsWith(Told.COPY_FROM)
        && !transactions.isOnlyWriter(answer);
  }

  /**
   * Of a transaction that is on main. What it wrote is there; what it told of these rows, and of
   * others, is looked for there. Of what was refused, or found no row, or was taken back again,
   * nothing is.
   */
  private Judgement landed(Answer answer, Footprint footprint, Unit unit, boolean leftNothing) {
    if (traps.has(Trap.WHAT_LANDED_STAYS)) {
      return holds(Proof.UNTOUCHED, ON_MAIN);
    }
    if (leftNothing
        && footprint instanceof Footprint.Reads reads
        && answer.told() == Told.EFFECT
        && !transactions.mayBeUndone(answer)) {
      return judge(answer, reads);
    }
    if (leftNothing) {
      return inItsPlace(AskedBecause.LEFT_NOTHING, answer);
    }
    Set<TableId> written = targets(answer);
    boolean mayBeOfOthers = mayHaveOnlyLooked(answer) || mayHaveFoundNothing(answer);
    Optional<String> changed =
        answer.result().columns().isEmpty()
            ? landedRows.thereAgain(unit, written)
            : mayBeOfOthers
                ? landedRows.takenBackByMain(unit, written)
                : landedRows.changed(answer, unit, written, onlyInserts(answer));
    if (changed.isPresent()) {
      return new Decided(
          new Verdict.Undecided(Cause.BOTH_CHANGED, changed.get(), Tally.NOTHING.evidence()));
    }
    if (mayBeOfOthers) {
      return rehearsal(AskedBecause.CODE, answer);
    }
    Optional<Unit> takenBack = landedRows.takenBack(unit, written);
    if (takenBack.isPresent()
        && (transactions.hidesCode(answer)
            || taken.mayBe(written, Optional.of(List.of(takenBack.get()))))) {
      return rehearsal(AskedBecause.MAY_BE_REFUSED, answer);
    }
    return landedRows.tellsOfOthers(answer, written)
            || mayTellOfOthersThere(answer, footprint, written)
        ? toldOfOthers(answer, footprint, unit, written)
        : holds(Proof.UNTOUCHED, ON_MAIN);
  }

  /** Of another row of the table that it wrote to; an INSERT has no names for others. */
  private static boolean mayTellOfOthersThere(
      Answer answer, Footprint footprint, Set<TableId> written) {
    return !answer.result().columns().isEmpty()
        && !answer.commandTag().startsWith("INSERT ")
        && words(footprint)
            .map(reads ->
                reads.occurrences().stream()
                    .anyMatch(read -> !read.written() && written.contains(read.table())))
            .orElse(true);
  }

  /** What a statement's own words read, whatever code reads besides. */
  private static Optional<Footprint.Reads> words(Footprint footprint) {
    return switch (footprint) {
      case Footprint.Reads reads -> Optional.of(reads);
      case Footprint.AlwaysRerun rerun -> rerun.words().map(Footprint.Words::reads);
      case Footprint.OwnWrite ignored -> Optional.empty();
      case Footprint.NotOfData ignored -> Optional.empty();
      case Footprint.Unanswerable ignored -> Optional.empty();
    };
  }

  /** What came back is computed, or of rows that it did not write. */
  private Judgement toldOfOthers(
      Answer answer, Footprint footprint, Unit unit, Set<TableId> written) {
    return switch (footprint) {
      case Footprint.Reads reads -> toldOfOthers(answer, reads, unit);
      case Footprint.OwnWrite ignored -> holds(Proof.UNTOUCHED, ON_MAIN);
      case Footprint.NotOfData ignored -> holds(Proof.UNTOUCHED, ON_MAIN);
      // What triggers made of a row is in it, and that is compared; a view's told what they liked.
      case Footprint.AlwaysRerun rerun ->
          rerun
              .words()
              .filter(words -> words.besides() != Footprint.Besides.READ_BY_ROUTINES)
              .filter(_ -> written.stream().allMatch(landedRows::isTable))
              .map(words -> toldOfOthers(answer, words.reads(), unit))
              .orElseGet(() -> rehearsal(Judge.beyondWords(rerun), answer));
      case Footprint.Unanswerable ignored -> rehearsal(AskedBecause.BEYOND_WORDS, answer);
    };
  }

  private Judgement toldOfOthers(Answer answer, Footprint.Reads reads, Unit unit) {
    Optional<Footprint.Reads> read = others(reads);
    if (read.isEmpty()) {
      return holds(Proof.UNTOUCHED, ON_MAIN);
    }
    Footprint.Reads others = read.get();
    if (judge.isAsItLanded(answer, others, seen -> seen.and(unit))) {
      return holds(Proof.PREDICATE, ON_MAIN);
    }
    if (judge.isAsOwnWorkLanded(answer, others)) {
      byOwnWork.add(answer.id());
    }
    return judge(answer, others);
  }

  private boolean onlyInserts(Answer answer) {
    return answer.commandTag().startsWith("INSERT ")
        && transactions
            .traits(answer)
            .flatMap(Traits::writes)
            .filter(writes -> writes.counted() && !writes.onConflict())
            .isPresent();
  }

  /** The tables that its words write to, whatever triggers write besides. */
  private Set<TableId> targets(Answer answer) {
    return stillness.family(
        transactions.traits(answer).flatMap(Traits::writes).map(Writes::targets).orElse(Set.of()));
  }

  private static final String ON_MAIN = "what it wrote is on main";

  /** What it read of rows that it did not write. */
  private static Optional<Footprint.Reads> others(Footprint.Reads reads) {
    List<Occurrence> others =
        reads.occurrences().stream().filter(occurrence -> !occurrence.written()).toList();
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(new Footprint.Reads(others, reads.traits(), Optional.empty()));
  }

  /** That its rows were taken is told by nothing that its words read. */
  private boolean mayBeRefused(Answer answer) {
    Set<TableId> targets =
        transactions
            .traits(answer)
            .flatMap(Traits::writes)
            .map(Writes::targets)
            .orElseGet(() -> transactions.copiedInto(answer));
    return !traps.has(Trap.CONSTRAINTS_TAKE_ALL)
        && taken.mayBe(stillness.family(targets), transactions.wrote(answer));
  }

  private Judgement byFootprint(Answer answer, Footprint footprint) {
    return switch (footprint) {
      case Footprint.OwnWrite own -> given(answer, own.traits());
      case Footprint.Reads reads -> judge(answer, withWhatItLeft(answer, reads));
      case Footprint.AlwaysRerun rerun -> rehearsal(Judge.beyondWords(rerun), answer);
      case Footprint.Unanswerable ignored -> {
        List<Footprint> filled =
            transactions.copiedInto(answer).stream()
                .map(table -> world.footprint(transactions.filling(answer, table)))
                .toList();
        boolean given =
            !filled.isEmpty() && filled.stream().allMatch(Footprint.OwnWrite.class::isInstance);
        if (given && filled.getFirst() instanceof Footprint.OwnWrite own) {
          givenRows.add(answer.id());
          yield given(answer, own.traits());
        }
        yield rehearsal(AskedBecause.BEYOND_WORDS, answer);
      }
      case Footprint.NotOfData ignored -> holds(Proof.UNTOUCHED, "it reads no data");
    };
  }

  private static Judgement holds(Proof proof, String reason) {
    return new Decided(new Verdict.Holds(proof, reason));
  }

  /**
   * A row that it gave the values that were there already is no other in the log, but would be one
   * where main has changed them: so all of a row that it writes to counts as read, but for what
   * combines, of which it is known what was said.
   */
  private Footprint.Reads withWhatItLeft(Answer answer, Footprint.Reads reads) {
    Set<TableId> targets = targets(answer);
    boolean isLeft =
        transactions
            .unit(answer)
            .map(unit -> unit.writes().stream().anyMatch(write -> left(write, targets)))
            .orElseGet(() -> transactions.isUnclear(answer));
    return isLeft && !traps.has(Trap.SAME_AGAIN_IS_UNWRITTEN)
        ? new Footprint.Reads(
            reads.occurrences().stream()
                .map(occurrence ->
                    occurrence.written()
                        ? occurrence.reading(prover.allButCombined(occurrence))
                        : occurrence)
                .toList(),
            reads.traits(),
            reads.rule())
        : reads;
  }

  private static boolean left(Write write, Set<TableId> targets) {
    return write instanceof Write.Update update
        && targets.contains(update.table())
        && update.mayHaveLeftAll();
  }

  /** What is only the branch's is nobody's question, and is held when it can't land. */
  private Judgement given(Answer answer, Traits traits) {
    Optional<String> passed = judge.passed(answer, traits);
    if (passed.isPresent()) {
      return new Decided(
          new Verdict.Undecided(
              Cause.DEFINED_ON_BRANCH, "on the branch, " + passed.get(), Tally.NOTHING.evidence()));
    }
    Map<TableId, SchemaSnapshot.Relation> mains = stillness.onMain().then().relations();
    return traits.relations().stream().anyMatch(mains::containsKey)
            && judge.alteredOnMain(answer, traits, readByGiving(traits)).isPresent()
        ? rehearsal(AskedBecause.REDEFINED, answer)
        : holds(Proof.UNTOUCHED, "it wrote given values and read nothing of main");
  }

  /** No column, unless rows of what it wrote came back. */
  private static Map<TableId, Columns> readByGiving(Traits traits) {
    Columns none = new Columns.Some(new TreeSet<>());
    return traits.writes().filter(writes -> !writes.returning()).isPresent()
        ? traits.relations().stream().collect(Collectors.toMap(table -> table, table -> none))
        : Map.of();
  }

  private Judgement judge(Answer answer, Footprint.Reads reads) {
    Set<TableId> tables = stillness.family(reads.traits().relations());
    Map<TableId, Columns> read = Judge.columns(reads);
    boolean altered =
        judge.alteredOnBranch(answer, reads.traits(), read).isPresent()
            || judge.alteredOnMain(answer, reads.traits(), read).isPresent();
    if (altered) {
      return rehearsal(AskedBecause.REDEFINED, answer);
    }
    return switch (timeline.place(Transactions.alone(answer), judge.whatProofsLookAt(tables))) {
      case Placement.Unknown ignored -> rehearsal(AskedBecause.SEEN_UNKNOWN, answer);
      case Placement.Known(List<Seen> alternatives) -> judge(answer, reads, alternatives);
    };
  }

  private Judgement judge(Answer answer, Footprint.Reads reads, List<Seen> alternatives) {
    RowMatcher matcher = new RowMatcher(answer.question().parameters(), traps);
    Finding whole = new Finding.Proven(Proof.UNTOUCHED, "nothing it read has changed");
    OwnRows own =
        traps.has(Trap.FORGET_OWN_ROWS) ? new OwnRows.None() : transactions.ownRows(answer);
    Optional<String> unproven = Optional.empty();
    for (Seen seen : alternatives) {
      whole = whole.and(prover.prove(reads, matcher, seen, own));
      unproven = unproven.or(() -> prover.namedRows().changed(reads, matcher, seen));
    }
    if (!(whole instanceof Finding.Proven && unproven.isEmpty())
        && isToNamedRows(answer, reads, matcher, alternatives, own)) {
      return holds(Proof.PREDICATE, "main has changed nothing of the rows that it names");
    }
    return switch (whole) {
      case Finding.Proven(Proof proof, String reason) ->
          unproven.isEmpty()
              ? holds(proof, reason)
              : rehearsal(AskedBecause.RENUMBERED, answer, Tally.NOTHING, unproven);
      case Finding.Open open -> byWords(rehearsal(open.because(), answer, open.tally(), unproven));
      case Finding.Contradicted(String why, Tally tally) ->
          new Decided(new Verdict.Undecided(Cause.BOTH_CHANGED, why, tally.evidence()));
    };
  }

  /**
   * Whether it means rows by numbers that main has given to others, and nothing has changed about
   * them: what it did to them is done to the same rows on main, whatever they are called there.
   * Numbers that it made of theirs are looked for when they land, in new rows it may have counted.
   */
  private boolean isToNamedRows(
      Answer answer,
      Footprint.Reads reads,
      RowMatcher matcher,
      List<Seen> alternatives,
      OwnRows own) {
    return (answer.commandTag().startsWith("UPDATE") || answer.commandTag().startsWith("DELETE"))
        && prover.namedRows().areNamedIn(answer.question())
        && alternatives.stream()
            .allMatch(seen ->
                prover.proveAsTheBranchCalls(reads, matcher, seen, own) instanceof Finding.Proven);
  }

  private Judgement rehearsal(AskedBecause because, Answer answer) {
    return rehearsal(because, answer, Tally.NOTHING, Optional.empty());
  }

  private Judgement rehearsal(
      AskedBecause because, Answer answer, Tally tally, Optional<String> unproven) {
    return rehearsal(because, answer, scripts.of(answer), tally, unproven);
  }

  /**
   * Why what would be taken off main is not there any more: without it the same would come out, of
   * something that is gone.
   */
  private Optional<String> goneFromMain(Answer answer, Scripts.Script script) {
    return script instanceof Scripts.Script.Playable(var rehearsal)
            && !rehearsal.takenOff().isEmpty()
        ? transactions.landed(answer).flatMap(unit -> landedRows.takenBackByMain(unit, Set.of()))
        : Optional.empty();
  }

  private Judgement rehearsal(
      AskedBecause because,
      Answer answer,
      Scripts.Script script,
      Tally tally,
      Optional<String> unproven) {
    Optional<String> gone = goneFromMain(answer, script);
    if (gone.isPresent()) {
      return new Decided(new Verdict.Undecided(Cause.BOTH_CHANGED, gone.get(), tally.evidence()));
    }
    return switch (script) {
      case Scripts.Script.Lost(String why) ->
          new Decided(
              new Verdict.Undecided(
                  Cause.NOT_REPEATED, "it can't be executed again: " + why, tally.evidence()));
      case Scripts.Script.Playable(var rehearsal) ->
          rehearsal.statements().stream()
              .flatMap(statement -> alteredOnBranch(statement).stream())
              .findFirst()
              .<Judgement>map(what ->
                  new Decided(
                      new Verdict.Undecided(
                          Cause.DEFINED_ON_BRANCH, "on the branch, " + what, tally.evidence())))
              .orElseGet(() ->
                  new Judgement.Rehearsed(
                      because,
                      new Review(
                          rehearsal,
                          order(answer),
                          stillness.with(ownPlace.besides(rehearsal.takenOff())),
                          traps),
                      inItsPlace(answer, rehearsal),
                      tally,
                      unproven.or(() -> unproven(rehearsal)),
                      false));
    };
  }

  private Optional<Judgement.InItsPlace> inItsPlace(Answer answer, Rehearsal onMain) {
    Stillness besides = stillness.with(ownPlace.besides(ownPlace.all()));
    return scripts
        .inItsPlace(onMain)
        .map(rehearsal ->
            new Judgement.InItsPlace(
                new Review(rehearsal, order(answer), besides, traps),
                besides,
                rehearsal.statements().stream().allMatch(this::looksUpOnly)));
  }

  /**
   * Whether words say all, and read no rows but those that they write to, once: each by itself. Of
   * rows that are only read, sums and groups may be made.
   */
  private boolean looksUpOnly(Answer answer) {
    return transactions.tellsAll(answer)
        && transactions
            .reads(answer)
            .map(Footprint.Reads::occurrences)
            .filter(read -> read.size() <= 1 && read.stream().allMatch(Occurrence::written))
            .isPresent();
  }

  /** What it reads is known by its footprint, as if it had been proved from the changes. */
  private Judgement byWords(Judgement judgement) {
    return judgement
                instanceof
                Judgement.Rehearsed(
                    AskedBecause because,
                    Review review,
                    Optional<Judgement.InItsPlace> inItsPlace,
                    Tally tally,
                    Optional<String> unproven,
                    boolean ignored)
            && review.rehearsal().statements().stream().allMatch(transactions::tellsAll)
        ? new Judgement.Rehearsed(because, review, inItsPlace, tally, unproven, true)
        : judgement;
  }

  private Traits.RowOrder order(Answer answer) {
    return transactions.traits(answer).map(Traits::order).orElse(Traits.RowOrder.NONE);
  }

  private Optional<String> unproven(Rehearsal rehearsal) {
    return rehearsal.statements().stream()
        .flatMap(statement ->
            prover.namedRows().changed(statement.question(), rehearsal.seen()).stream())
        .findFirst();
  }

  /** Main's copy would execute something else than the branch did. */
  private Optional<String> alteredOnBranch(Answer answer) {
    return transactions
        .traits(answer)
        .map(traits -> judge.alteredOnBranch(answer, traits, Map.of()))
        .orElseGet(() ->
            stillness.onBranch().sameRoutines()
                ? Optional.empty()
                : Optional.of("functions, operators or types were changed"));
  }
}
