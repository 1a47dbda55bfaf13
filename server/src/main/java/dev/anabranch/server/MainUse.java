package dev.anabranch.server;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Keeps main from being released under what works with it: any number of operations share it, and a
 * release waits for those under way and lets no other begin.
 *
 * <p>A release that failed halfway leaves it shut: a mirror or a feed without its slot must not be
 * worked with. It can be tried again.
 */
final class MainUse {

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
  private boolean shut; // guarded by the lock

  /**
   * @throws AnabranchException MAIN_RELEASED
   */
  <T> T during(Supplier<T> operation) {
    lock.readLock().lock();
    try {
      if (shut) {
        throw new AnabranchException(ErrorCode.MAIN_RELEASED);
      }
      return operation.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * @param allowed throws when main may not be released; everything stays as it was then
   */
  <T> T release(Runnable allowed, Supplier<T> release) {
    lock.writeLock().lock();
    try {
      allowed.run();
      shut = true;
      return release.get();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
