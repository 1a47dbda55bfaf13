package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TableId;
import dev.anabranch.predicate.match.Condition;

/**
 * One mention of a table in a statement: the answer is a function of the bag of these columns of
 * these rows, and of nothing else in the table.
 *
 * @param table the relation named, with its column numbers
 * @param withDescendants whether its inheritance children and partitions are read too
 * @param columns what is read
 * @param condition what a row must satisfy to matter; never narrower than the truth
 * @param written whether it is the rows that the statement writes to
 */
public record Occurrence(
    TableId table, boolean withDescendants, Columns columns, Condition condition, boolean written) {

  /** Rows that are only read. */
  public Occurrence(TableId table, boolean withDescendants, Columns columns, Condition condition) {
    this(table, withDescendants, columns, condition, false);
  }

  /** The same, read in other columns. */
  public Occurrence reading(Columns others) {
    return new Occurrence(table, withDescendants, others, condition, written);
  }
}
