package dev.anabranch.promote.apply;

/**
 * How a promotion treats what it can't have.
 *
 * @param strict nothing is written when the fence can't be closed
 * @param leaveLocked what another transaction has locked stays behind, where it was waited for
 *     before in vain
 */
public record WriteManner(boolean strict, boolean leaveLocked) {}
