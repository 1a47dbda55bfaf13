package dev.anabranch.trials.oracle;

import java.util.List;

/**
 * A random statement that gives rows.
 *
 * @param sql the statement, {@code ?} for parameters
 * @param parameters their texts
 * @param legal which results are right for it
 */
record Query(String sql, List<String> parameters, Legal legal) {

  /** Which results a statement may give on one state of the data. */
  sealed interface Legal {

    /** One bag of rows, in any order. */
    record Bag() implements Legal {}

    /** One list of rows. */
    record InOrder() implements Legal {}

    /**
     * The first rows by an order that leaves ties open: any choice among the rows tied at the end.
     *
     * @param keys how many leading columns the order is on
     * @param limit how many rows
     * @param all the statement without its limit
     */
    record FirstRows(int keys, int limit, String all) implements Legal {}
  }

  static Query bag(String sql) {
    return new Query(sql, List.of(), new Legal.Bag());
  }

  static Query inOrder(String sql) {
    return new Query(sql, List.of(), new Legal.InOrder());
  }
}
