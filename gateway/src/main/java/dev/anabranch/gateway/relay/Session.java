package dev.anabranch.gateway.relay;

import dev.anabranch.base.BranchId;
import java.util.UUID;

/**
 * One client connection, as entries of the ledger name it.
 *
 * @param clock the branch's, shared by all its sessions
 */
public record Session(BranchId branch, UUID id, BranchClock clock) {}
