package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Traps;
import dev.anabranch.promote.apply.Attempt;
import dev.anabranch.promote.apply.Rehearsing;
import dev.anabranch.promote.apply.Rehearsing.Rehearsed;
import dev.anabranch.promote.apply.Rehearsing.Score;
import dev.anabranch.promote.assertion.Assertion;
import dev.anabranch.promote.assertion.Assertions;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.Rejection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * A plan that is looked at on a copy of main, before or instead of being landed.
 *
 * @param plan what would be written
 * @param again plans once more, without what main refuses
 * @param searchPath a unit's search_path, empty where it is not known
 * @param traps rules that are off
 */
record Candidate(
    Plan plan,
    Function<List<Rejection>, Plan> again,
    LongFunction<String> searchPath,
    Traps traps) {

  /** Each time at least one unit less would be written. */
  private static final int ATTEMPTS = 8;

  /** What it would come to. */
  sealed interface Outcome {

    /**
     * @param plan what would be written, without what main refuses
     */
    record Told(Plan plan, Optional<Score> score) implements Outcome {}

    /** Main has moved since the plan was made. */
    record Moved(String why) implements Outcome {}
  }

  /**
   * Writes it on a copy and rolls it back.
   *
   * @throws AnabranchException POSTGRES_FAILED, PROMOTE_REFUSED, OWN_CHECK_ROLE, OWN_CHECK_INVALID
   */
  Outcome on(Copies.Copy copy, Assertions assertions, Optional<Assertion> score) {
    try (Connection connection = copy.connect()) {
      Plan next = plan;
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        switch (Rehearsing.rehearse(connection, next, searchPath, assertions, score, traps)) {
          case Rehearsed.Done(Optional<Score> told) -> {
            return new Outcome.Told(next, told);
          }
          case Rehearsed.Stopped(Attempt.Refused(List<Rejection> refused)) ->
              next = again.apply(refused);
          case Rehearsed.Stopped(Attempt why) -> {
            return new Outcome.Moved(why.toString());
          }
        }
      }
      return new Outcome.Moved("main refuses other rows each time");
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED,
          e,
          "looking at a copy of main",
          String.valueOf(e.getMessage()));
    }
  }
}
