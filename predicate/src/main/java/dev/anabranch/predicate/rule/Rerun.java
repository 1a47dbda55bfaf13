package dev.anabranch.predicate.rule;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Result;
import dev.anabranch.predicate.footprint.Repeat;
import dev.anabranch.predicate.footprint.Traits.RowOrder;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.predicate.world.World;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The verdict on an answer that was asked again, once for each state that it may have seen.
 *
 * @param was what the client got
 * @param order how the statement orders its rows
 * @param repeat what another answer would say
 * @param tally the changed rows that bear on it
 * @param vouchedFor tells contradictions between main and the branch that are known not to bear on
 *     it
 * @param traps rules that are off
 */
public record Rerun(
    Result was,
    RowOrder order,
    Repeat repeat,
    Tally tally,
    Predicate<World.Contradiction> vouchedFor,
    Traps traps) {

  /**
   * All replies must agree: one that does not hold decides, and doubt outweighs change. Rows are
   * shown only when they are the same in every reply, for all but one reply come from an order of
   * writes that never was.
   */
  public Verdict verdict(List<World.Reply> replies) {
    Verdict worst =
        new Verdict.Undecided(Cause.NOT_REPEATED, "it could not be asked again", tally.evidence());
    for (int i = 0; i < replies.size(); i++) {
      Verdict verdict = verdict(replies.get(i));
      if (verdict instanceof Verdict.Undecided) {
        return verdict;
      }
      if (i > 0 && verdict.getClass() != worst.getClass()) {
        return new Verdict.Undecided(
            Cause.SEEN_UNKNOWN,
            "it depends on which of two writes it saw, which is not known",
            tally.evidence());
      }
      worst = verdict;
    }
    return worst instanceof Verdict.Changed changed && !sameRows(replies)
        ? new Verdict.Changed(
            changed.proof(),
            "it changed, and to what depends on which of the branch's own writes it saw, which is"
                + " not known",
            Optional.empty(),
            digests(replies),
            changed.evidence())
        : worst;
  }

  private String digests(List<World.Reply> replies) {
    return results(replies)
        .map(result -> new Comparison(was, result, order).digest())
        .distinct()
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private static Stream<Result> results(List<World.Reply> replies) {
    return replies.stream()
        .filter(World.Reply.Got.class::isInstance)
        .map(reply -> ((World.Reply.Got) reply).result());
  }

  private boolean sameRows(List<World.Reply> replies) {
    List<Result> results = results(replies).toList();
    return results.stream()
        .allMatch(result ->
            new Comparison(results.getFirst(), result, order).verdict(Tally.NOTHING)
                instanceof Verdict.Holds);
  }

  private Verdict verdict(World.Reply reply) {
    return switch (reply) {
      case World.Reply.Failed(String why) ->
          new Verdict.Undecided(
              Cause.NOT_REPEATED, "asked again, it failed: " + why, tally.evidence());
      case World.Reply.Performed ignored ->
          new Verdict.Undecided(
              Cause.NOT_REPEATED, "it was executed and not asked", tally.evidence());
      case World.Reply.Got(
              Result now,
              Set<World.Contradiction> contradicted,
              var ignored,
              var unread) ->
          contradicted.stream().allMatch(vouchedFor)
              ? inItsLight(new Comparison(was, called(now), order).verdict(tally))
              : new Verdict.Undecided(
                  Cause.BOTH_CHANGED,
                  "main and the branch both changed rows that it may rest on",
                  tally.evidence());
    };
  }

  private Result called(Result now) {
    return traps.has(Trap.NAMES_ARE_NOTHING)
        ? new Result(
            was.columns(),
            now.rowCount(),
            now.complete(),
            now.comparable(),
            now.orderedDigest(),
            now.bagDigest(),
            now.rows())
        : now;
  }

  private Verdict inItsLight(Verdict verdict) {
    return switch (repeat) {
      case Repeat.Same ignored -> verdict;
      case Repeat.AgreementOnly(String why) -> unlessItHolds(verdict, why);
      case Repeat.Available(String why) -> unlessItHolds(verdict, why);
      case Repeat.Drawn(String why) -> unlessItHolds(verdict, why);
    };
  }

  private Verdict unlessItHolds(Verdict verdict, String why) {
    return verdict instanceof Verdict.Changed
        ? new Verdict.Undecided(
            Cause.DRAWN_ANEW,
            "asked again, another answer came back, which proves nothing: " + why,
            tally.evidence())
        : verdict;
  }
}
