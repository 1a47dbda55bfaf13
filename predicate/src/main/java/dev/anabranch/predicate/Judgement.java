package dev.anabranch.predicate;

import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Answer;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.rehearsal.Review;
import dev.anabranch.predicate.rule.Rerun;
import dev.anabranch.predicate.rule.Stillness;
import dev.anabranch.predicate.rule.Tally;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.verdict.AskedBecause;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.predicate.world.World;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

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
   * @param inItsPlace how it is executed once more where the branch has landed work since, in case
   *     it comes out otherwise; empty where it has not, or where that can't be taken off
   * @param byWords whether the words of all its transaction's statements tell what they read, so
   *     that it does the same as long as no such row changes
   */
  record Rehearsed(
      AskedBecause because,
      Review review,
      Optional<InItsPlace> inItsPlace,
      Tally tally,
      Optional<String> unproven,
      boolean byWords)
      implements Judgement {

    /** What is to be executed, in order. */
    List<Review> reviews() {
      return Stream.concat(Stream.of(review), inItsPlace.map(InItsPlace::review).stream()).toList();
    }

    /**
     * @param replies one for each of {@link #reviews()}
     */
    Verdict verdict(Answer answer, List<World.Reply> replies) {
      Verdict onMain = review.of(answer, replies.getFirst(), tally.evidence());
      Verdict found =
          onMain instanceof Verdict.Holds
              ? onMain
              : inItsPlace
                  .filter(place -> place.tells(replies.getFirst(), replies.getLast()))
                  .map(place -> place.review().of(answer, replies.getLast(), tally.evidence()))
                  .filter(Verdict.Holds.class::isInstance)
                  .orElse(onMain);
      return inItsLight(found, unproven, tally);
    }
  }

  /**
   * An execution on a copy of main from which the branch's landed work was taken off.
   *
   * @param besides what main has changed but for that work
   * @param looksUpOnly whether no rows of main's can mean something to it through that work: its
   *     words, and constraints, look for rows of one table each
   */
  record InItsPlace(Review review, Stillness besides, boolean looksUpOnly) {

    /**
     * Whether that work alone makes the difference. A row of main's that refers to a landed one is
     * seen by nobody who does not find the landed one.
     */
    boolean tells(World.Reply onMain, World.Reply inItsPlace) {
      return looksUpOnly || (touchesNothingMoved(onMain) && touchesNothingMoved(inItsPlace));
    }

    private boolean touchesNothingMoved(World.Reply reply) {
      return reply instanceof World.Reply.Performed performed
          && besides
              .moved(performed.first().touched().and(performed.second().touched()).byItself())
              .isEmpty();
    }
  }

  private static Verdict inItsLight(Verdict verdict, Optional<String> unproven, Tally tally) {
    return verdict instanceof Verdict.Holds && unproven.isPresent()
        ? new Verdict.Undecided(
            Cause.RENUMBERED, unproven.get() + "; the same again is no proof", tally.evidence())
        : verdict;
  }
}
