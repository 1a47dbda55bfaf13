package dev.anabranch.branch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends branches, and brings them back while they are kept. A deleted branch has no name and no
 * process; its files, its answers and its password stay until its time is over.
 */
final class BranchDeletion {

  private static final Logger log = LoggerFactory.getLogger(BranchDeletion.class);

  private final BranchStore store;
  private final BranchClusters clusters;
  private final NameLocks locks;
  private final OrphanRemoval orphans;
  private final Duration kept;
  private final InstantSource clock;

  /**
   * @param kept how long a deleted branch can be brought back
   */
  BranchDeletion(
      BranchStore store,
      BranchClusters clusters,
      NameLocks locks,
      OrphanRemoval orphans,
      Duration kept,
      InstantSource clock) {
    this.store = store;
    this.clusters = clusters;
    this.locks = locks;
    this.orphans = orphans;
    this.kept = kept;
    this.clock = clock;
  }

  /**
   * Deletes a branch; its sessions end.
   *
   * @param cascade with the branches that were started from it, and from those
   * @param now at once, so that it can't be brought back
   */
  Deletion delete(BranchName name, boolean cascade, boolean now) {
    if (now && store.find(name).isEmpty() && purge(name)) {
      return new Deletion(List.of(), Optional.empty());
    }
    while (true) {
      List<Branch> doomed = doomed(name, cascade);
      Optional<Deletion> done =
          locks.holding(
              doomed.stream().map(Branch::name).collect(Collectors.toSet()),
              () -> {
                // While we waited for the locks, one more may have been started from one of them.
                List<Branch> still = doomed(name, cascade);
                return ids(still).equals(ids(doomed))
                    ? Optional.of(end(still, now))
                    : Optional.empty();
              });
      if (done.isPresent()) {
        return done.get();
      }
    }
  }

  private static Set<BranchId> ids(List<Branch> branches) {
    return branches.stream().map(Branch::id).collect(Collectors.toSet());
  }

  /** The branch and, if they go with it, all that were started from it. */
  private List<Branch> doomed(BranchName name, boolean cascade) {
    Branch branch =
        store.find(name).orElseThrow(() -> new AnabranchException(ErrorCode.BRANCH_UNKNOWN, name));
    List<Branch> doomed = new ArrayList<>(List.of(branch));
    for (int next = 0; next < doomed.size(); next++) {
      List<Branch> children = store.children(doomed.get(next).id());
      if (!cascade && !children.isEmpty()) {
        throw new AnabranchException(
            ErrorCode.BRANCH_HAS_CHILDREN,
            name,
            children.stream().map(child -> child.name().value()).collect(Collectors.joining(", ")));
      }
      doomed.addAll(children);
    }
    doomed.forEach(BranchDeletion::requireUnprotected);
    return doomed;
  }

  static void requireUnprotected(Branch branch) {
    if (branch.isProtected()) {
      throw new AnabranchException(ErrorCode.BRANCH_PROTECTED, branch.name(), branch.name());
    }
  }

  private Deletion end(List<Branch> branches, boolean now) {
    List<BranchId> ids = branches.stream().map(Branch::id).toList();
    if (now || kept.isZero()) {
      orSettle(ids, () -> store.removing(ids)).forEach(orphans::remove);
      return new Deletion(branches, Optional.empty());
    }
    Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    store.delete(ids, at);
    ids.forEach(clusters::putToRest);
    return new Deletion(branches, Optional.of(at.plus(kept)));
  }

  /** A step that says of branches that they go; whether it was taken may be unknown. */
  private <T> T orSettle(List<BranchId> ids, Supplier<T> step) {
    try {
      return step.get();
    } catch (RuntimeException e) {
      ids.forEach(orphans::removeUnlessFinished);
      throw e;
    }
  }

  /** Ends those whose lifetime is over; protected ones wait. Their own branches live on. */
  List<Branch> expire(Instant now) {
    List<Branch> over = new ArrayList<>();
    for (Branch branch : store.all()) {
      if (isOver(branch, now) && ended(branch, now)) {
        log.info("branch {} has reached the end of its life", branch.name());
        over.add(branch);
      }
    }
    return over;
  }

  private static boolean isOver(Branch branch, Instant now) {
    Optional<Instant> end = branch.lifetime().end();
    return end.isPresent()
        && !end.get().isAfter(now)
        && branch.state() != Branch.State.CREATING
        && !branch.isProtected();
  }

  private boolean ended(Branch branch, Instant now) {
    return locks.holding(
        branch.name(),
        () -> {
          Optional<Branch> still =
              store
                  .find(branch.name())
                  .filter(found -> found.id().equals(branch.id()) && isOver(found, now));
          still.ifPresent(found -> end(List.of(found), false));
          return still.isPresent();
        });
  }

  /** Deleted ones that can be brought back, those deleted last first. */
  List<Branch> deleted() {
    return store.deleted();
  }

  /** When a deleted one is gone for good. */
  Optional<Instant> goneAt(Branch branch) {
    return branch.deletedAt().map(at -> at.plus(kept));
  }

  private boolean purge(BranchName name) {
    return store.deleted().stream()
            .filter(branch -> branch.name().equals(name))
            .filter(this::purge)
            .count()
        > 0;
  }

  /** Removes those that have been kept for long enough. */
  void purge(Instant now) {
    store.deleted().stream()
        .filter(branch -> goneAt(branch).filter(end -> !end.isAfter(now)).isPresent())
        .forEach(this::purge);
  }

  private boolean purge(Branch branch) {
    boolean ours = orSettle(List.of(branch.id()), () -> store.purge(branch.id()));
    if (ours) {
      orphans.remove(branch.id());
    }
    return ours;
  }

  /**
   * The branch of this name that was deleted last lives again, with its URL's password, its answers
   * and its work.
   *
   * @param as its name from now on
   * @param lifetime how long it lives now; empty: as long as it would have
   */
  Branch undelete(BranchName name, BranchName as, Optional<Lifetime> lifetime) {
    return locks.holding(
        name.equals(as) ? Set.of(name) : Set.of(name, as),
        () -> {
          Branch branch =
              store.deleted().stream()
                  .filter(deleted -> deleted.name().equals(name))
                  .findFirst()
                  .orElseThrow(() -> new AnabranchException(ErrorCode.BRANCH_NOT_KEPT, name));
          Lifetime next = lifetime.orElse(branch.lifetime());
          next.end()
              .filter(end -> !end.isAfter(clock.instant()))
              .ifPresent(end -> {
                throw new AnabranchException(
                    ErrorCode.BRANCH_LIFETIME_INVALID,
                    "The lifetime of '" + name + "' ended at " + end);
              });
          if (!store.undelete(branch, as, next)) {
            throw new AnabranchException(ErrorCode.BRANCH_NOT_KEPT, name);
          }
          return store.find(branch.id()).orElseThrow();
        });
  }

  /** After a start: a deleted branch may run still. */
  void recover() {
    store.deleted().forEach(branch -> clusters.putToRest(branch.id()));
  }
}
