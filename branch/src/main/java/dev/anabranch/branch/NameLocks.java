package dev.anabranch.branch;

import dev.anabranch.base.BranchName;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One lock per branch name, held while that branch is made, woken, stopped, renamed or removed. Who
 * needs several takes them at once, in the order of the names: so nobody waits in a circle.
 */
final class NameLocks {

  private final Map<BranchName, ReentrantLock> locks = new ConcurrentHashMap<>();

  <T> T holding(BranchName name, Supplier<T> action) {
    return holding(Set.of(name), action);
  }

  <T> T holding(Set<BranchName> names, Supplier<T> action) {
    List<ReentrantLock> wanted =
        names.stream()
            .sorted(Comparator.comparing(BranchName::value))
            .map(name -> locks.computeIfAbsent(name, ignored -> new ReentrantLock()))
            .toList();
    Deque<ReentrantLock> held = new ArrayDeque<>();
    try {
      for (ReentrantLock lock : wanted) {
        lock.lock();
        held.push(lock);
      }
      return action.get();
    } finally {
      held.forEach(ReentrantLock::unlock);
    }
  }
}
