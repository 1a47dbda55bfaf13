package dev.anabranch.predicate.match;

import java.util.List;
import java.util.stream.Collectors;

/** A condition on one row, under SQL's three-valued logic. */
public sealed interface Condition {

  Condition ALWAYS = new And(List.of());

  record And(List<Condition> parts) implements Condition {
    public And {
      parts = List.copyOf(parts);
    }
  }

  record Or(List<Condition> parts) implements Condition {
    public Or {
      parts = List.copyOf(parts);
    }
  }

  record Not(Condition part) implements Condition {}

  /** One of the six btree comparisons. */
  record Compare(Comparison comparison, Family family, Scalar left, Scalar right)
      implements Condition {}

  /** {@code IS [NOT] DISTINCT FROM}: as not-equal and equal, but NULL is a value like any other. */
  record Distinct(Family family, Scalar left, Scalar right) implements Condition {}

  /** {@code LIKE} with its default escape, on text under a deterministic collation. */
  record Like(Scalar text, Scalar pattern) implements Condition {}

  record IsNull(Scalar part) implements Condition {}

  /** {@code IS TRUE}, {@code IS FALSE}, {@code IS UNKNOWN}. */
  record Is(Condition part, Truth wanted) implements Condition {}

  /** A boolean column, constant or parameter standing alone. */
  record Bare(Scalar part) implements Condition {}

  /** A condition that this engine can't decide; it may come to anything. */
  record Unknown(String why) implements Condition {}

  /** The comparisons. */
  enum Comparison {
    EQ("="),
    NE("<>"),
    LT("<"),
    LE("<="),
    GT(">"),
    GE(">=");

    private final String symbol;

    Comparison(String symbol) {
      this.symbol = symbol;
    }

    /** As SQL writes it. */
    public String symbol() {
      return symbol;
    }

    boolean holdsFor(int order) {
      return switch (this) {
        case EQ -> order == 0;
        case NE -> order != 0;
        case LT -> order < 0;
        case LE -> order <= 0;
        case GT -> order > 0;
        case GE -> order >= 0;
      };
    }

    boolean needsOrder() {
      return this != EQ && this != NE;
    }
  }

  /** How two values are compared. */
  enum Family {
    INTEGER,
    NUMERIC,
    FLOAT,
    /**
     * Equality only: under a deterministic collation equal means equal bytes, and the order is the
     * collation's own.
     */
    TEXT,
    /** Order of unsigned UTF-8 bytes. */
    TEXT_C,
    /**
     * Equality only, and only where one of the two is ASCII: in the database's encoding several
     * texts of Unicode may be one. Trailing blanks may or may not count.
     */
    TEXT_ASCII,
    /** Trailing blanks don't count; equality only. */
    BPCHAR,
    BYTES,
    TIME
  }

  /** {@code a AND b}, flat. */
  static Condition all(List<Condition> parts) {
    return parts.size() == 1 ? parts.getFirst() : new And(parts);
  }

  /** A form for people and golden files, {@code #3} for column 3. */
  static String show(Condition condition) {
    return switch (condition) {
      case And(List<Condition> parts) ->
          parts.isEmpty()
              ? "always"
              : parts.stream().map(Condition::showPart).collect(Collectors.joining(" and "));
      case Or(List<Condition> parts) ->
          parts.isEmpty()
              ? "never"
              : parts.stream().map(Condition::showPart).collect(Collectors.joining(" or "));
      case Not(Condition part) -> "not " + showPart(part);
      case Compare c -> show(c.left()) + " " + c.comparison().symbol + " " + show(c.right());
      case Distinct d -> show(d.left()) + " is distinct from " + show(d.right());
      case Like(Scalar text, Scalar pattern) -> show(text) + " like " + show(pattern);
      case IsNull(Scalar part) -> show(part) + " is null";
      case Is(Condition part, Truth wanted) -> showPart(part) + " is " + wanted;
      case Bare(Scalar part) -> show(part);
      case Unknown ignored -> "?";
    };
  }

  private static String showPart(Condition condition) {
    boolean compound = condition instanceof And || condition instanceof Or;
    return compound ? "(" + show(condition) + ")" : show(condition);
  }

  private static String show(Scalar scalar) {
    return switch (scalar) {
      case Scalar.ColumnOf(int number, long ignored) -> "#" + number;
      case Scalar.Literal(Value value) -> show(value);
      case Scalar.ParameterOf(int number, long ignored) -> "$" + number;
      case Scalar.Widened(Scalar.Widening ignored, Scalar argument) -> show(argument);
      case Scalar.Opaque ignored -> "?";
    };
  }

  private static String show(Value value) {
    return switch (value) {
      case Value.Special special -> special.name();
      case Value.Whole(long whole) -> Long.toString(whole);
      case Value.Decimal decimal ->
          decimal.rank() == Value.Decimal.Rank.FINITE
              ? decimal.value().toPlainString()
              : decimal.rank().name();
      case Value.Binary(double binary) -> Double.toString(binary);
      case Value.Characters(String characters) -> "'" + characters + "'";
      case Value.Bytes(String hex) -> "x" + hex;
    };
  }
}
