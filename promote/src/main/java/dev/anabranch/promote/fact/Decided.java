package dev.anabranch.promote.fact;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was decided of a fact, as it is shown and kept in receipts.
 *
 * @param choice {@link Choice#word()}
 * @param who said so
 * @param why in their words
 * @param at when, as text
 * @param value the cells given by hand, column name to text
 * @param columns the cells taken from a side, column name to {@code branch} or {@code main}
 */
public record Decided(
    String choice,
    String who,
    Optional<String> why,
    String at,
    Map<String, @Nullable String> value,
    Map<String, String> columns) {

  public Decided {
    value = Collections.unmodifiableMap(new LinkedHashMap<>(value));
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }
}
