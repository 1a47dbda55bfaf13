package dev.anabranch.predicate.match;

/**
 * An expression over one row whose value this engine knows how to find, or an admission that it
 * does not.
 */
public sealed interface Scalar {

  /**
   * A stored column.
   *
   * @param number {@code attnum}
   * @param typeOid its declared type
   */
  record ColumnOf(int number, long typeOid) implements Scalar {}

  record Literal(Value value) implements Scalar {}

  /**
   * A bound parameter.
   *
   * @param number from 1
   * @param typeOid the type that Postgres resolved
   */
  record ParameterOf(int number, long typeOid) implements Scalar {}

  /** A cast whose result is known exactly and depends on no setting. */
  record Widened(Widening widening, Scalar argument) implements Scalar {}

  /** The casts of that sort. */
  enum Widening {
    INTEGER_TO_NUMERIC,
    INTEGER_TO_FLOAT8,
    NUMERIC_TO_FLOAT8
  }

  /** Anything else. */
  record Opaque(String why) implements Scalar {}
}
