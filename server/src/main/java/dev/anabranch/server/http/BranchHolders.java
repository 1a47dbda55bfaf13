package dev.anabranch.server.http;

import dev.anabranch.base.BranchName;
import dev.anabranch.branch.Branch;
import dev.anabranch.server.access.Holder;
import dev.anabranch.server.access.Right;
import java.util.ArrayList;
import java.util.List;

/**
 * Whose branch is whose: its password, and its life, are for those who made it and for admins.
 * Everybody who may read sees the rest.
 *
 * @param operations know the branches
 */
record BranchHolders(Operations operations) {

  /** A branch's URL as the caller may see it. */
  static String url(Holder holder, Branch branch, String whole) {
    return holder.owns(branch) ? whole : whole.replace(":" + branch.password() + "@", "@");
  }

  /**
   * @throws dev.anabranch.base.AnabranchException BRANCH_NOT_YOURS, BRANCH_UNKNOWN
   */
  void require(Holder holder, BranchName name) {
    if (!holder.may(Right.ADMIN)) {
      holder.requireOwn(operations.get(name));
    }
  }

  /** The same of a deleted branch; where several had the name, of all of them. */
  void requireDeleted(Holder holder, BranchName name) {
    if (!holder.may(Right.ADMIN)) {
      named(operations.deleted(), name).forEach(holder::requireOwn);
    }
  }

  /**
   * The same of all that a deletion takes.
   *
   * @param cascade with the branches that were started from it
   * @param now also when it is deleted already
   */
  void requireForDeletion(Holder holder, BranchName name, boolean cascade, boolean now) {
    if (holder.may(Right.ADMIN)) {
      return;
    }
    List<Branch> live = operations.list();
    List<Branch> taken = new ArrayList<>(named(live, name));
    if (taken.isEmpty() && now) {
      requireDeleted(holder, name);
      return;
    }
    for (int next = 0; cascade && next < taken.size(); next++) {
      BranchName parent = taken.get(next).name();
      live.stream()
          .filter(branch -> branch.parent().filter(parent::equals).isPresent())
          .filter(branch -> !taken.contains(branch))
          .forEach(taken::add);
    }
    taken.forEach(holder::requireOwn);
  }

  private static List<Branch> named(List<Branch> branches, BranchName name) {
    return branches.stream().filter(branch -> branch.name().equals(name)).toList();
  }
}
