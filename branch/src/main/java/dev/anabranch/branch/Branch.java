package dev.anabranch.branch;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.Lsn;
import java.time.Instant;
import java.util.Optional;

/**
 * A branch as the control database has it.
 *
 * @param id this life of it
 * @param name what people call it
 * @param state what it is doing
 * @param forkLsn every commit of main at or below it is inside, none above
 * @param forkTime when that was
 * @param lifetime how long it lives
 * @param parent the branch it was started from, if not main
 * @param database the real name of its database (clients say the branch's name instead)
 * @param clientRole the role its client has inside the branch's Postgres
 * @param password the client's password at the gateway
 * @param ephemeral whether it may be lost with the machine's power
 * @param createdAt when it was asked for
 * @param owner who holds it, as its creator said; may be empty
 * @param madeWith the id of the token that it was made with; empty: none in particular
 * @param isProtected whether it may be neither deleted nor set back
 * @param taskBy what belongs together on it where nobody named a task
 * @param deletedAt when it was deleted, if it is kept since
 */
public record Branch(
    BranchId id,
    BranchName name,
    State state,
    Lsn forkLsn,
    Instant forkTime,
    Lifetime lifetime,
    Optional<BranchName> parent,
    String database,
    String clientRole,
    String password,
    boolean ephemeral,
    Instant createdAt,
    String owner,
    String madeWith,
    boolean isProtected,
    TaskBy taskBy,
    Optional<Instant> deletedAt) {

  /** What a branch is doing. */
  public enum State {
    CREATING,
    /** A running spare that nobody has named yet. */
    HOT,
    /** A spare that is not started. */
    COLD,
    READY,
    SUSPENDED,
    /** It has lost its name and can be brought back. */
    DELETED,
    DELETING
  }

  @Override
  public String toString() {
    return "branch " + name + " (" + id + ", " + state + ", fork point " + forkLsn + ")";
  }
}
