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
  // Both are guarded by the lock.
  private final LinkedHashMap<String, Shown> byPlan = new LinkedHashMap<>();
  private final LinkedHashMap<String, String> receiptByPlan = new LinkedHashMap<>();

  /**
   * What is kept of a review.
   *
   * @param states what each fact is the same by
   * @param decided when each was decided; empty of one that was not
   * @param units how many units there were
   */
  record Shown(Map<String, String> states, Map<String, String> decided, int units) {

    static Shown of(Promoted work) {
      Map<String, String> states = new HashMap<>();
      Map<String, String> decided = new HashMap<>();
      for (FactSeen fact : work.facts()) {
        states.put(fact.id(), fact.state());
        decided.put(fact.id(), fact.saidAt());
      }
      return new Shown(states, decided, work.units().total());
    }
  }

  /** A plan has landed: who asks for it once more, by another click, is shown what came of it. */
  void landed(String plan, String receipt) {
    lock.lock();
    try {
      receiptByPlan.putLast(plan, receipt);
      if (receiptByPlan.size() > MOST) {
        receiptByPlan.pollFirstEntry();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The receipt of a plan that has landed lately. */
  Optional<String> receipt(String plan) {
    lock.lock();
    try {
      return Optional.ofNullable(receiptByPlan.get(plan));
    } finally {
      lock.unlock();
    }
  }

  void show(Promoted work) {
    lock.lock();
    try {
      byPlan.putLast(work.plan(), Shown.of(work));
      if (byPlan.size() > MOST) {
        byPlan.pollFirstEntry();
      }
    } finally {
      lock.unlock();
    }
  }

  Optional<Shown> of(String plan) {
    lock.lock();
    try {
      return Optional.ofNullable(byPlan.get(plan));
    } finally {
      lock.unlock();
    }
  }
}
