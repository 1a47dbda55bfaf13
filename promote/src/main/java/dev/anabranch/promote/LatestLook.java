package dev.anabranch.promote;

import dev.anabranch.base.Lsn;
import dev.anabranch.predicate.rule.RowsBefore;
import dev.anabranch.promote.Recheck.Doubt;
import dev.anabranch.promote.fence.Fence;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Looks at main's changes from where it looked last, so that what is left to look at while main's
 * writers wait is what they did since a moment ago, however long ago the check was.
 */
final class LatestLook implements Fence.Look, AutoCloseable {

  private static final Duration BACK_PATIENCE = Duration.ofMinutes(1);

  private final Recheck recheck;
  private final Inspection inspection;
  private final Vouched vouched;
  private final RowsBefore before;
  private final Supplier<Instant> time;
  private Lsn vouchedThrough;

  /**
   * @param vouched the answers that hold at the check
   * @param time tells what time it is where answers are asked
   */
  LatestLook(Recheck recheck, Inspection inspection, Vouched vouched, Supplier<Instant> time) {
    this.time = time;
    this.recheck = recheck;
    this.inspection = inspection;
    this.vouched = vouched;
    this.before = inspection.atCheck().of(vouched.tables());
    this.vouchedThrough = inspection.report().asOf();
  }

  @Override
  public Set<Long> upTo(Lsn position, Duration patience) {
    Set<Long> changed =
        recheck
            .inDoubt(
                inspection,
                vouched.answers(),
                vouchedThrough,
                position,
                Optional.empty(),
                before,
                patience)
            .changed();
    if (changed.isEmpty()) {
      vouchedThrough = position;
    }
    Set<Long> inDoubt = new HashSet<>(changed);
    inDoubt.addAll(vouched.movedBy(inspection, time.get()));
    return inDoubt;
  }

  /**
   * Looks at the whole window up to a promotion's own commit.
   *
   * @param open the answers that may be in doubt
   */
  Doubt back(Set<Long> open, Lsn commit, String promotion) {
    return recheck.inDoubt(
        inspection,
        open,
        inspection.report().asOf(),
        commit,
        Optional.of(promotion),
        before,
        BACK_PATIENCE);
  }

  @Override
  public void close() {
    before.close();
  }
}
