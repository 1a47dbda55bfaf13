package dev.anabranch.gateway.relay;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * One client connection, as entries of the ledger name it.
 *
 * @param clock the branch's, shared by all its sessions
 * @param recorded false when there is nothing that its answers could ever be checked for, as on a
 *     branch that can only be read: the ledger hears nothing of it, and the branch is not asked
 *     where its writes stand
 * @param role as which it logged in to the branch
 * @param clientHost the client's address, as the gateway sees it
 * @param unsettling what of the branch may change settings unseen, shared by all its sessions
 * @param traps rules of soundness that are switched off, asked at each statement
 */
public record Session(
    BranchId branch,
    UUID id,
    BranchClock clock,
    boolean recorded,
    String role,
    String clientHost,
    Unsettling unsettling,
    Supplier<Traps> traps) {

  boolean has(Trap trap) {
    return traps.get().has(trap);
  }
}
