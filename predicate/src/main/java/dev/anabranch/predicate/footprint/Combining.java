package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TableId;
import java.util.Map;

/**
 * Which columns of main combine when both sides have changed them, and how. What a statement does
 * to the value that it finds there is no reading of it, as long as it does nothing else with it.
 *
 * @param columns by table and number
 */
public record Combining(Map<TableId, Map<Integer, Rule>> columns) {

  /** No column does. */
  public static final Combining NONE = new Combining(Map.of());

  /** How a column combines. */
  public enum Kind {
    COUNTER,
    SET,
    MAP,
    MAX,
    MIN,
    TEXT
  }

  /**
   * The rule of one column.
   *
   * @param version a later one took its place
   */
  public record Rule(Kind kind, long version) {}

  public Combining {
    columns = Map.copyOf(columns);
  }

  /** The rules of a table's columns, by number. */
  public Map<Integer, Rule> of(TableId table) {
    return columns.getOrDefault(table, Map.of());
  }
}
