package dev.anabranch.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All branches, each below the one that it began from.
 *
 * @param lines one each
 * @param all how many there are
 * @param filter which of them are shown
 * @param states that branches are in
 * @param owners that branches have
 * @param names of all branches, whatever is shown
 * @param deleted those that can be brought back
 * @param now the moment that ages are told for
 */
public record BranchesPage(
    List<Line> lines,
    int all,
    Filter filter,
    Set<String> states,
    Set<String> owners,
    List<String> names,
    List<BranchSeen> deleted,
    Instant now) {

  /**
   * Which branches are shown.
   *
   * @param searched what the name, the owner or the state has; empty: anything
   * @param state empty: any
   * @param owner empty: anybody's
   */
  public record Filter(String searched, String state, String owner) {

    static Filter of(Visit visit) {
      return new Filter(
          visit.asked("q").orElse(""),
          visit.asked("state").orElse(""),
          visit.asked("owner").orElse(""));
    }

    boolean isMet(BranchSeen branch) {
      return branch.has(searched)
          && (state.isEmpty() || branch.state().equals(state))
          && (owner.isEmpty() || branch.ownerShown().equals(owner));
    }

    /** The path of the list that it shows. */
    public String path() {
      return "/?q="
          + Visit.part(searched)
          + "&state="
          + Visit.part(state)
          + "&owner="
          + Visit.part(owner);
    }
  }

  /**
   * One branch.
   *
   * @param twig where it is in the tree
   */
  public record Line(BranchSeen branch, Twig twig) {}

  /**
   * Where a branch is in the tree of those that are shown, to be drawn.
   *
   * @param depth how many branches are above it
   * @param passing the depths at which a line goes by, to a branch further down
   * @param isLast whether no branch of the same one comes after it
   * @param hasChildren whether branches of it are shown
   */
  public record Twig(int depth, List<Integer> passing, boolean isLast, boolean hasChildren) {

    /** As high as a line of the list, and half of that. */
    public static final int HEIGHT = 32;

    public static final int MIDDLE = HEIGHT / 2;

    private static final int STEP = 14;

    /** Where a depth is drawn. */
    public int x(int of) {
      return STEP / 2 + of * STEP;
    }

    public int width() {
      return (depth + 1) * STEP;
    }
  }

  static BranchesPage of(
      List<BranchSeen> branches, Filter filter, List<BranchSeen> deleted, Instant now) {
    List<BranchSeen> shown =
        branches.stream()
            .filter(filter::isMet)
            .sorted(Comparator.comparing(BranchSeen::name))
            .toList();
    return new BranchesPage(
        Tree.of(shown).lines(),
        branches.size(),
        filter,
        branches.stream().map(BranchSeen::state).collect(Collectors.toCollection(TreeSet::new)),
        branches.stream()
            .map(BranchSeen::ownerShown)
            .collect(Collectors.toCollection(TreeSet::new)),
        branches.stream().map(BranchSeen::name).sorted().toList(),
        newest(deleted),
        now);
  }

  /** A name brings back the branch that had it last. */
  private static List<BranchSeen> newest(List<BranchSeen> deleted) {
    Map<String, BranchSeen> byName = new TreeMap<>();
    for (BranchSeen one : deleted) {
      byName.merge(one.name(), one, (first, other) -> isLater(other, first) ? other : first);
    }
    return List.copyOf(byName.values());
  }

  private static boolean isLater(BranchSeen one, BranchSeen than) {
    return one.deleteTime() != null
        && (than.deleteTime() == null || one.deleteTime().isAfter(than.deleteTime()));
  }

  /**
   * Those that are shown.
   *
   * @param roots those whose own parent is not shown
   * @param children the others, by their parent
   */
  private record Tree(List<BranchSeen> roots, Map<String, List<BranchSeen>> children) {

    static Tree of(List<BranchSeen> shown) {
      Set<String> names = new HashSet<>();
      shown.forEach(branch -> names.add(branch.name()));
      List<BranchSeen> roots = new ArrayList<>();
      Map<String, List<BranchSeen>> children = new HashMap<>();
      for (BranchSeen branch : shown) {
        if (branch.parent() == null || !names.contains(branch.parent())) {
          roots.add(branch);
        } else {
          children.computeIfAbsent(branch.parent(), _ -> new ArrayList<>()).add(branch);
        }
      }
      return new Tree(roots, children);
    }

    List<Line> lines() {
      List<Line> lines = new ArrayList<>();
      add(roots, 0, List.of(), lines);
      return lines;
    }

    private void add(
        List<BranchSeen> siblings, int depth, List<Integer> passing, List<Line> lines) {
      for (BranchSeen branch : siblings) {
        List<BranchSeen> below = children.getOrDefault(branch.name(), List.of());
        boolean isLast = branch.equals(siblings.getLast());
        lines.add(new Line(branch, new Twig(depth, passing, isLast, !below.isEmpty())));
        List<Integer> further = new ArrayList<>(passing);
        if (!isLast && depth > 0) {
          further.add(depth - 1);
        }
        add(below, depth + 1, List.copyOf(further), lines);
      }
    }
  }
}
