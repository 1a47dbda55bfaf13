package dev.anabranch.predicate.verdict;

import java.util.Map;

/**
 * A changed row that bears on an answer.
 *
 * @param table {@code schema.table}
 * @param key column name to Postgres's text
 * @param change what main did to it, net
 */
public record Evidence(String table, Map<String, String> key, Kind change) {

  /** What main did to a row, net. */
  public enum Kind {
    INSERT,
    UPDATE,
    DELETE
  }
}
