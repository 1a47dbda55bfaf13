package dev.anabranch.web;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One branch and what was asked of it.
 *
 * @param branch the branch
 * @param check its answers with their verdicts; null when nobody has checked
 * @param verdict which verdicts are shown; empty: all
 * @param cursor where this page begins; empty: at the beginning
 * @param trouble why there are no verdicts; may be empty
 * @param now the moment that ages are told for
 */
public record BranchPage(
    BranchSeen branch,
    AnswerSeen.@Nullable CheckSeen check,
    String verdict,
    String cursor,
    String trouble,
    Instant now) {

  /** The same page with other answers. */
  public String showing(String other) {
    return branch.path() + "?check=true" + (other.isEmpty() ? "" : "&verdict=" + other);
  }

  /** Where the answers go on; empty when they don't. */
  public String next() {
    return check == null || check.nextCursor() == null
        ? ""
        : showing(verdict) + "&cursor=" + Visit.part(check.nextCursor());
  }
}
