package dev.anabranch.branch;

import dev.anabranch.base.BranchName;
import dev.anabranch.branch.golden.BranchPoint;
import java.util.Optional;

/**
 * What a caller asks for.
 *
 * @param name the new branch's name
 * @param lifetime how long it lives
 * @param point where it starts
 * @param parent a branch to start from, instead of main
 * @param role the one role of main that its client is a member of; empty: those that own main's
 *     tables
 * @param ephemeral true when it may be lost with the machine's power (fsync off)
 * @param owner who will hold it; may be empty
 * @param madeWith the id of the token that it is made with; empty: none in particular
 * @param isProtected whether it is protected from the start
 * @param taskBy what belongs together on it where nobody names a task
 */
public record BranchRequest(
    BranchName name,
    Lifetime lifetime,
    BranchPoint point,
    Optional<BranchName> parent,
    Optional<String> role,
    boolean ephemeral,
    String owner,
    String madeWith,
    boolean isProtected,
    TaskBy taskBy) {

  /** One that nobody in particular holds and that is not protected. */
  public BranchRequest(
      BranchName name,
      Lifetime lifetime,
      BranchPoint point,
      Optional<BranchName> parent,
      Optional<String> role,
      boolean ephemeral) {
    this(name, lifetime, point, parent, role, ephemeral, "", "", false, TaskBy.WINDOW);
  }

  /** The same, held by somebody. */
  public BranchRequest ownedBy(String somebody) {
    return new BranchRequest(
        name, lifetime, point, parent, role, ephemeral, somebody, madeWith, isProtected, taskBy);
  }

  /** The same, protected from the start. */
  public BranchRequest withProtection() {
    return new BranchRequest(
        name, lifetime, point, parent, role, ephemeral, owner, madeWith, true, taskBy);
  }

  /** The same, with tasks told apart in another way. */
  public BranchRequest withTaskBy(TaskBy by) {
    return new BranchRequest(
        name, lifetime, point, parent, role, ephemeral, owner, madeWith, isProtected, by);
  }

  /** The same, made with a token. */
  public BranchRequest withToken(String token) {
    return new BranchRequest(
        name, lifetime, point, parent, role, ephemeral, owner, token, isProtected, taskBy);
  }
}
