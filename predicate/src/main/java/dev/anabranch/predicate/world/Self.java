package dev.anabranch.predicate.world;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Unit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * What code can ask an execution about itself. It is no row's, and nothing that main does changes
 * it, but each execution has its own.
 *
 * @param transaction the number of its transaction, with or without the epoch; empty where it is
 *     not known, or nobody there asks for it
 * @param process the number of its server process; empty the same way
 * @param statements their texts, as {@code current_query()} tells them; empty where nobody asks
 */
public record Self(OptionalLong transaction, OptionalLong process, List<String> statements) {

  /** Of an execution that nothing is known of. */
  public static final Self UNKNOWN =
      new Self(OptionalLong.empty(), OptionalLong.empty(), List.of());

  private static final int LONGEST_NUMBER = 20;

  public Self {
    statements = List.copyOf(statements);
  }

  /** Of the execution on the branch, as far as the ledger tells. */
  public static Self of(List<Answer> statements, Optional<Unit> unit) {
    return new Self(
        unit.map(Unit::transactionId).map(OptionalLong::of).orElseGet(OptionalLong::empty),
        OptionalLong.empty(),
        statements.stream().map(answer -> answer.question().sql()).toList());
  }

  /**
   * How alike two values are of which the later one is what that execution is itself; empty where
   * it is not. The earlier one has to be the same of the earlier execution; where that is not
   * known, nothing is known of the value.
   */
  public static Optional<Degree> compare(Self then, Self now, String was, String is) {
    if (now.isTransaction(is, now)) {
      return then.transaction().isEmpty()
          ? Optional.of(Degree.CHANCE)
          : then.isTransaction(was, now) ? Optional.of(Degree.DRAWN) : Optional.empty();
    }
    if (now.process().isPresent() && is.equals(Long.toString(now.process().getAsLong()))) {
      return isNumber(was) ? Optional.of(Degree.CHANCE) : Optional.empty();
    }
    return ofStatements(then, now, was, is);
  }

  private static Optional<Degree> ofStatements(Self then, Self now, String was, String is) {
    if (!now.statements().contains(is)) {
      return Optional.empty();
    }
    return IntStream.range(0, Math.min(then.statements().size(), now.statements().size()))
            .anyMatch(place ->
                now.statements().get(place).equals(is)
                    && bare(then.statements().get(place)).equals(bare(was)))
        ? Optional.of(Degree.DRAWN)
        : Optional.of(Degree.CHANCE);
  }

  /**
   * @param counting an execution that knows in which epoch transactions are numbered
   */
  private boolean isTransaction(String text, Self counting) {
    if (transaction.isEmpty() || counting.transaction().isEmpty() || !isNumber(text)) {
      return false;
    }
    long low = transaction.getAsLong() & 0xFFFF_FFFFL;
    long full = (counting.transaction().getAsLong() & ~0xFFFF_FFFFL) | low;
    return text.equals(Long.toString(low)) || text.equals(Long.toUnsignedString(full));
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST_NUMBER
        && text.chars().allMatch(character -> character >= '0' && character <= '9');
  }

  private static String bare(String statement) {
    String bare = statement.strip();
    return bare.endsWith(";") ? bare.substring(0, bare.length() - 1).strip() : bare;
  }
}
