package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.ErrorCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Whose turn a branch is: one promotion, undoing or look of it at a time.
 *
 * <p>A look writes nothing on main and is soon over, and pages look by themselves: who finds one
 * under way waits for it, for so long. Beside work on main, or such work that waits already, nobody
 * waits: what they would have is another thing by then, and they are told at once.
 */
final class BranchTurns {

  /** How long a look may keep others waiting. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What a turn is for. */
  enum Purpose {
    LOOK,
    WORK
  }

  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition given = lock.newCondition();
  private final Map<BranchId, Purpose> held = new HashMap<>();

  /** Branches for whose next turn work waits. */
  private final Set<BranchId> workNext = new HashSet<>();

  /** Lives whose work is another life's. */
  private final Set<BranchId> over = ConcurrentHashMap.newKeySet();

  BranchTurns(Duration patience) {
    this.patience = patience;
  }

  /**
   * Returns when it is the caller's turn, who gives it back.
   *
   * @param name for the refusal
   * @throws AnabranchException BRANCH_BUSY
   */
  void take(BranchId branch, Object name, Purpose purpose) {
    if (!take(branch, purpose, patience)) {
      throw new AnabranchException(ErrorCode.BRANCH_BUSY, name, "promoted");
    }
  }

  /**
   * Does something in its turn.
   *
   * @param isLast whether the branch's work is another life's after that
   */
  <T> T during(
      BranchId branch, Object name, Purpose purpose, Supplier<T> what, Predicate<T> isLast) {
    take(branch, name, purpose);
    try {
      T result = what.get();
      if (isLast.test(result)) {
        over.add(branch);
      }
      return result;
    } finally {
      giveBack(branch);
    }
  }

  /**
   * @throws AnabranchException BRANCH_STARTING when its work is another life's by now
   */
  void requireGoesOn(BranchId branch, Object name) {
    if (over.contains(branch)) {
      throw new AnabranchException(ErrorCode.BRANCH_STARTING, name);
    }
  }

  /** Whether it is the caller's turn now, for work; nobody waits. */
  boolean takeIfFree(BranchId branch) {
    return take(branch, Purpose.WORK, Duration.ZERO);
  }

  private boolean take(BranchId branch, Purpose purpose, Duration wait) {
    lock.lock();
    boolean isNext = false;
    try {
      long left = wait.toNanos();
      while (held.containsKey(branch) || (workNext.contains(branch) && !isNext)) {
        boolean isBesideWork =
            held.get(branch) == Purpose.WORK || (workNext.contains(branch) && !isNext);
        if (isBesideWork || left <= 0) {
          return false;
        }
        if (purpose == Purpose.WORK && !isNext) {
          isNext = workNext.add(branch);
        }
        left = given.awaitNanos(left);
      }
      held.put(branch, purpose);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      if (isNext) {
        workNext.remove(branch);
      }
      lock.unlock();
    }
  }

  /** Ends a turn. */
  void giveBack(BranchId branch) {
    lock.lock();
    try {
      held.remove(branch);
      given.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
