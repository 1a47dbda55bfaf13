package dev.anabranch.branch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.NameGroupCommit.Claim;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.branch.golden.GoldenImage;
import dev.anabranch.branch.golden.GoldenImages;
import dev.anabranch.branch.golden.GoldenImages.Pin;
import dev.anabranch.branch.golden.Roles;
import dev.anabranch.branch.pool.Pools;
import dev.anabranch.branch.pool.WarmBranch;
import dev.anabranch.cluster.Cluster;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Makes branches, and the next lives of branches that are set back. */
final class BranchCreation {

  private final GoldenImages images;
  private final BranchStore store;
  private final BranchClusters clusters;
  private final NameGroupCommit claims;
  private final Pools pools;
  private final NameLocks locks;
  private final OrphanRemoval orphans;
  private final InstantSource clock;
  private final Set<BranchName> making = ConcurrentHashMap.newKeySet();

  BranchCreation(
      GoldenImages images,
      BranchStore store,
      BranchClusters clusters,
      Pools pools,
      NameLocks locks,
      OrphanRemoval orphans,
      InstantSource clock) {
    this.images = images;
    this.store = store;
    this.clusters = clusters;
    this.claims = new NameGroupCommit(store);
    this.pools = pools;
    this.locks = locks;
    this.orphans = orphans;
    this.clock = clock;
  }

  /** Whether a branch of this name is on its way. */
  boolean isMaking(BranchName name) {
    return making.contains(name);
  }

  Branch create(BranchRequest request) {
    requireFuture(request.lifetime());
    Set<BranchName> names =
        request
            .parent()
            .filter(parent -> !parent.equals(request.name()))
            .map(parent -> Set.of(request.name(), parent))
            .orElse(Set.of(request.name()));
    return locks.holding(
        names,
        () -> {
          making.add(request.name());
          try {
            return request.parent().isPresent()
                ? fromParent(request, request.parent().get())
                : fromMain(request);
          } finally {
            making.remove(request.name());
          }
        });
  }

  private void requireFuture(Lifetime lifetime) {
    Optional<Instant> end = lifetime.end();
    if (end.isPresent() && !end.get().isAfter(clock.instant())) {
      throw new AnabranchException(
          ErrorCode.BRANCH_LIFETIME_INVALID,
          "The lifetime ends at " + end.get() + ", which is past");
    }
  }

  private Branch fromMain(BranchRequest request) {
    WarmBranch spare = spare(request.point(), request.ephemeral());
    Claim claim = claim(spare, request, Optional.of(request.name()), spare.password());
    return new Branch(
        spare.id(),
        request.name(),
        Branch.State.READY,
        spare.image().forkLsn(),
        spare.image().forkTime(),
        request.lifetime(),
        Optional.empty(),
        spare.image().database(),
        claim.clientRole(),
        spare.password(),
        request.ephemeral(),
        claim.createdAt(),
        request.owner(),
        request.madeWith(),
        request.isProtected(),
        request.taskBy(),
        Optional.empty());
  }

  /** Running, and nobody's yet. */
  private WarmBranch spare(BranchPoint point, boolean ephemeral) {
    if (point instanceof BranchPoint.Latest) {
      Optional<WarmBranch> waiting = pools.take(images::isFresh, ephemeral);
      if (waiting.isPresent()) {
        return waiting.get();
      }
    }
    try (Pin pin = images.pin(point)) {
      return pools.lease(pin.image(), ephemeral);
    }
  }

