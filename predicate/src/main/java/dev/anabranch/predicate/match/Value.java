package dev.anabranch.predicate.match;

import java.math.BigDecimal;

/**
 * A Postgres value in a form that compares as Postgres compares. Only the types whose comparison is
 * known exactly are here; all else is {@link Special#UNKNOWN}.
 */
public sealed interface Value {

  /**
   * SQL NULL, or a value that this engine can't read: nothing is known of it, not even whether it
   * is NULL.
   */
  enum Special implements Value {
    NULL,
    UNKNOWN
  }

  /**
   * int2, int4, int8, oid (unsigned, widened), bool (0, 1), and date, timestamp, timestamptz as
   * days or microseconds.
   */
  record Whole(long value) implements Value {
    static final long INFINITY = Long.MAX_VALUE;
    static final long MINUS_INFINITY = Long.MIN_VALUE;
  }

  /**
   * numeric: finite, or one of its three special values, ordered -Infinity, finite, Infinity, NaN.
   */
  record Decimal(Rank rank, BigDecimal value) implements Value {

    /** In Postgres's order. */
    public enum Rank {
      MINUS_INFINITY,
      FINITE,
      INFINITY,
      NAN
    }

    static Decimal finite(BigDecimal value) {
      return new Decimal(Rank.FINITE, value);
    }
  }

  /** float4 (widened, which is exact) and float8. */
  record Binary(double value) implements Value {}

  /** text, varchar and bpchar. */
  record Characters(String value) implements Value {}

  /**
   * bytea and uuid.
   *
   * @param hex two lower-case digits a byte, so that texts order as unsigned bytes do
   */
  record Bytes(String hex) implements Value {}
}
