package dev.anabranch.mainfeed.slot;

import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables that main would not let be published: each is tried again after a while, and after a
 * longer while each time, since every try costs main a lock and a line in its log. Here it is one
 * line for each cause.
 */
final class Refusals {

  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LAST = Duration.ofMinutes(1);

  private record Refusal(String cause, Duration pause, long since) {}

  private final Map<TableId, Refusal> refusals = new HashMap<>();
  private final Set<String> told = new HashSet<>();

  /** Whether a table may be tried now. */
  boolean isDue(TableId table) {
    Refusal refusal = refusals.get(table);
    return refusal == null || System.nanoTime() - refusal.since() >= refusal.pause().toNanos();
  }

  void refused(TableShape table, String cause) {
    refusals.merge(
        table.id(),
        new Refusal(cause, FIRST, System.nanoTime()),
        (before, fresh) -> new Refusal(cause, longer(before.pause()), fresh.since()));
    if (told.add(cause)) {
      LOG.warn("{} can't be published yet, and is tried again: {}", table.qualifiedName(), cause);
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LAST) < 0 ? twice : LAST;
  }

  void accepted(TableId table) {
    refusals.remove(table);
    if (refusals.isEmpty()) {
      told.clear();
    }
  }

  Optional<String> cause(TableId table) {
    return Optional.ofNullable(refusals.get(table)).map(Refusal::cause);
  }

  void keepOnly(Set<TableId> tables) {
    refusals.keySet().retainAll(tables);
  }

  boolean isEmpty() {
    return refusals.isEmpty();
  }

  void clear() {
    refusals.clear();
    told.clear();
  }
}
