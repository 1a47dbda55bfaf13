package dev.anabranch.predicate.footprint;

import java.util.List;

/** A value that Postgres's own routines make of columns, parameters and the clock. */
public sealed interface Term {

  /**
   * Of the one row that it is about.
   *
   * @param number {@code attnum}
   */
  record Column(int number) implements Term {}

  /**
   * A bound parameter.
   *
   * @param number from 1
   * @param type a type of {@code pg_catalog}
   */
  record Parameter(int number, String type) implements Term {}

  /**
   * @param text as the type reads it
   * @param type a type of {@code pg_catalog}
   */
  record Literal(String text, String type) implements Term {}

  /**
   * @param routine a routine of {@code pg_catalog}
   */
  record Call(String routine, List<Term> arguments) implements Term {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * @param type a type of {@code pg_catalog}
   */
  record Cast(Term argument, String type) implements Term {}

  /** What is read of the clock. */
  enum Clock implements Term {
    /** The moment at which the transaction began, a timestamptz. */
    MOMENT,
    /** The date then in the session's time zone. */
    DAY
  }
}
