package dev.anabranch.web;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets pages look at a branch, and land or undo its work, one after the other: the API refuses one
 * while another is under way, and a page that is open looks by itself. Each branch has a turn of
 * its own, for as long as somebody has it or waits for it.
 */
final class Turns {

  private static final class Turn {
    private final Lock lock = new ReentrantLock(true);
    private int wanting; // guarded by the map's lock
  }

  private final Lock lock = new ReentrantLock();
  private final Map<String, Turn> byBranch = new HashMap<>(); // guarded by the lock

  <T> T take(String branch, Supplier<T> work) {
    Turn turn = wanted(branch);
    turn.lock.lock();
    try {
      return work.get();
    } finally {
      turn.lock.unlock();
      left(branch, turn);
    }
  }

  private Turn wanted(String branch) {
    lock.lock();
    try {
      Turn turn = byBranch.computeIfAbsent(branch, _ -> new Turn());
      turn.wanting++;
      return turn;
    } finally {
      lock.unlock();
    }
  }

  private void left(String branch, Turn turn) {
    lock.lock();
    try {
      turn.wanting--;
      if (turn.wanting == 0) {
        byBranch.remove(branch);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many branches somebody wants a turn of. */
  int wanted() {
    lock.lock();
    try {
      return byBranch.size();
    } finally {
      lock.unlock();
    }
  }
}
