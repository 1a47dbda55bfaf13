package dev.anabranch.promote.fact;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants done about a fact, before it is known whether there is such a fact.
 *
 * @param fact its id
 * @param state its state as the caller saw it, or the beginning of it; empty: whatever it is now
 * @param column one column of its row; empty: all of it
 * @param choice {@link Choice#word()}
 * @param value what is given by hand, column name to text
 */
public record DecisionAsked(
    String fact,
    Optional<String> state,
    Optional<String> column,
    String choice,
    Map<String, @Nullable String> value) {}
