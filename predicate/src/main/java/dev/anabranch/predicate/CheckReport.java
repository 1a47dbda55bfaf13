package dev.anabranch.predicate;

import dev.anabranch.base.Lsn;
import dev.anabranch.ledger.Answer;
import dev.anabranch.predicate.verdict.AskedBecause;
import dev.anabranch.predicate.verdict.Cause;
import dev.anabranch.predicate.verdict.NextFlip;
import dev.anabranch.predicate.verdict.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * The verdicts on every answer of a branch, as of one position.
 *
 * @param forkLsn the branch's fork point
 * @param asOf every verdict is true as of exactly this position
 * @param verdicts in the order of the answers' ids
 * @param lookUps how many answers are left out because they looked definitions up and are no
 *     answers about data
 */
public record CheckReport(Lsn forkLsn, Lsn asOf, List<Judged> verdicts, int lookUps) {

  /**
   * An answer and what became of it.
   *
   * @param byOwnWork whether all that is new is work of the same branch that has landed since: a
   *     changed answer then, but none that anything of the branch was wrong to rest on
   * @param nextFlip when it can be another by the clock alone, if it can
   * @param asked why it was asked again, if it was: what its verdict rests on
   */
  public record Judged(
      Answer answer,
      Verdict verdict,
      boolean byOwnWork,
      Optional<NextFlip> nextFlip,
      Optional<AskedBecause> asked) {
    /** One that was not asked again. */
    public Judged(Answer answer, Verdict verdict, boolean byOwnWork, Optional<NextFlip> nextFlip) {
      this(answer, verdict, byOwnWork, nextFlip, Optional.empty());
    }

    /** One that the clock has no part in, either. */
    public Judged(Answer answer, Verdict verdict) {
      this(answer, verdict, false, Optional.empty());
    }

    /** The same answer, of which more speaks against telling it. */
    public Judged untold(Cause cause, String why) {
      return new Judged(
          answer, new Verdict.Undecided(cause, why, List.of()), false, nextFlip, asked);
    }
  }

  /** How many answers got which verdict. */
  public record Counts(int holds, int changed, int undecided) {}

  public Counts counts() {
    int holds = 0;
    int changed = 0;
    int undecided = 0;
    for (Judged judged : verdicts) {
      switch (judged.verdict()) {
        case Verdict.Holds ignored -> holds++;
        case Verdict.Changed ignored -> changed++;
        case Verdict.Undecided ignored -> undecided++;
      }
    }
    return new Counts(holds, changed, undecided);
  }
}
