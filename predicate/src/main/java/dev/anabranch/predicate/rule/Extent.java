package dev.anabranch.predicate.rule;

import dev.anabranch.predicate.footprint.Rule;
import dev.anabranch.predicate.match.RowMatcher;
import dev.anabranch.predicate.match.Scalar;
import dev.anabranch.predicate.match.Value;
import java.util.Optional;

/** How many of the rows that a statement reads it shows. */
sealed interface Extent {

  /** All of them. */
  record All() implements Extent {}

  /** The first so many in the statement's order. */
  record First(int rows) implements Extent {}

  /** Empty when it is not known, or is more than a report can show. */
  static Optional<Extent> of(Rule rule, RowMatcher matcher) {
    if (rule.limit().isEmpty()) {
      return Optional.of(new All());
    }
    Rule.Limit limit = rule.limit().get();
    boolean fromTheFirst = limit.skipped().isEmpty() || isNone(matcher, limit.skipped().get());
    return fromTheFirst ? of(matcher.fixed(limit.rows())) : Optional.empty();
  }

  private static boolean isNone(RowMatcher matcher, Scalar skipped) {
    return switch (matcher.fixed(skipped)) {
      case Value.Whole(long rows) -> rows == 0;
      case Value.Special special -> special == Value.Special.NULL;
      case Value.Decimal ignored -> false;
      case Value.Binary ignored -> false;
      case Value.Characters ignored -> false;
      case Value.Bytes ignored -> false;
    };
  }

  private static Optional<Extent> of(Value rows) {
    return switch (rows) {
      case Value.Whole(long number) when number > 0 && number <= Reckoning.ROWS_SHOWN ->
          Optional.of(new First((int) number));
      case Value.Special special when special == Value.Special.NULL -> Optional.of(new All());
      case Value ignored -> Optional.empty();
    };
  }
}
