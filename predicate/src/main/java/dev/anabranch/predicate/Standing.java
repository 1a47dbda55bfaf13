package dev.anabranch.predicate;

import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Unit;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.Judgement.Decided;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.match.RowMatcher;
import dev.anabranch.predicate.overlay.Numbering;
import dev.anabranch.predicate.rule.Finding;
import dev.anabranch.predicate.rule.Prover;
import dev.anabranch.predicate.rule.Since;
import dev.anabranch.predicate.rule.WrittenKeys;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.predicate.world.World;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a check has found by main's changes, for the next one of the same branch to go on from. It
 * is a function of the branch's history, of main's definitions and of main's changes: while the
 * first two are the same, only what main has changed since has to be looked at.
 */
public final class Standing {

  /** An answer, as it was understood, and what was found. */
  private record Found(Answer answer, Footprint.Reads footprint, Decided decided) {}

  /**
   * What a statement wrote, whose transaction was executed again and did the same.
   *
   * @param touched all tables that this touched
   * @param reads those of them whose rows it reads, where its words do not tell
   */
  record Performed(
      Answer answer,
      Footprint footprint,
      Decided decided,
      Set<TableId> touched,
      Optional<Set<TableId>> reads) {}

  private final BranchHistory history;
  private final String actsAs;
  private final SchemaSnapshot main;
  private final Delta delta;
  private final Numbering numbering;
  private final Prover prover;
  private final Past past;
  private final WrittenKeys written;
  private final Map<Long, Found> found = new HashMap<>();
  private final Map<Long, Performed> performed = new HashMap<>();

  /**
   * @param actsAs as {@link World#actsAs()}
   * @param present what main was
   * @param numbering what the branch's rows are called beside main's
   * @param prover has laid main's changes over what the branch wrote
   * @param past that
   */
  Standing(
      BranchHistory history,
      String actsAs,
      World.Present present,
      Numbering numbering,
      Prover prover,
      Past past) {
    this.numbering = numbering;
    this.prover = prover;
    this.past = past;
    this.history = history;
    this.actsAs = actsAs;
    this.main = present.schema();
    this.delta = present.delta();
    this.written = new WrittenKeys(history.units());
  }

  /** Takes what was found of an answer, if main's changes alone decided it. */
  void take(Answer answer, Footprint footprint, Judgement judgement) {
    if (footprint instanceof Footprint.Reads reads && judgement instanceof Decided decided) {
      found.put(answer.id(), new Found(answer, reads, decided));
    }
  }

  /**
   * Takes what came of executing a statement again, if it held. What may have read the clock is not
   * kept: executed at another moment, it may do something else.
   *
   * @param replies one for each of its reviews
   * @param reads the tables whose rows it reads, where its words do not tell
   */
  void take(
      Answer answer,
      Footprint footprint,
      Judgement.Rehearsed rehearsed,
      List<World.Reply> replies,
      Optional<Set<TableId>> reads) {
    Verdict verdict = rehearsed.verdict(answer, replies);
    Set<TableId> touched = new HashSet<>();
    boolean known =
        replies.stream()
            .map(rehearsed.review()::restsOn)
            .allMatch(tables -> tables.map(touched::addAll).isPresent());
    if (answer.told() == Told.EFFECT
        && !rehearsed.review().rehearsal().clock()
        && verdict instanceof Verdict.Holds
        && known) {
      Decided decided = new Decided(verdict, rehearsed.askedAgain());
      take(new Performed(answer, footprint, decided, touched, reads));
    }
  }

  /** Takes what an earlier check found. */
  void take(Performed again) {
    performed.put(again.answer().id(), again);
  }

  /**
   * Whether all but main's rows is as it was. Rows that are called otherwise on main are more than
   * main's rows.
   */
  boolean isOf(BranchHistory now, String role, World.Present present, Numbering names) {
    return isPlain(numbering)
        && isPlain(names)
        && now.forkLsn().equals(history.forkLsn())
        && role.equals(actsAs)
        && present.delta().since().equals(delta.since())
        && !present.delta().asOf().isBefore(delta.asOf())
        && now.landed().equals(history.landed())
        && now.landed().renumbered().isEmpty()
        && ids(now).equals(ids(history))
        && now.endings().equals(history.endings())
        && now.branchNow().isDefinedAs(history.branchNow())
        && now.ddl().equals(history.ddl())
        && main.isDefinedAs(present.schema());
  }

  private static boolean isPlain(Numbering numbering) {
    return numbering.names().tables().isEmpty();
  }

  private static List<Long> ids(BranchHistory history) {
    return history.units().stream().map(Unit::id).toList();
  }

  /** What of it can be said again. */
  final class Later {
    private final Since since;
    private final Traps traps;

    private Later(Since since, Traps traps) {
      this.since = since;
      this.traps = traps;
    }

    /** Empty where it has to be executed again: some row has changed of a table that it touches. */
    Optional<Performed> performed(Answer answer, Footprint footprint) {
      return Optional.ofNullable(performed.get(answer.id()))
          .filter(former ->
              former.answer().equals(answer)
                  && former.footprint().equals(footprint)
                  && since.leaves(former.touched()));
    }

    /** Empty where it has to be judged again. */
    Optional<Judgement> of(Answer answer, Footprint footprint, Judge judge) {
      Found former = found.get(answer.id());
      if (former == null
          || !former.footprint().equals(footprint)
          || !former.answer().equals(answer)) {
        return Optional.empty();
      }
      RowMatcher matcher = new RowMatcher(answer.question().parameters(), traps);
      return since
          .addsNothing(judge.tables(former.footprint().traits()), former.footprint(), matcher)
          .map(proven ->
              new Decided(raised(former.decided().verdict(), proven), former.decided().asked()));
    }

    /** With more rows that had to be looked at, the proof may be a dearer one. */
    private static Verdict raised(Verdict verdict, Finding.Proven proven) {
      return verdict instanceof Verdict.Holds holds && holds.proof().compareTo(proven.proof()) < 0
          ? new Verdict.Holds(proven.proof(), Prover.reason(proven.proof()))
          : verdict;
    }
  }

  /**
   * The same at a later position of main.
   *
   * @param successor takes over what the earlier prover has made
   * @param sameWrites what the branch wrote, as it is told now
   */
  Later at(
      World.Present present,
      Since.ForkRows forkRows,
      Prover successor,
      Past sameWrites,
      Traps traps) {
    Since since = new Since(history.atFork(), delta, present.delta(), written, forkRows, traps);
    successor.takeOver(prover, past, sameWrites, since);
    return new Later(since, traps);
  }
}
