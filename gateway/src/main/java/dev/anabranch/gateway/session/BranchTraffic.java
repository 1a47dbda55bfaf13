package dev.anabranch.gateway.session;

import dev.anabranch.gateway.relay.BranchClock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All that passes through to one life of a branch.
 *
 * @param clock orders it
 * @param sessions those that are logged in now
 */
public record BranchTraffic(BranchClock clock, Set<ClientSession> sessions) {

  public static BranchTraffic from(BranchClock clock) {
    return new BranchTraffic(clock, ConcurrentHashMap.newKeySet());
  }
}
