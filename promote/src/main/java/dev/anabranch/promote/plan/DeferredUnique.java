package dev.anabranch.promote.plan;

import java.util.List;

/**
 * A deferrable key or unique constraint of main.
 *
 * @param name the constraint's name
 * @param columns its columns, by number
 * @param columnNames the same, by name
 * @param nullsDistinct whether two NULLs may stand beside each other
 */
public record DeferredUnique(
    String name, List<Integer> columns, List<String> columnNames, boolean nullsDistinct) {
  public DeferredUnique {
    columns = List.copyOf(columns);
    columnNames = List.copyOf(columnNames);
  }
}
