package dev.anabranch.promote;

import dev.anabranch.base.Lsn;
import dev.anabranch.predicate.rule.RowsBefore;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Looks, in the feed, at what main did after a check. */
public interface Recheck {

  /**
   * Which answers can't be vouched for any more at a later position. A cheap and conservative look
   * is enough: an answer is vouched for when no row that main changed between the check and the
   * position can be among those that it read, any other need not be.
   *
   * @param inspection the check
   * @param answers the ids to look at, all of which held at the check
   * @param since the check's position, or a later one up to which none of them was in doubt
   * @param upTo main's position to look up to, inclusive
   * @param ownPromotion the id of the promotion whose own commit is at or below that position and
   *     does not count; empty when it has not committed yet
   * @param before main's rows at the check
   * @param patience how long to wait for the feed
   * @throws dev.anabranch.base.AnabranchException when the feed does not get there in time
   */
  Doubt inDoubt(
      Inspection inspection,
      Set<Long> answers,
      Lsn since,
      Lsn upTo,
      Optional<String> ownPromotion,
      RowsBefore before,
      Duration patience);

  /**
   * Whether main may have changed, since a position, what an answer reads: what can't be told has
   * no value by which it could be seen that it is another.
   */
  default boolean hasMoved(Inspection inspection, long answer, Lsn since) {
    return true;
  }

  /**
   * @param changed answers of which main has changed, or may have changed, what they read
   * @param untold answers of which it is not known what they read, when main has changed anything
   */
  record Doubt(Set<Long> changed, Set<Long> untold) {
    public Doubt {
      changed = Set.copyOf(changed);
      untold = Set.copyOf(untold);
    }
  }
}
