package dev.anabranch.promote.apply;

import dev.anabranch.base.TableId;
import dev.anabranch.promote.plan.Generator;
import dev.anabranch.promote.plan.SequenceUse;
import java.util.HashMap;
import java.util.List;
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

  /** Where sequences stood before this promotion moved them on, if nobody has drawn since. */
  public List<SequenceUse> asBefore(List<SequenceUse> sequences) {
    return sequences.stream()
        .map(use -> {
          Generator now = use.generator();
          long position = now.position();
          while (of(now.id()).contains(position)) {
            position -= now.increment();
          }
          return new SequenceUse(
              new Generator(now.id(), now.sequence(), position, now.increment()), use.columns());
        })
        .toList();
  }
}
