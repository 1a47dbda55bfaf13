package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TableId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What else matters about a statement.
 *
 * @param relations every relation it names, views included
 * @param timeDependent how its answer moves with the clock, if it does
 * @param userCode whether a user-defined routine has a part in it, triggers of what it writes
 *     included; what that reads and writes is not known
 * @param looksUp whether it reads catalogs beside data
 * @param repeat what asking again says
 * @param writes what it writes; empty for what only reads
 * @param mentions what it names, and what those names mean
 * @param order how its rows are ordered
 * @param asker why its answer may be another for another role or session, or in a database with
 *     other roles; empty when it is the same for all who may ask it
 */
public record Traits(
    Set<TableId> relations,
    Optional<ClockUse> timeDependent,
    boolean userCode,
    boolean looksUp,
    Repeat repeat,
    Optional<Writes> writes,
    Mentions mentions,
    RowOrder order,
    Optional<String> asker) {

  public Traits {
    relations = Set.copyOf(relations);
  }

  /** The same, with what its tree tells of the clock. */
  Traits movingBy(ClockUse use) {
    return new Traits(
        relations, Optional.of(use), userCode, looksUp, repeat, writes, mentions, order, asker);
  }

  /**
   * The outermost order.
   *
   * @param ordered there is an ORDER BY
   * @param total no two rows can tie
   * @param limited there is a LIMIT or OFFSET, or DISTINCT ON, so that ties decide which rows are
   *     seen
   * @param outputColumns the places (from 0) of all its sort keys in the result; empty when one of
   *     them is not there
   */
  public record RowOrder(
      boolean ordered, boolean total, boolean limited, Optional<List<Integer>> outputColumns) {
    public static final RowOrder NONE = new RowOrder(false, false, false, Optional.empty());
  }
}
