package dev.anabranch.branch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives spares their names in the control database. Callers who come while a transaction is under
 * way share the next one: a hundred at once cost a few commits.
 */
final class NameGroupCommit {

  private final BranchStore store;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();
  // Both are guarded by the lock.
  private List<Pending> waiting = new ArrayList<>();
  private boolean writing;

  /**
   * What a spare becomes.
   *
   * @param name its name; empty while a reset prepares the next life of a name in use
   * @param state {@code CREATING} when something is to be done to it yet
   */
  record Claim(
      BranchId id,
      Optional<BranchName> name,
      Branch.State state,
      Lifetime lifetime,
      String clientRole,
      String password,
      boolean ephemeral,
      Instant createdAt,
      String owner,
      String madeWith,
      boolean isProtected,
      TaskBy taskBy) {}

  /** A claim whose caller waits. Guarded by the lock. */
  private static final class Pending {
    private final Claim claim;
    private boolean over;
    private Optional<RuntimeException> failure = Optional.empty();

    Pending(Claim claim) {
      this.claim = claim;
    }
  }

  NameGroupCommit(BranchStore store) {
    this.store = store;
  }

  /**
   * @throws AnabranchException with {@link ErrorCode#BRANCH_EXISTS} when the name is taken, {@link
   *     ErrorCode#BRANCH_LIMIT} when there are enough; the spare is still one then
   */
  void claim(Claim claim) {
    Pending pending = new Pending(claim);
    lock.lock();
    try {
      waiting.add(pending);
      while (!pending.over && writing) {
        settled.awaitUninterruptibly();
      }
      if (!pending.over) {
        writeWaiting();
      }
    } finally {
      lock.unlock();
    }
    if (pending.failure.isPresent()) {
      throw pending.failure.get();
    }
  }

  /** Called with the lock held; writes without it. */
  private void writeWaiting() {
    List<Pending> batch = waiting;
    waiting = new ArrayList<>();
    writing = true;
    Map<BranchId, AnabranchException> refused = new HashMap<>();
    Optional<RuntimeException> failure = Optional.empty();
    lock.unlock();
    try {
      refused.putAll(store.claim(batch.stream().map(pending -> pending.claim).toList()));
    } catch (RuntimeException e) {
      failure = Optional.of(e);
    } finally {
      lock.lock();
    }
    for (Pending pending : batch) {
      pending.failure = failure.or(() -> Optional.ofNullable(refused.get(pending.claim.id())));
      pending.over = true;
    }
    writing = false;
    settled.signalAll();
  }
}
