package dev.anabranch.promote.plan;

import java.util.List;

/**
 * A deferrable key or unique constraint of main.
 *
 * @param name the constraint's name
 * @param columns its columns, by number
 * @param nullsDistinct whether two NULLs may stand beside each other
 */
public record DeferredUnique(String name, List<Integer> columns, boolean nullsDistinct) {
  public DeferredUnique {
    columns = List.copyOf(columns);
  }
}
