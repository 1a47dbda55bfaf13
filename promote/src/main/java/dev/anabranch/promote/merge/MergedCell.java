package dev.anabranch.promote.merge;

import java.util.List;
import java.util.Map;

/**
 * A cell that a rule combines.
 *
 * @param table {@code schema.table} on main
 * @param key the row's, column name to text
 * @param column its column's name on main
 * @param rule the rule's word
 * @param version the rule's version
 * @param base what both sides began with
 * @param branch what the branch made of it
 * @param main what main made of it
 * @param merged what main has when it has landed
 * @param units the ids of the units behind it
 */
public record MergedCell(
    String table,
    Map<String, String> key,
    String column,
    String rule,
    long version,
    String base,
    String branch,
    String main,
    String merged,
    List<Long> units) {

  /** The most that are told of one promotion. */
  public static final int LIMIT = 10_000;

  public MergedCell {
    units = List.copyOf(units);
  }
}
