package dev.anabranch.check.wal;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.timeline.Owner;
import dev.anabranch.predicate.timeline.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is left of a branch's ledger when it is set back to a moment of its own.
 *
 * <p>The units that the moment includes stay, and with them every answer that one of them may rest
 * on. An answer that may have seen a write that is taken back goes or, if a unit that stays may
 * rest on it, stays without what it would need to be judged, so that it is undecided.
 *
 * <p>Transaction ids that were given out after the moment are given out again. So endings stay only
 * for units that stay, and an answer that saw writes of its own transaction is judged only if that
 * transaction is such a unit.
 */
public final class Rewind {

  private static final long LOW_32_BITS = 0xFFFF_FFFFL;

  private final Timeline timeline;
  private final List<Answer> answers;
  private final List<Ending> endings;
  private final List<Unit> stay;
  private final List<Unit> goes;

  /**
   * @param answers with everything that was answered before the moment
   * @param endings read with the answers, before the units: none has a unit that is missing
   * @param units with everything that was committed before the moment
   * @param end units that end at or below it stay
   */
  public Rewind(List<Answer> answers, List<Ending> endings, List<Unit> units, Lsn end) {
    this.timeline = new Timeline(endings, units);
    this.answers = List.copyOf(answers);
    this.endings = List.copyOf(endings);
    this.stay = units.stream().filter(unit -> !unit.commitLsn().isAfter(end)).toList();
    this.goes = units.stream().filter(unit -> unit.commitLsn().isAfter(end)).toList();
  }

  /**
   * The next life's ledger.
   *
   * @param time answers asked later go unless a unit that stays may rest on them
   */
  public List<Ledger.Entry> entries(BranchId next, Optional<Instant> time) {
    List<Ledger.Entry> entries = new ArrayList<>();
    for (Answer answer : answers) {
      boolean needed = stay.stream().anyMatch(unit -> mayRestOn(unit, answer));
      boolean later = time.filter(moment -> answer.askedAt().isAfter(moment)).isPresent();
      if (isUntouched(answer) ? needed || !later : needed) {
        Question question = isUntouched(answer) ? answer.question() : unknown(answer.question());
        entries.add(new Ledger.Entry.AnswerGiven(of(next, answer, question)));
      }
    }
    Set<Ending> owners = new HashSet<>();
    stay.forEach(unit -> owners.addAll(owners(unit)));
    endings.stream()
        .filter(owners::contains)
        .forEach(ending -> entries.add(new Ledger.Entry.TransactionEnded(of(next, ending))));
    stay.forEach(unit -> entries.add(new Ledger.Entry.UnitCommitted(of(next, unit))));
    return entries;
  }

  /** Whether it surely saw nothing that is taken back. */
  private boolean isUntouched(Answer answer) {
    boolean ownStay =
        switch (answer.ownWrites()) {
          case OwnWrites.None ignored -> true;
          case OwnWrites.Unknown ignored ->
              stay.stream().anyMatch(unit -> isSurelyOf(answer, unit));
          case OwnWrites.UpTo(long id, Lsn ignored) ->
              stay.stream().anyMatch(unit -> unit.transactionId() == (id & LOW_32_BITS));
        };
    Answer others = withoutOwnWrites(answer);
    return ownStay && goes.stream().noneMatch(unit -> timeline.maySee(others, unit));
  }

  /** Whether it is known that the answer's own transaction is this unit. */
  private boolean isSurelyOf(Answer answer, Unit unit) {
    List<Ending> owners = owners(unit);
    return owners.size() == 1 && owners.stream().allMatch(owner -> isOf(answer, owner));
  }

  private static boolean isOf(Answer answer, Ending owner) {
    return owner.session().equals(answer.session()) && owner.transaction() == answer.transaction();
  }

  /** Work of any session may rest on what another got, but on nothing that came after it. */
  private boolean mayRestOn(Unit unit, Answer answer) {
    List<Ending> owners = owners(unit);
    return owners.isEmpty()
        || owners.stream()
            .anyMatch(owner -> isOf(answer, owner) || answer.span().begin() < owner.span().end());
  }

  private List<Ending> owners(Unit unit) {
    return switch (timeline.owner(unit)) {
      case Owner.One(Ending ending) -> List.of(ending);
      case Owner.Unclear(List<Ending> possible) -> possible;
    };
  }

  /** Without the settings nobody knows what it meant. */
  private static Question unknown(Question question) {
    return new Question(question.sql(), question.parameters(), new TreeMap<>());
  }

  private static Answer withoutOwnWrites(Answer a) {
    return new Answer(
        a.id(),
        a.branch(),
        a.session(),
        a.task(),
        a.transaction(),
        a.transactionBegan(),
        a.span(),
        new OwnWrites.None(),
        a.question(),
        a.result(),
        a.commandTag(),
        a.askedAt(),
        a.withheld());
  }

  private static Answer of(BranchId next, Answer a, Question question) {
    return new Answer(
        0,
        next,
        a.session(),
        a.task(),
        a.transaction(),
        a.transactionBegan(),
        a.span(),
        a.ownWrites(),
        question,
        a.result(),
        a.commandTag(),
        a.askedAt(),
        a.withheld());
  }

  private static Ending of(BranchId next, Ending e) {
    return new Ending(
        next,
        e.session(),
        e.task(),
        e.transaction(),
        e.kind(),
        e.span(),
        e.sentAt(),
        e.doneAt(),
        e.transactionId(),
        e.positionAfter(),
        e.undone());
  }

  private static Unit of(BranchId next, Unit u) {
    return new Unit(
        0, next, u.transactionId(), u.commitLsn(), u.committedAt(), u.shapes(), u.writes());
  }
}
