package dev.anabranch.predicate.match;

import dev.anabranch.predicate.match.Condition.Family;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * A value as its family sees it: two values that a family may find equal have the same key, and
 * where {@link #isOrdered} the keys are in the family's order. Keys of one family compare with each
 * other only.
 */
sealed interface SortKey extends Comparable<SortKey> {

  /** Whole numbers, days, microseconds, and floats by the order of their bits. */
  record Whole(long value) implements SortKey {}

  /** numeric, without the zeros at its end. */
  record Decimal(Value.Decimal.Rank rank, BigDecimal value) implements SortKey {}

  /** Texts, and bytes in hex. */
  record Text(String value) implements SortKey {}

  /** Whether keys of a family are in its own order, and not only equal where it finds equality. */
  static boolean isOrdered(Family family) {
    return switch (family) {
      case INTEGER, TIME, NUMERIC, FLOAT, BYTES -> true;
      // Java orders texts by UTF-16, and Postgres by bytes or by a collation.
      case TEXT, TEXT_C, TEXT_ASCII, BPCHAR -> false;
    };
  }

  /** Empty for what a family can't compare for certain. */
  static Optional<SortKey> of(Family family, Value value) {
    return switch (family) {
      case INTEGER, TIME ->
          value instanceof Value.Whole(long whole)
              ? Optional.of(new Whole(whole))
              : Optional.empty();
      case NUMERIC ->
          value instanceof Value.Decimal(var rank, var decimal)
              ? Optional.of(new Decimal(rank, decimal.stripTrailingZeros()))
              : Optional.empty();
      case FLOAT ->
          value instanceof Value.Binary(double binary)
              ? Optional.of(new Whole(inOrder(binary)))
              : Optional.empty();
      case TEXT, TEXT_C -> text(value).map(Text::new);
      case BPCHAR -> text(value).map(Semantics::withoutPadding).map(Text::new);
      case TEXT_ASCII -> text(value).filter(Semantics::isPlain).map(Text::new);
      case BYTES ->
          value instanceof Value.Bytes(String hex) ? Optional.of(new Text(hex)) : Optional.empty();
    };
  }

  /** Half of a surrogate pair has no bytes of its own: it would be equal to another half. */
  private static Optional<String> text(Value value) {
    return value instanceof Value.Characters(String text)
            && text.chars().noneMatch(unit -> Character.isSurrogate((char) unit))
        ? Optional.of(text)
        : Optional.empty();
  }

  /** Minus zero is zero, NaN is above all. */
  private static long inOrder(double value) {
    long bits = Double.doubleToLongBits(value == 0 ? 0 : value);
    return bits < 0 ? bits ^ Long.MAX_VALUE : bits;
  }

  @Override
  default int compareTo(SortKey other) {
    return switch (this) {
      case Whole(long value) -> Long.compare(value, ((Whole) other).value);
      case Decimal(var rank, BigDecimal value) -> {
        Decimal right = (Decimal) other;
        int byRank = rank.compareTo(right.rank);
        yield byRank != 0 ? byRank : value.compareTo(right.value);
      }
      case Text(String value) -> value.compareTo(((Text) other).value);
    };
  }
}
