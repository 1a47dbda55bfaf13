package dev.anabranch.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All branches, each below the one that it began from.
 *
 * @param lines one each
 * @param all how many there are
 * @param searched what they were searched for
 * @param deleted those that can be brought back
 * @param now the moment that ages are told for
 */
public record BranchesPage(
    List<Line> lines, int all, String searched, List<BranchSeen> deleted, Instant now) {

  /**
   * One branch.
   *
   * @param depth how many branches are above it
   */
  public record Line(BranchSeen branch, int depth) {

    /** The tree, drawn. */
    public String drawn() {
      return depth == 0 ? "" : "\u00a0\u00a0".repeat(depth - 1) + "└ ";
    }
  }

  static BranchesPage of(
      List<BranchSeen> branches, String searched, List<BranchSeen> deleted, Instant now) {
    List<BranchSeen> sorted =
        branches.stream().sorted(Comparator.comparing(BranchSeen::name)).toList();
    Set<String> names = new HashSet<>();
    sorted.forEach(branch -> names.add(branch.name()));
    List<Line> tree = new ArrayList<>();
    for (BranchSeen branch : sorted) {
      if (branch.parent() == null || !names.contains(branch.parent())) {
        below(branch, 0, sorted, tree);
      }
    }
    return new BranchesPage(
        tree.stream().filter(line -> line.branch().has(searched)).toList(),
        branches.size(),
        searched,
        deleted,
        now);
  }

  private static void below(BranchSeen branch, int depth, List<BranchSeen> all, List<Line> tree) {
    tree.add(new Line(branch, depth));
    for (BranchSeen other : all) {
      if (branch.name().equals(other.parent())) {
        below(other, depth + 1, all, tree);
      }
    }
  }
}
