package dev.anabranch.predicate.world;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Refusal;
import dev.anabranch.ledger.Result;
import java.util.List;
import java.util.Optional;

/**
 * What one statement told: rows, a count, or a refusal.
 *
 * @param refusal why it was refused, when it was
 * @param count how many rows it returned or wrote, as its command tag says
 * @param result its rows; no columns when it returned none
 */
public record Outcome(Optional<Refusal> refusal, long count, Result result) {

  /** A result without rows and columns. */
  public static final Result NO_ROWS =
      new Result(List.of(), 0, true, true, 0, 0, Optional.of(List.of()));

  public static Outcome refused(Refusal why) {
    return new Outcome(Optional.of(why), 0, NO_ROWS);
  }

  /** What the client was told. */
  public static Outcome of(Answer answer) {
    String tag = answer.commandTag();
    return switch (answer.told()) {
      case REFUSAL -> refused(Refusal.parse(tag));
      case ROWS, EFFECT ->
          new Outcome(Optional.empty(), countOf(tag, answer.result()), answer.result());
    };
  }

  private static long countOf(String tag, Result result) {
    String last = tag.substring(tag.lastIndexOf(' ') + 1);
    return !last.isEmpty() && last.chars().allMatch(Character::isDigit)
        ? Long.parseLong(last)
        : result.rowCount();
  }
}
