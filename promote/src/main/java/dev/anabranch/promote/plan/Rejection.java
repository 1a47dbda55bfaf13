package dev.anabranch.promote.plan;

import java.util.List;
import java.util.Map;

/**
 * A row that main refused when it was written.
 *
 * @param table {@code schema.table}
 * @param key the row's key as it would have been on main, column name to text
 * @param units the ids of the units that it holds
 * @param sentence main's own words
 */
public record Rejection(String table, Map<String, String> key, List<Long> units, String sentence) {
  public Rejection {
    units = List.copyOf(units);
  }
}
