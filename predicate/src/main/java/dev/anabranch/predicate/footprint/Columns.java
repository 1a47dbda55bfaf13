package dev.anabranch.predicate.footprint;

import java.util.SortedSet;
import java.util.TreeSet;

/** The columns of a relation that a statement reads, filters included. */
public sealed interface Columns {

  /** Every column, those included that are added later. */
  record All() implements Columns {}

  /**
   * @param numbers by {@code attnum}
   */
  record Some(SortedSet<Integer> numbers) implements Columns {
    public Some {
      numbers = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(numbers));
    }
  }

  /** Those of either. */
  static Columns together(Columns one, Columns other) {
    if (one instanceof Some(var some) && other instanceof Some(var more)) {
      SortedSet<Integer> both = new TreeSet<>(some);
      both.addAll(more);
      return new Some(both);
    }
    return new All();
  }
}
