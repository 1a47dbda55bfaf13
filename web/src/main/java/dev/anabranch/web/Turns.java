package dev.anabranch.web;

import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Lets pages look at a branch, and land or undo its work, one after the other: the API refuses one
 * while another is under way, and a page that is open looks by itself.
 */
final class Turns {

  /** Branches that share a lock wait for each other, which does no harm. */
  private static final int LOCKS = 64;

  private final List<Lock> locks =
      IntStream.range(0, LOCKS).<Lock>mapToObj(i -> new ReentrantLock(true)).toList();

  <T> T take(String branch, Supplier<T> work) {
    Lock lock = locks.get(Math.floorMod(branch.hashCode(), LOCKS));
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
