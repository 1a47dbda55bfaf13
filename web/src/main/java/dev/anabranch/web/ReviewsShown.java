package dev.anabranch.web;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The facts of the reviews that were shown last, by their plans: an open review is told what has
 * become of them without looking twice. It is the same for whoever looks, and a review whose facts
 * are no longer known is told less.
 */
final class ReviewsShown {

  private static final int MOST = 64;

  private final Lock lock = new ReentrantLock();
  private final LinkedHashMap<String, Map<String, String>> factsByPlan =
      new LinkedHashMap<>(); // guarded by the lock

  /** What a fact is the same by, for each. */
  static Map<String, String> states(Promoted work) {
    Map<String, String> states = new HashMap<>();
    work.facts().forEach(fact -> states.put(fact.id(), fact.state() + fact.isOpen()));
    return states;
  }

  void show(Promoted work) {
    lock.lock();
    try {
      factsByPlan.putLast(work.plan(), states(work));
      if (factsByPlan.size() > MOST) {
        factsByPlan.pollFirstEntry();
      }
    } finally {
      lock.unlock();
    }
  }

  Optional<Map<String, String>> of(String plan) {
    lock.lock();
    try {
      return Optional.ofNullable(factsByPlan.get(plan));
    } finally {
      lock.unlock();
    }
  }
}
