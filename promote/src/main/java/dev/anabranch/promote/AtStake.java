package dev.anabranch.promote;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ShortDigest;
import dev.anabranch.branch.Branch;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What of a branch's work would be lost with it, as far as its log has been read into the ledger.
 *
 * @param branch its name
 * @param work what this is known to be the same by: the branch's life, its units and what became of
 *     them, and the branches that were started from it
 * @param left how many units are not on main
 * @param onMain how many are
 * @param undone how many were, and were taken back
 * @param dropped how many never land, as was decided, that something else does not depend on
 */
public record AtStake(
    BranchName branch, String work, int left, int onMain, int undone, int dropped) {

  private static final int DIGITS = 16;

  /**
   * @param units the ids of all its units
   * @param children the lives of branches that were started from it
   */
  public static AtStake of(
      Branch branch, List<Long> units, Promotions promotions, Collection<BranchId> children) {
    Set<Long> landed = new TreeSet<>(promotions.onMain().units(branch.id()));
    TreeMap<Long, String> undone = new TreeMap<>(promotions.undoings().byUnit(branch.id()));
    Set<Long> left = new TreeSet<>(units);
    left.removeAll(landed);
    Set<Long> dropped = new TreeSet<>(promotions.decisions().dropped(branch.id()));
    dropped.retainAll(left);
    left.removeAll(dropped);
    Set<Long> onMain = new HashSet<>(landed);
    onMain.removeAll(undone.keySet());
    String work =
        ShortDigest.of(
            DIGITS,
            List.of(
                branch.id().toString(),
                units.toString(),
                landed.toString(),
                undone.toString(),
                dropped.toString(),
                children.stream().map(BranchId::value).sorted().toList().toString()));
    return new AtStake(
        branch.name(), work, left.size(), onMain.size(), undone.size(), dropped.size());
  }
}
