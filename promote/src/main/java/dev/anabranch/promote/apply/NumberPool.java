package dev.anabranch.promote.apply;

import dev.anabranch.base.TableId;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The numbers that one promotion has drawn from main's sequences. They belong to it alone, so an
 * attempt that comes to nothing leaves them to the next.
 */
public final class NumberPool {

  private final Map<TableId, NavigableSet<Long>> drawn = new HashMap<>();

  /** Those of one sequence; the caller adds to them. */
  NavigableSet<Long> of(TableId sequence) {
    return drawn.computeIfAbsent(sequence, _ -> new TreeSet<>());
  }
}
