package dev.anabranch.branch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.branch.golden.GoldenImages;
import dev.anabranch.branch.history.PastPoint;
import dev.anabranch.branch.pool.PoolSettings;
import dev.anabranch.branch.pool.PoolStatus;
import dev.anabranch.branch.pool.Pools;
import dev.anabranch.branch.pool.WarmBranchListener;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.branch.storage.DiskUse;
import dev.anabranch.branch.storage.PasswordCipher;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.cluster.Installations;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * Every branch: made, found, woken, put to sleep, renamed, set back, deleted, brought back.
 *
 * <p>The control database says what there is. A row is written before a branch's first file and
 * removed after its last process and file, so a crash leaves nothing that {@link #recover} does not
 * find.
 *
 * <p>A branch of a branch starts with what its parent's database holds, at the parent's fork point.
 * The parent is stopped cleanly for the copy and started again: its sessions end. What the parent
 * wrote is not the child's work and is not promoted with it; nor are the parent's answers the
 * child's.
 *
 * <p>Locks: {@link NameLocks}.
 */
public final class Branches {

  private final GoldenImages images;
  private final BranchStore store;
  private final BranchClusters clusters;
  private final Pools pools;
  private final NameLocks locks = new NameLocks();
  private final BranchCreation creation;
  private final Restores restores;
  private final AutoSuspend autoSuspend;
  private final BranchDeletion departures;
  private final OrphanRemoval orphans;
  private final PointInTimeReplicas views;
  private final BranchRules rules;
  private final InstantSource clock;

  /**
   * @param control a pool on the control database
   */
  public Branches(
      GoldenImages images,
      DataLayout home,
      Storage storage,
      Installations installations,
      DataSource control,
      PoolSettings pool,
      BranchRules rules,
      InstantSource clock) {
    this.images = images;
    this.store = new BranchStore(control, rules.limits(), PasswordCipher.in(home));
    this.clusters = new BranchClusters(home, storage, installations, images.network());
    this.orphans = new OrphanRemoval(store, clusters);
    this.pools = new Pools(new WarmBranches(images, store, clusters, orphans, clock), pool);
    this.creation = new BranchCreation(images, store, clusters, pools, locks, orphans, clock);
    this.restores = new Restores(images, store, clusters, creation, clock);
    this.autoSuspend = new AutoSuspend(store, clusters, creation, locks, clock);
    this.departures =
        new BranchDeletion(store, clusters, locks, orphans, rules.keepDeleted(), clock);
    this.views =
        new PointInTimeReplicas(
            store, clusters, creation, restores, autoSuspend, locks, orphans, rules.views(), clock);
    this.rules = rules;
    this.clock = clock;
  }

  /** Branches as they were, for reading. */
  public PointInTimeReplicas views() {
    return views;
  }

  /**
   * After a start: branches that were being made or removed are removed, and so is everything on
   * disk that no row knows. Ready ones may be running still, or start when somebody connects.
   */
  public void recover() {
    store.sealPasswords();
    for (BranchId id : store.unfinished()) {
      clusters.discard(id);
      store.remove(id);
    }
    clusters.discardAllBut(store.finished());
    departures.recover();
    expire(clock.instant());
    images.dropUnused();
  }

  /**
   * After {@link #recover}: begins to make branches ahead of time.
   *
   * @param listener told of each before anybody can have it
   */
  public void fillPools(WarmBranchListener listener) {
    pools.start(listener);
  }

  public PoolStatus poolStatus() {
    return pools.status();
  }

  /** Makes none any more; those who wait are sent away. */
  void stopFilling() {
    pools.close();
  }

  /** Stops all branch clusters cleanly, for the end of the server. */
  public void stopAll() {
    stopFilling();
    views.endAll();
    clusters.stopAll();
  }

  /** By name. Those whose image is still being cut are not among them, nor are deleted ones. */
  public List<Branch> list() {
    return store.all();
  }

  /** Those that can be brought back, the one that was deleted last first. */
  public List<Branch> deleted() {
    return departures.deleted();
  }

  /** When a deleted branch is gone for good; empty for others. */
  public Optional<Instant> goneAt(Branch branch) {
    return departures.goneAt(branch);
  }

  /** Tries again to remove what could not be removed when its time had come. */
  public void removeRemains() {
    orphans.tryAgain();
  }

  /** Those that were removed for good since this was asked last; what is kept of them can go. */
  public List<BranchId> gone() {
    return orphans.gone();
  }

  public Optional<Branch> find(BranchName name) {
    return store.find(name);
  }

  /** This life of a branch, whatever its state. */
  public Optional<Branch> find(BranchId branch) {
    return store.find(branch);
  }

  /**
   * Does something with branches that wakes them and does not keep them awake: they may be stopped
   * at any moment, and it fails then.
   */
  public <T> T inPassing(Supplier<T> use) {
    return AutoSuspend.inPassing(use);
  }

  /**
   * Does what only looks at branches, and leaves one asleep that sleeps.
   *
   * @throws AnabranchException with {@link ErrorCode#BRANCH_ASLEEP} where that does not do
   */
  public <T> T withoutWaking(Supplier<T> look) {
    return AutoSuspend.withoutWaking(look);
  }

  /**
   * @throws AnabranchException with {@link ErrorCode#BRANCH_UNKNOWN}
   */
  public Branch get(BranchName name) {
    return store
        .find(name)
        .orElseThrow(() -> new AnabranchException(ErrorCode.BRANCH_UNKNOWN, name));
  }

  /**
   * A running branch: one that waited in the pool where there is one, else a new one.
   *
   * @throws AnabranchException when the name is taken, there are enough branches, the lifetime is
   *     over, the parent or the role is unknown, the point can't be branched at, the disk is full,
   *     or none was free in time; nothing is left of it then
   */
  public Branch create(BranchRequest request) {
    return creation.create(request);
  }

  /**
   * The endpoint of a running branch; one that sleeps or has died is started first, once for all
   * who wait.
   *
   * @throws AnabranchException with {@link ErrorCode#BRANCH_UNKNOWN} or {@link
   *     ErrorCode#BRANCH_STARTING}
   */
  public Endpoint open(BranchName name) {
    return autoSuspend.open(name);
  }

  /**
   * The endpoint that a branch has while it runs; empty when it is still being made, or removed.
   *
   * @param branch as it was found
   */
  public Optional<Endpoint> endpoint(Branch branch) {
    return switch (branch.state()) {
      case READY, SUSPENDED -> Optional.of(autoSuspend.endpoint(branch));
      case CREATING, HOT, COLD, DELETED, DELETING -> Optional.empty();
    };
  }

  /**
   * Whether a branch runs and will not be put to sleep now, without a look into the control
   * database; {@link #open} wakes one that does not. When its life has ended, so has its Postgres.
   */
  public boolean isAwake(BranchId branch) {
    return autoSuspend.isAwake(branch);
  }

  /**
   * What a branch takes of the disk; empty when that can't be told. It looks at each of its files.
   */
  public Optional<DiskUse> diskUse(BranchId branch) {
    return clusters.diskUse(branch);
  }

  /**
   * A superuser's connection to this life of a branch, which is woken for it; the caller closes it.
   *
   * @throws AnabranchException with {@link ErrorCode#BRANCH_UNKNOWN} when that life is over
   */
  public Connection connectAsOwner(Branch branch) {
    Branch now =
        store
            .find(branch.id())
            .orElseThrow(() -> new AnabranchException(ErrorCode.BRANCH_UNKNOWN, branch.name()));
    if (!open(now.name()).branch().equals(branch.id())) {
      throw new AnabranchException(ErrorCode.BRANCH_UNKNOWN, branch.name());
    }
    return autoSuspend.connectAsOwner(now);
  }

  /**
   * Stops its Postgres, cleanly; the next connection starts it again.
   *
   * @param readLog reads what it has written before it stops
   * @throws AnabranchException with {@link ErrorCode#BRANCH_BUSY} when somebody is connected
   */
  public Branch suspend(BranchName name, Consumer<Branch> readLog) {
    return autoSuspend.suspend(name, readLog);
  }

  /**
   * Stops those that nobody has used for as long as the rules say.
   *
   * @param inUse whether somebody is connected
   * @param readLog reads what a branch has written before it stops
   * @return those that sleep now
   */
  public List<BranchName> suspendIdle(Predicate<BranchId> inUse, Consumer<Branch> readLog) {
    return rules
        .suspendAfter()
        .map(time -> autoSuspend.suspendIdle(time, inUse, readLog))
        .orElse(List.of());
  }

  /** From now on it can be neither deleted nor set back, and does not expire; or that ends. */
  public Branch setProtected(BranchName name, boolean on) {
    return changed(name, branch -> store.setProtected(branch.id(), on));
  }

  /** Who knows the old one has no use for it from now on. */
  public Branch newPassword(BranchName name) {
    return changed(name, branch -> store.setPassword(branch.id(), Passwords.fresh()));
  }

  private Branch changed(BranchName name, Consumer<Branch> change) {
    return locks.holding(
        name,
        () -> {
          Branch branch = autoSuspend.usable(name);
          change.accept(branch);
          return store.find(branch.id()).orElseThrow();
        });
  }

  /**
   * Another name for the same life: its sessions, its password, its answers and its own branches
   * stay.
   *
   * @throws AnabranchException with {@link ErrorCode#BRANCH_EXISTS} when the name is taken
   */
  public Branch rename(BranchName name, BranchName next) {
    if (name.equals(next)) {
      return get(name);
    }
    return locks.holding(
        Set.of(name, next),
        () -> {
          Branch branch = autoSuspend.usable(name);
          store.rename(branch.id(), next);
          return store.find(branch.id()).orElseThrow();
        });
  }

  /**
   * Deletes it; its sessions end. It can be brought back for as long as the rules say.
   *
   * @param cascade with the branches that were started from it, and from those, all or none
   * @param now so that it can't be brought back; one that is deleted already is removed
   * @throws AnabranchException with {@link ErrorCode#BRANCH_PROTECTED} or, without cascade, {@link
   *     ErrorCode#BRANCH_HAS_CHILDREN}
   */
  public Deletion delete(BranchName name, boolean cascade, boolean now) {
    return thenDropImages(() -> departures.delete(name, cascade, now));
  }

  /** Deletes it alone, to be kept as the rules say. */
  public Deletion delete(BranchName name) {
    return delete(name, false, false);
  }

  private <T> T thenDropImages(Supplier<T> action) {
    T result = action.get();
    images.dropUnused();
    return result;
  }

  /**
   * The branch of this name that was deleted last lives again, with its password, its answers and
   * its work. It sleeps until somebody connects.
   *
   * @param as its name from now on
   * @param lifetime how long it lives now; empty: as long as it would have
   * @throws AnabranchException with {@link ErrorCode#BRANCH_NOT_KEPT}, {@link
   *     ErrorCode#BRANCH_EXISTS}, {@link ErrorCode#BRANCH_LIMIT} or {@link
   *     ErrorCode#BRANCH_LIFETIME_INVALID}
   */
  public Branch undelete(BranchName name, BranchName as, Optional<Lifetime> lifetime) {
    return departures.undelete(name, as, lifetime);
  }

  /**
   * Deletes the branches whose time is over, but for protected ones, and removes deleted ones that
   * have been kept for long enough.
   *
   * @return those that were deleted
   */
  public List<Branch> expire(Instant now) {
    departures.purge(now);
    return departures.expire(now);
  }

  /**
   * A new life of the same name, password and lifetime that holds what the branch held at a moment
   * of its own; the old one's sessions end.
   *
   * @param branch the life it is meant for
   * @param limit a position of its log at or after everything that may be asked for
   * @param inheritance what else the next life is given
   * @throws AnabranchException with {@link ErrorCode#BRANCH_MOMENT_GONE} when that can't be had, or
   *     when it is protected; the old life goes on then
   */
  public Branch restore(Branch branch, PastPoint point, Lsn limit, LifeHandover inheritance) {
    return succeeded(branch, now -> restores.restore(now, point, limit, inheritance));
  }

  /** A life takes the place of the one that it is meant for, and of no other. */
  private Branch succeeded(Branch branch, UnaryOperator<Branch> next) {
    return thenDropImages(() ->
        locks.holding(
            branch.name(),
            () -> {
              Branch now = autoSuspend.usable(branch.name());
              if (!now.id().equals(branch.id())) {
                throw new AnabranchException(ErrorCode.BRANCH_STARTING, branch.name());
              }
              BranchDeletion.requireUnprotected(now);
              return next.apply(now);
            }));
  }

  /**
   * A new life of the same name, password and lifetime that starts at main as it is now, with what
   * is put into it; the old one's sessions end.
   *
   * @param branch the life it is meant for, which is woken
   * @throws AnabranchException as {@link #reset} does, and what the renewal throws; the old life
   *     goes on then
   */
  public Branch renew(Branch branch, Renewal renewal) {
    return succeeded(
        branch,
        now -> {
          autoSuspend.wake(now.name());
          return creation.newLife(now, new BranchPoint.Now(), renewal);
        });
  }

  /** Lets branches forget their past when their logs have become too large. */
  public void boundPasts() {
    for (Branch branch : store.all()) {
      if (clusters.hasOutgrownPast(branch.id())) {
        clusters.forgetPast(autoSuspend.cluster(branch), branch.database());
      }
    }
  }

  /** Back to where it started. */
  public Branch reset(BranchName name) {
    return reset(name, new BranchPoint.AtLsn(get(name).forkLsn()));
  }

  /**
   * A new life of the same name and password, starting here; the old one's sessions end and its
   * work is gone.
   *
   * @throws AnabranchException as {@link #create} does, and when it is protected; the old life goes
   *     on then
   */
  public Branch reset(BranchName name, BranchPoint point) {
    return thenDropImages(() ->
        locks.holding(
            name,
            () -> {
              Branch old = autoSuspend.usable(name);
              BranchDeletion.requireUnprotected(old);
              return creation.newLife(old, point);
            }));
  }
}
