package dev.anabranch.gateway.session;

import dev.anabranch.gateway.relay.BranchClock;
import dev.anabranch.gateway.relay.Unsettling;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All that passes through to one life of a branch.
 *
 * @param clock orders it
 * @param unsettling what of the branch may change settings unseen
 * @param sessions those that are logged in now
 * @param connections those, and logins that have proved who they are
 */
public record BranchTraffic(
    BranchClock clock,
    Unsettling unsettling,
    Set<ClientSession> sessions,
    AtomicInteger connections) {

  public static BranchTraffic from(BranchClock clock) {
    return new BranchTraffic(
        clock, new Unsettling(), ConcurrentHashMap.newKeySet(), new AtomicInteger());
  }

  /** Counts a connection in; false when there are as many as there may be. */
  boolean admit(int limit) {
    if (connections.incrementAndGet() > limit) {
      connections.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Counts it out again. */
  void dismissed() {
    connections.decrementAndGet();
  }
}
