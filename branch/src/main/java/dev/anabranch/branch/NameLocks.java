package dev.anabranch.branch;

import dev.anabranch.base.BranchName;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One lock per branch name, held while that branch is made, woken, stopped, renamed or removed. Who
 * needs several takes them at once, in the order of the names: so nobody waits in a circle.
 */
final class NameLocks {

  private final ConcurrentMap<BranchName, Turn> turns = new ConcurrentHashMap<>();

  /** A name's lock, and how many hold it or wait for it; kept for no longer than they do. */
  private record Turn(ReentrantLock lock, int users) {}

  <T> T holding(BranchName name, Supplier<T> action) {
    return holding(Set.of(name), action);
  }

  <T> T holding(Set<BranchName> names, Supplier<T> action) {
    List<BranchName> inOrder =
        names.stream().sorted(Comparator.comparing(BranchName::value)).toList();
    List<ReentrantLock> wanted = inOrder.stream().map(this::enter).toList();
    Deque<ReentrantLock> held = new ArrayDeque<>();
    try {
      for (ReentrantLock lock : wanted) {
        lock.lock();
        held.push(lock);
      }
      return action.get();
    } finally {
      held.forEach(ReentrantLock::unlock);
      inOrder.forEach(this::leave);
    }
  }

  private ReentrantLock enter(BranchName name) {
    return turns
        .merge(
            name,
            new Turn(new ReentrantLock(), 1),
            (turn, ignored) -> new Turn(turn.lock(), turn.users() + 1))
        .lock();
  }

  private void leave(BranchName name) {
    turns.computeIfPresent(
        name,
        (ignored, turn) -> turn.users() == 1 ? null : new Turn(turn.lock(), turn.users() - 1));
  }

  /** How many names have a lock now. */
  int size() {
    return turns.size();
  }
}
