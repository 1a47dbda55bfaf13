package dev.anabranch.promote;

import dev.anabranch.base.Lsn;
import dev.anabranch.promote.Recheck.Doubt;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A look at the window up to a promotion's commit, where the fence left one. The promotion has
 * landed, so a failure leaves all of it in doubt.
 *
 * @param promotion its id
 */
record LookBack(
    String promotion, ReceiptDraft draft, Settlement settlement, Supplier<LatestLook> looking) {

  private static final Logger LOG = LoggerFactory.getLogger(LookBack.class);

  /**
   * @param open the answers that main may have changed
   * @param moved those that time may have made others just before the commit
   */
  Receipt at(Receipt receipt, Lsn commit, Set<Long> open, Set<Long> moved) {
    Set<Long> inDoubt = new HashSet<>(moved);
    try (LatestLook look = looking.get()) {
      Doubt doubt = look.back(open, commit, promotion);
      inDoubt.addAll(doubt.changed());
      inDoubt.addAll(doubt.untold());
      return draft.lookedBack(receipt, inDoubt, settlement.commitOf(promotion).orElse(commit));
    } catch (RuntimeException e) {
      LOG.warn(
          "promotion {} landed, and the window before its commit could not be looked at: {}",
          promotion,
          e.getMessage());
      inDoubt.addAll(open);
      return draft.unverified(receipt, inDoubt);
    }
  }
}
