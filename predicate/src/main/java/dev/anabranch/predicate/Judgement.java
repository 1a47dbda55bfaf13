package dev.anabranch.predicate;

import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Answer;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.rehearsal.Review;
import dev.anabranch.predicate.rule.Rerun;
import dev.anabranch.predicate.rule.Tally;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.verdict.AskedBecause;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.predicate.world.World;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What can be said of an answer without asking again. */
sealed interface Judgement {

  /** Why it is, or was, asked or executed again; empty where it is not. */
  default Optional<AskedBecause> askedAgain() {
    return switch (this) {
      case Decided decided -> decided.asked();
      case Pending pending -> Optional.of(pending.because());
      case Rehearsed rehearsed -> Optional.of(rehearsed.because());
    };
  }

  /**
   * @param asked why it was asked again by an earlier check, whose verdict it is
   */
  record Decided(Verdict verdict, Optional<AskedBecause> asked) implements Judgement {
    Decided(Verdict verdict) {
      this(verdict, Optional.empty());
    }
  }

  /**
   * It must be asked again.
   *
   * @param because what the changes do not tell
   * @param alternatives each of the states that it may have seen; the answer must be the same in
   *     all
   * @param tally the changed rows that bear on it
   * @param traits of its statement
   * @param vouchedFor tells contradictions that are known not to bear on it; all others do
   * @param ofMainAlone whether none of what it saw of the branch's own writes matters to it, nor
   *     who asks, so that main tells it as a copy with those writes laid over would
   * @param unproven why the same answer would be no proof
   * @param traps rules that are off
   */
  record Pending(
      AskedBecause because,
      List<Seen> alternatives,
      Tally tally,
      Traits traits,
      Predicate<World.Contradiction> vouchedFor,
      boolean ofMainAlone,
      Optional<String> unproven,
      Traps traps)
      implements Judgement {

    Verdict verdict(Answer answer, List<World.Reply> replies) {
      Verdict verdict =
          new Rerun(answer.result(), traits.order(), traits.repeat(), tally, vouchedFor, traps)
              .verdict(replies);
      return inItsLight(verdict, unproven, tally);
    }
  }

  /**
   * It must be executed again, with the rest of its transaction.
   *
   * @param because what the changes do not tell
   * @param tally the changed rows that bear on it
   * @param unproven why doing the same would be no proof
   * @param byWords whether the words of all its transaction's statements tell what they read, so
   *     that it does the same as long as no such row changes
   */
  record Rehearsed(
      AskedBecause because, Review review, Tally tally, Optional<String> unproven, boolean byWords)
      implements Judgement {
    Verdict verdict(Answer answer, World.Reply reply) {
      return inItsLight(review.of(answer, reply, tally.evidence()), unproven, tally);
    }
  }

  private static Verdict inItsLight(Verdict verdict, Optional<String> unproven, Tally tally) {
    return verdict instanceof Verdict.Holds && unproven.isPresent()
        ? new Verdict.Undecided(
            Cause.RENUMBERED, unproven.get() + "; the same again is no proof", tally.evidence())
        : verdict;
  }
}
