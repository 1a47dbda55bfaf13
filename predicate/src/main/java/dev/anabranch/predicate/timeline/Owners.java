package dev.anabranch.predicate.timeline;

import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Unit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds whose transaction a unit was, by its id, or else by the moment of its commit. Both are
 * looked up, so that many sessions cost no more than few.
 */
final class Owners {

  private static final long LOW_32_BITS = 0xFFFF_FFFFL;

  /**
   * The gateway and the branch read one clock, that of the machine, each to the microsecond; this
   * is for cores that do not quite agree. One statement of a session may follow the next within a
   * few hundred microseconds.
   */
  private static final Duration CLOCK_SLACK = Duration.ofNanos(50_000);

  private final Map<Long, Ending> byTransactionId = new HashMap<>();

  /** Those without an id whose end was seen, by the moment at which they were sent. */
  private final List<Ending> ended = new ArrayList<>();

  /** The latest moment at which one of the first of these was done. */
  private final List<Instant> doneBy = new ArrayList<>();

  /** Those without an id that may have gone on for any time. */
  private final List<Ending> open = new ArrayList<>();

  Owners(List<Ending> endings) {
    for (Ending ending : endings) {
      if (!mayHaveCommitted(ending)) {
        continue;
      }
      if (ending.transactionId().isPresent()) {
        byTransactionId.putIfAbsent(ending.transactionId().getAsLong() & LOW_32_BITS, ending);
      } else if (ending.kind() == Ending.Kind.UNKNOWN) {
        open.add(ending);
      } else {
        ended.add(ending);
      }
    }
    ended.sort(Comparator.comparing(Ending::sentAt));
    Instant latest = Instant.MIN;
    for (Ending ending : ended) {
      latest = ending.doneAt().isAfter(latest) ? ending.doneAt() : latest;
      doneBy.add(latest);
    }
  }

  private static boolean mayHaveCommitted(Ending ending) {
    return switch (ending.kind()) {
      case COMMITTED, COMMITTED_IN_PART, UNKNOWN -> true;
      case ROLLED_BACK -> false;
    };
  }

  Owner of(Unit unit) {
    Ending known = byTransactionId.get(unit.transactionId());
    return known != null ? new Owner.One(known) : new Owner.Unclear(byMoment(unit));
  }

  private List<Ending> byMoment(Unit unit) {
    Instant notAfter = unit.committedAt().plus(CLOCK_SLACK);
    Instant notBefore = unit.committedAt().minus(CLOCK_SLACK);
    List<Ending> possible = new ArrayList<>();
    for (int i = sentBy(notAfter) - 1; i >= 0 && !doneBy.get(i).isBefore(notBefore); i--) {
      Ending ending = ended.get(i);
      if (!ending.doneAt().isBefore(notBefore) && mayBeBefore(unit, ending)) {
        possible.addFirst(ending);
      }
    }
    for (Ending ending : open) {
      if (!ending.sentAt().isAfter(notAfter) && mayBeBefore(unit, ending)) {
        possible.add(ending);
      }
    }
    return possible;
  }

  private static boolean mayBeBefore(Unit unit, Ending ending) {
    return ending.positionAfter().map(after -> !unit.commitLsn().isAfter(after)).orElse(true);
  }

  /** How many were sent at or before a moment. */
  private int sentBy(Instant moment) {
    int low = 0;
    int high = ended.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ended.get(middle).sentAt().isAfter(moment)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