  /** Makes a branch of a spare; without a name it is not finished. */
  private Claim claim(
      WarmBranch spare, BranchRequest request, Optional<BranchName> name, String password) {
    boolean finished = request.role().isEmpty() && name.isPresent();
    Claim claim =
        new Claim(
            spare.id(),
            name,
            finished ? Branch.State.READY : Branch.State.CREATING,
            request.lifetime(),
            request.role().isPresent() ? Roles.MEMBER : Roles.CLIENT,
            password,
            request.ephemeral(),
            now(),
            request.owner(),
            request.madeWith(),
            request.isProtected(),
            request.taskBy());
    try {
      claims.claim(claim);
    } catch (AnabranchException e) {
      pools.giveBack(spare);
      throw e;
    } catch (RuntimeException e) {
      // It may be a branch by now, and must not be a spare as well.
      orphans.remove(spare.id());
      throw e;
    }
    if (request.role().isPresent()) {
      orDiscard(spare.id(), () -> actAs(spare, request.role().get(), name.isPresent()));
    }
    return claim;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private void actAs(WarmBranch spare, String role, boolean finished) {
    Cluster cluster = clusters.cluster(spare.id(), spare.image(), spare.ephemeral());
    clusters.actAs(cluster, spare.image().database(), role);
    if (finished) {
      store.setState(spare.id(), Branch.State.READY);
    }
  }

  private Branch fromParent(BranchRequest request, BranchName parentName) {
    if (request.role().isPresent()) {
      throw new AnabranchException(
          ErrorCode.REQUEST_INVALID,
          "A branch of a branch acts as its parent does: leave --role out.");
    }
    Branch parent =
        store
            .find(parentName)
            .orElseThrow(() -> new AnabranchException(ErrorCode.BRANCH_UNKNOWN, parentName));
    GoldenImage image = imageOf(parent);
    BranchId id = store.beginChild(request, parent, image.id(), Passwords.fresh(), now());
    orDiscard(
        id,
        () ->
            clusters.copyInto(
                clusters.cluster(id, image, request.ephemeral()),
                clusters.cluster(parent.id(), image, parent.ephemeral()),
                parent.database()));
    store.setState(id, Branch.State.READY);
    return store.find(id).orElseThrow();
  }

  GoldenImage imageOf(Branch branch) {
    return images
        .of(branch.forkLsn())
        .orElseThrow(() -> new IllegalStateException("the image of " + branch + " is gone"));
  }

  /** Nothing is left of a branch that could not be built. */
  void orDiscard(BranchId id, Runnable build) {
    try {
      build.run();
    } catch (RuntimeException e) {
      orphans.remove(id);
      throw e;
    }
  }

  /** Called with the name's lock held. */
  Branch newLife(Branch old, BranchPoint point) {
    return newLife(old, point, next -> {});
  }

  /**
   * The same, with what is put into the next life before it begins. Called with the name's lock
   * held.
   */
  Branch newLife(Branch old, BranchPoint point, Renewal renewal) {
    Optional<String> role =
        old.clientRole().equals(Roles.MEMBER) ? Optional.of(actedRole(old)) : Optional.empty();
    BranchRequest request =
        new BranchRequest(
                old.name(), old.lifetime(), point, Optional.empty(), role, old.ephemeral())
            .withTaskBy(old.taskBy());
    WarmBranch spare = spare(point, old.ephemeral());
    claim(spare, request, Optional.empty(), old.password());
    orDiscard(spare.id(), () -> renewal.fill(next(old, spare)));
    return succeed(old, spare.id());
  }

  private Renewal.NextLife next(Branch old, WarmBranch spare) {
    Cluster cluster = clusters.cluster(spare.id(), spare.image(), old.ephemeral());
    return new Renewal.NextLife(
        spare.id(),
        spare.image().forkLsn(),
        spare.image().forkTime(),
        () -> cluster.connect(Roles.OWNER, spare.image().database()));
  }

  /**
   * The next life takes over the name, and the old one ends. Called with the name's lock held.
   *
   * @param next built, and without a name
   */
  Branch succeed(Branch old, BranchId next) {
    try {
      store.replace(old, next);
    } catch (RuntimeException e) {
      // Which of them has the name now, the control database alone knows.
      orphans.removeUnlessFinished(next);
      orphans.removeUnlessFinished(old.id());
      throw e;
    }
    orphans.remove(old.id());
    return store.find(next).orElseThrow();
  }

  /** The role that was named at its creation is what its login is a member of. */
  private String actedRole(Branch branch) {
    Cluster cluster = clusters.cluster(branch.id(), imageOf(branch), branch.ephemeral());
    cluster.start(BranchClusters.START_PATIENCE);
    return clusters.actedRole(cluster, branch.database());
  }
}
