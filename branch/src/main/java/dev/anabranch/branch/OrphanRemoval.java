package dev.anabranch.branch;

import dev.anabranch.base.BranchId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes branches that nobody can have any more: the row says so first, so that a start finds none
 * with half of its files, and goes last. What can't be removed, because the control database is
 * away or a disk refuses, is tried again; what this process leaves behind, the next one's start
 * removes.
 */
final class OrphanRemoval {

  private static final Logger log = LoggerFactory.getLogger(OrphanRemoval.class);

  private final BranchStore store;
  private final BranchClusters clusters;
  private final Map<BranchId, Wish> left = new ConcurrentHashMap<>();
  private final Queue<BranchId> gone = new ConcurrentLinkedQueue<>();

  private enum Wish {
    REMOVE,
    /** Unless the control database, when it can be asked, says that it lives. */
    REMOVE_UNLESS_FINISHED
  }

  OrphanRemoval(BranchStore store, BranchClusters clusters) {
    this.store = store;
    this.clusters = clusters;
  }

  /** Removes a branch, now or as soon as possible. */
  void remove(BranchId id) {
    attempt(id, Wish.REMOVE);
  }

  /**
   * Removes a branch that is neither finished nor kept: after a step of which it is not known
   * whether the control database has taken it.
   */
  void removeUnlessFinished(BranchId id) {
    attempt(id, Wish.REMOVE_UNLESS_FINISHED);
  }

  /** Tries again to remove what could not be removed. */
  void tryAgain() {
    left.forEach(this::attempt);
  }

  /** Those that were removed since this was asked last: nobody will log in to one again. */
  List<BranchId> gone() {
    List<BranchId> taken = new ArrayList<>();
    for (BranchId id = gone.poll(); id != null; id = gone.poll()) {
      taken.add(id);
    }
    return taken;
  }

  private void attempt(BranchId id, Wish wish) {
    try {
      if (wish == Wish.REMOVE || store.unfinished().contains(id)) {
        store.setState(id, Branch.State.DELETING);
        clusters.discard(id);
        store.remove(id);
        gone.add(id);
      }
      left.remove(id);
    } catch (RuntimeException e) {
      left.put(id, wish);
      log.warn("Branch {} can't be removed now; that will be tried again", id, e);
    }
  }
}
