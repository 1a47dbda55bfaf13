package dev.anabranch.web;

import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One branch and what was asked of it.
 *
 * @param branch the branch
 * @param answers asks for its answers; that may take a while, and is shown last
 * @param verdict which verdicts are shown; empty: all
 * @param now the moment that ages are told for
 */
public record BranchPage(
    BranchSeen branch, Supplier<Answers> answers, String verdict, Instant now) {

  /**
   * Its answers.
   *
   * @param check with their verdicts; null when nobody has checked
   * @param trouble why there are no verdicts; may be empty
   */
  public record Answers(AnswerSeen.@Nullable CheckSeen check, String trouble) {}

  /** When answers were asked, and what changed them; null where there are none. */
  public @Nullable AnswerTimes timeline(AnswerSeen.CheckSeen check) {
    return AnswerTimes.of(branch.forkTime(), check.answers(), now).orElse(null);
  }

  /** The same page with other answers. */
  public String showing(String other) {
    return branch.path() + (other.isEmpty() ? "" : "?verdict=" + other);
  }

  /** Where the answers go on; empty when they don't. */
  public String next(AnswerSeen.CheckSeen check) {
    return check.nextCursor() == null
        ? ""
        : showing(verdict)
            + (verdict.isEmpty() ? "?" : "&")
            + "cursor="
            + Visit.part(check.nextCursor());
  }
}
