package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.promote.Promotions.Begun;
import dev.anabranch.promote.apply.MainWriter;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what became of promotions that were begun and whose end was never stored.
 *
 * <p>Without a transaction id it never committed: the id is stored first, and whoever settles a
 * promotion makes that store fail. With one, main says whether that transaction committed; should
 * main have forgotten a transaction that old, the message that it left in main's WAL still proves
 * that it did.
 */
final class Settlement {

  private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

  private final Promotions promotions;
  private final MainWriter main;
  private final Markers markers;
  private final Clock clock;

  Settlement(Promotions promotions, MainWriter main, Markers markers, Clock clock) {
    this.promotions = promotions;
    this.main = main;
    this.markers = markers;
    this.clock = clock;
  }

  /** Settles what can be settled, and says of the rest why not. */
  void settleAll() {
    for (Begun begun : promotions.unsettled()) {
      try {
        settle(begun);
      } catch (AnabranchException e) {
        LOG.warn(
            "promotion {} of branch {} stays open: {}",
            begun.id(),
            begun.branchName(),
            e.getMessage());
      }
    }
  }

  /**
   * Settles what a branch has open.
   *
   * @return the receipt of the promotion that turned out to have landed, if one did
   * @throws AnabranchException PROMOTE_REFUSED when it can't be told
   */
  Optional<Receipt> settle(BranchId branch) {
    Optional<Receipt> landed = Optional.empty();
    for (Begun begun : promotions.unsettled()) {
      if (begun.branch().equals(branch)) {
        landed = settle(begun);
      }
    }
    return landed;
  }

  /** Where a promotion committed, when main's WAL has shown it. */
  Optional<Lsn> commitOf(String promotion) {
    return markers.commitOf(promotion);
  }

  private Optional<Receipt> settle(Begun begun) {
    if (begun.transactionId().isEmpty()) {
      return notLanded(begun);
    }
    if (!main.systemIdentifier().equals(begun.mainSystem())) {
      throw open(begun, "main is another Postgres than the one it was for");
    }
    return switch (main.fateOf(begun.transactionId().getAsLong())) {
      case COMMITTED -> landed(begun, markers.commitOf(begun.id()).orElseGet(main::position));
      case ROLLED_BACK -> notLanded(begun);
      case IN_PROGRESS -> throw open(begun, "its transaction still runs on main");
      case FORGOTTEN ->
          landed(
              begun,
              markers
                  .commitOf(begun.id())
                  .orElseThrow(() -> open(begun, "main has forgotten transactions that old")));
    };
  }

  private Optional<Receipt> landed(Begun begun, Lsn committed) {
    Receipt receipt =
        ReceiptDraft.committed(
            begun
                .receipt()
                .orElseThrow(
                    () -> new IllegalStateException("promotion " + begun.id() + " has no draft")),
            committed,
            clock.instant());
    promotions.landed(begun.id(), committed, receipt);
    LOG.info(
        "promotion {} of branch {} had reached main before its end could be stored",
        begun.id(),
        begun.branchName());
    return Optional.of(receipt);
  }

  private Optional<Receipt> notLanded(Begun begun) {
    promotions.notLanded(begun.id(), Optional.empty(), clock.instant());
    LOG.info("promotion {} of branch {} had not reached main", begun.id(), begun.branchName());
    return Optional.empty();
  }

  private static AnabranchException open(Begun begun, String why) {
    return new AnabranchException(
        ErrorCode.PROMOTE_REFUSED,
        "an earlier promotion (" + begun.id() + ") may or may not have reached main: " + why);
  }
}
