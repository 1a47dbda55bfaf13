package dev.anabranch.promote.apply;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Traps;
import dev.anabranch.promote.assertion.Assertion;
import dev.anabranch.promote.assertion.AssertionRules;
import dev.anabranch.promote.assertion.Assertions;
import dev.anabranch.promote.plan.Numbered;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.Rejection;
import dev.anabranch.promote.plan.Written;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes a plan on a copy of main just as it would be written on main, looks at what that comes to,
 * and rolls it back.
 */
public final class Rehearsing {

  private static final CommitWatch NOBODY =
      new CommitWatch() {
        @Override
        public int mark() {
          return 0;
        }

        @Override
        public void backTo(int mark) {}

        @Override
        public void wrote(List<Written> rows) {}

        @Override
        public void beforeCommit(long transactionId, Numbered numbered) {}
      };

  private Rehearsing() {}

  /** How it ended. */
  public sealed interface Rehearsed {

    /** It can be written; the checks were run on it. */
    record Done(Optional<Score> score) implements Rehearsed {}

    /** It could not be written, as it could not on main. */
    record Stopped(Attempt why) implements Rehearsed {}
  }

  /**
   * What a scoring query said.
   *
   * @param value its one value as Postgres's text, null for NULL
   */
  public record Score(@Nullable String value) {}

  /**
   * Rehearses one plan.
   *
   * @param copy a connection to a copy of main
   * @param searchPaths a unit's search_path, empty where it is not known
   * @param assertions run on what it comes to
   * @param score asked on what it comes to, when there is one
   * @throws AnabranchException PROMOTE_REFUSED, OWN_CHECK_ROLE, OWN_CHECK_INVALID for a score that
   *     is no single value
   */
  public static Rehearsed rehearse(
      Connection copy,
      Plan plan,
      LongFunction<String> searchPaths,
      Assertions assertions,
      Optional<Assertion> score,
      Traps traps) {
    try {
      KeyDraw draw = new KeyDraw(copy, new NumberPool(), traps);
      Numbered numbered = Numbered.of(plan, draw.draw(plan));
      try {
        MainSession.beginWriting(copy);
        Optional<Attempt> stopped =
            MainWriter.writeUncommitted(
                copy,
                "rehearsal",
                plan,
                draw,
                numbered,
                searchPaths,
                false,
                assertions,
                NOBODY,
                traps);
        if (stopped.isPresent() && !(stopped.get() instanceof Attempt.Unmet)) {
          return new Rehearsed.Stopped(stopped.get());
        }
        return new Rehearsed.Done(
            score.isPresent()
                ? Optional.of(score(copy, assertions.rules(), score.get()))
                : Optional.empty());
      } finally {
        MainWriter.end(copy);
      }
    } catch (RowStatements.MovedException e) {
      return new Rehearsed.Stopped(new Attempt.Moved(String.valueOf(e.getMessage())));
    } catch (SQLException e) {
      return new Rehearsed.Stopped(MainWriter.failed(e));
    }
  }

  /** Whether a plan fits a copy of main. */
  public sealed interface Fit {

    /**
     * It does.
     *
     * @param numbered with numbers that the copy's own sequences have given out
     */
    record Fits(Numbered numbered) implements Fit {}

    /** Main is not as planned there. */
    record Moved(String why) implements Fit {}

    /** These rows are refused there. */
    record Refused(List<Rejection> rejections) implements Fit {}
  }

  /**
   * Writes one plan on a copy on which work goes on with that copy's own numbers, and rolls it
   * back. Rows that can keep their number keep it, wherever the copy's sequences stand.
   *
   * @param copy a connection to a copy of main
   * @param searchPaths a unit's search_path, empty where it is not known
   * @throws AnabranchException PROMOTE_REFUSED
   */
  public static Fit fit(Connection copy, Plan plan, LongFunction<String> searchPaths, Traps traps) {
    try {
      Numbered numbered = Numbered.of(plan, new KeyDraw(copy, new NumberPool(), traps).draw(plan));
      try {
        MainSession.beginWriting(copy);
        List<Rejection> refused =
            MainWriter.writeRows(
                copy, plan, numbered, searchPaths, Optional.empty(), NOBODY, traps);
        return refused.isEmpty() ? new Fit.Fits(numbered) : new Fit.Refused(refused);
      } finally {
        MainWriter.end(copy);
      }
    } catch (RowStatements.MovedException e) {
      return new Fit.Moved(String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      return new Fit.Moved(MainWriter.failed(e).toString());
    }
  }

  private static Score score(Connection copy, AssertionRules rules, Assertion query)
      throws SQLException {
    AssertionRun.Found found = AssertionRun.ask(copy, rules, query);
    if (found.columns().size() != 1 || found.rows().size() > 1) {
      throw new AnabranchException(
          ErrorCode.OWN_CHECK_INVALID,
          query.name(),
          "a score is one number, and it returned "
              + counted(found.columns().size(), "column")
              + " and "
              + (found.more() ? "more than " : "")
              + counted(found.rows().size(), "row"));
    }
    return new Score(found.rows().isEmpty() ? null : found.rows().getFirst().getFirst());
  }

  private static String counted(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
