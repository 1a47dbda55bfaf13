package dev.anabranch.promote;

import dev.anabranch.base.Lsn;
import dev.anabranch.predicate.rule.RowsBefore;
import dev.anabranch.promote.Recheck.Doubt;
import dev.anabranch.promote.fence.Fence;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at main's changes from where it looked last, so that what is left to look at while main's
 * writers wait is what they did since a moment ago, however long ago the check was.
 */
final class LatestLook implements Fence.Look, AutoCloseable {

  private static final Duration BACK_PATIENCE = Duration.ofMinutes(1);

  private final Recheck recheck;
  private final Inspection inspection;
  private final Set<Long> answers;
  private final RowsBefore before;
  private Lsn vouchedThrough;

  /**
   * @param vouched the answers that hold at the check
   */
  LatestLook(Recheck recheck, Inspection inspection, Vouched vouched) {
    this.recheck = recheck;
    this.inspection = inspection;
    this.answers = vouched.answers();
    this.before = inspection.atCheck().of(vouched.tables());
    this.vouchedThrough = inspection.report().asOf();
  }

  @Override
  public Set<Long> upTo(Lsn position, Duration patience) {
    Set<Long> changed =
        recheck
            .inDoubt(
                inspection, answers, vouchedThrough, position, Optional.empty(), before, patience)
            .changed();
    if (changed.isEmpty()) {
      vouchedThrough = position;
    }
    return changed;
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
