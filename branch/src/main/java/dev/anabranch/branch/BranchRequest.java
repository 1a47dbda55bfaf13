package dev.anabranch.branch;

import dev.anabranch.base.BranchName;
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
 */
public record BranchRequest(
    BranchName name,
    Lifetime lifetime,
    BranchPoint point,
    Optional<BranchName> parent,
    Optional<String> role,
    boolean ephemeral) {}
