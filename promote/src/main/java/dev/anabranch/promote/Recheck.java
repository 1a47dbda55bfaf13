package dev.anabranch.promote;

import dev.anabranch.base.Lsn;
import java.util.Optional;
import java.util.Set;

/** Looks, in the feed, at what main did after a check. */
public interface Recheck {

  /**
   * Which answers can't be vouched for any more at a later position. A cheap and conservative look
   * is enough: an answer whose tables saw no change between the check and the position is vouched
   * for, any other need not be.
   *
   * @param inspection the check
   * @param answers the ids to look at, all of which held at the check
   * @param upTo main's position to look up to, inclusive
   * @param ownPromotion the id of the promotion whose own commit is at or below that position and
   *     does not count; empty when it has not committed yet
   * @return those that are in doubt, empty when all stand
   * @throws dev.anabranch.base.AnabranchException when the feed does not get there in time
   */
  Set<Long> inDoubt(
      Inspection inspection, Set<Long> answers, Lsn upTo, Optional<String> ownPromotion);
}
