package dev.anabranch.branch.pool;

/**
 * What a pool has, is asked for and has done since the start.
 *
 * @param hot running durable spares that wait
 * @param hotEphemeral running ephemeral spares that wait
 * @param cold clones that wait
 * @param waiting callers that wait
 * @param leasedHot leases that found a running spare
 * @param leasedMade leases that waited for one to be made
 * @param timedOut callers that waited in vain
 * @param failures spares that could not be made
 */
public record PoolStatus(
    int hot,
    int hotEphemeral,
    int cold,
    int waiting,
    long leasedHot,
    long leasedMade,
    long timedOut,
    long failures) {}
