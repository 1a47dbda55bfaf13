package dev.anabranch.base;

import java.util.List;

/**
 * The values of a row's key columns, as Postgres's text, in {@link TableShape} order.
 *
 * @param values one text for each key column; never NULL
 */
public record Key(List<String> values) {
  public Key {
    values = List.copyOf(values);
  }

  @Override
  public String toString() {
    return String.join(", ", values);
  }
}
