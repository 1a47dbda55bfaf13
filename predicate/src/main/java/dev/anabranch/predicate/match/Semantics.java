package dev.anabranch.predicate.match;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.predicate.match.Condition.Comparison;
import dev.anabranch.predicate.match.Condition.Family;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Postgres's comparisons, exactly. What is not known exactly comes to {@link Truth#ANY}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/btree.html">B-tree behaviour</a>
 */
public final class Semantics {

  private final boolean javaCompares;

  public Semantics(Traps traps) {
    this.javaCompares = traps.has(Trap.JAVA_COMPARES);
  }

  /** {@code left comparison right}. */
  public Truth compare(Comparison comparison, Family family, Value left, Value right) {
    if (left == Value.Special.NULL || right == Value.Special.NULL) {
      // Strict operators: NULL on one side is NULL, whatever the other side is.
      return Truth.NULL;
    }
    if (left == Value.Special.UNKNOWN || right == Value.Special.UNKNOWN) {
      return Truth.ANY;
    }
    return switch (family) {
      case INTEGER, TIME -> wholes(comparison, left, right);
      case NUMERIC -> decimals(comparison, left, right);
      case FLOAT -> floats(comparison, left, right);
      case TEXT -> characters(comparison, left, right, false, false);
      case TEXT_C -> characters(comparison, left, right, false, true);
      case TEXT_ASCII -> ascii(comparison, left, right);
      case BPCHAR -> characters(comparison, left, right, true, false);
      case BYTES -> bytes(comparison, left, right);
    };
  }

  private static Truth wholes(Comparison comparison, Value left, Value right) {
    if (left instanceof Value.Whole(long l) && right instanceof Value.Whole(long r)) {
      return Truth.of(comparison.holdsFor(Long.compare(l, r)));
    }
    return Truth.ANY;
  }

  private Truth decimals(Comparison comparison, Value left, Value right) {
    if (left instanceof Value.Decimal l && right instanceof Value.Decimal r) {
      if (javaCompares && !comparison.needsOrder()) {
        return Truth.of(comparison.holdsFor(l.equals(r) ? 0 : 1));
      }
      int byRank = l.rank().compareTo(r.rank());
      return Truth.of(comparison.holdsFor(byRank != 0 ? byRank : l.value().compareTo(r.value())));
    }
    return Truth.ANY;
  }

  private Truth floats(Comparison comparison, Value left, Value right) {
    if (left instanceof Value.Binary(double l) && right instanceof Value.Binary(double r)) {
      // NaN is equal to itself and above all; minus zero is zero.
      int order = !javaCompares && l == r ? 0 : Double.compare(l, r);
      return Truth.of(comparison.holdsFor(order));
    }
    return Truth.ANY;
  }

  private Truth characters(
      Comparison comparison, Value left, Value right, boolean padded, boolean bytewise) {
    if (!(left instanceof Value.Characters(String l)
        && right instanceof Value.Characters(String r))) {
      return Truth.ANY;
    }
    if (javaCompares) {
      return Truth.of(comparison.holdsFor(l.compareTo(r)));
    }
    if (comparison.needsOrder() && !bytewise) {
      return Truth.ANY;
    }
    String a = padded ? withoutPadding(l) : l;
    String b = padded ? withoutPadding(r) : r;
    int order =
        Arrays.compareUnsigned(
            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    return Truth.of(comparison.holdsFor(order));
  }

  private static Truth ascii(Comparison comparison, Value left, Value right) {
    if (comparison.needsOrder()
        || !(left instanceof Value.Characters(String l)
            && right instanceof Value.Characters(String r))) {
      return Truth.ANY;
    }
    return isPlain(l) && isPlain(r)
        ? Truth.of(comparison.holdsFor(l.equals(r) ? 0 : 1))
        : Truth.ANY;
  }

  /** Whether it is the same text in every encoding and under every padding. */
  static boolean isPlain(String text) {
    return isAscii(text) && !text.endsWith(" ");
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(character -> character < 128);
  }

  private Truth bytes(Comparison comparison, Value left, Value right) {
    if (left instanceof Value.Bytes(String l) && right instanceof Value.Bytes(String r)) {
      return Truth.of(comparison.holdsFor(javaCompares ? signed(l, r) : l.compareTo(r)));
    }
    return Truth.ANY;
  }

  private static int signed(String left, String right) {
    return Arrays.compare(HexFormat.of().parseHex(left), HexFormat.of().parseHex(right));
  }

  static String withoutPadding(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  /** {@code LIKE} with backslash as the escape. */
  public Truth like(Value text, Value pattern) {
    if (text == Value.Special.NULL || pattern == Value.Special.NULL) {
      return Truth.NULL;
    }
    if (text instanceof Value.Characters(String t)
        && pattern instanceof Value.Characters(String p)) {
      return LikePattern.read(p).map(like -> Truth.of(like.matches(t))).orElse(Truth.ANY);
    }
    return Truth.ANY;
  }

  /** A cast that loses nothing. */
  static Value widen(Scalar.Widening widening, Value value) {
    if (value instanceof Value.Special) {
      return value;
    }
    return switch (widening) {
      case INTEGER_TO_NUMERIC ->
          value instanceof Value.Whole(long whole)
              ? Value.Decimal.finite(BigDecimal.valueOf(whole))
              : Value.Special.UNKNOWN;
      case INTEGER_TO_FLOAT8 ->
          value instanceof Value.Whole(long whole)
              ? new Value.Binary((double) whole)
              : Value.Special.UNKNOWN;
      case NUMERIC_TO_FLOAT8 -> numericToFloat(value);
    };
  }

  private static Value numericToFloat(Value value) {
    if (!(value instanceof Value.Decimal decimal) || decimal.rank() != Value.Decimal.Rank.FINITE) {
      return Value.Special.UNKNOWN;
    }
    double result = Double.parseDouble(decimal.value().toString());
    boolean underflow = result == 0 && decimal.value().signum() != 0;
    return Double.isFinite(result) && !underflow ? new Value.Binary(result) : Value.Special.UNKNOWN;
  }
}
