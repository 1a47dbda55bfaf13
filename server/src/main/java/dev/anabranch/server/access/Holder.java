package dev.anabranch.server.access;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.Branch;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Who asks, as their token says.
 *
 * @param token its id; empty for who needs none of those that are kept
 * @param rights what it lets them do
 */
public record Holder(String token, Set<Right> rights) {

  public Holder {
    rights = Set.copyOf(rights);
  }

  /** Whoever may do everything and is nobody in particular. */
  static Holder admin() {
    return new Holder("", Set.of(Right.ADMIN));
  }

  public boolean may(Right right) {
    return rights.stream().anyMatch(own -> own.covers(right));
  }

  /**
   * @throws AnabranchException RIGHT_MISSING
   */
  public void require(Right right) {
    if (!may(right)) {
      String own =
          new TreeSet<>(rights).stream().map(Right::word).collect(Collectors.joining(" and "));
      throw new AnabranchException(ErrorCode.RIGHT_MISSING, right.word(), own, right.word());
    }
  }

  /** Whether a branch is theirs: they made it, or may do everything. */
  public boolean owns(Branch branch) {
    return may(Right.ADMIN) || (!token.isEmpty() && token.equals(branch.madeWith()));
  }

  /**
   * @throws AnabranchException BRANCH_NOT_YOURS
   */
  public void requireOwn(Branch branch) {
    if (!owns(branch)) {
      throw new AnabranchException(ErrorCode.BRANCH_NOT_YOURS, branch.name());
    }
  }
}
