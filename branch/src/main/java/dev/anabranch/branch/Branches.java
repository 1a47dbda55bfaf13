package dev.anabranch.branch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.BranchStore.Draft;
import dev.anabranch.branch.Claims.Claim;
import dev.anabranch.branch.golden.GoldenImage;
import dev.anabranch.branch.golden.GoldenImages;
import dev.anabranch.branch.golden.GoldenImages.Pin;
import dev.anabranch.branch.golden.Roles;
import dev.anabranch.branch.pool.PoolSettings;
import dev.anabranch.branch.pool.PoolStatus;
import dev.anabranch.branch.pool.Pools;
import dev.anabranch.branch.pool.Spare;
import dev.anabranch.branch.storage.Home;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.Installations;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every branch: made, found, woken, put to sleep, set back, deleted.
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
 * <p>Lock: one per name, held while that branch is made, woken, stopped or removed.
 */
public final class Branches {

  private static final Logger log = LoggerFactory.getLogger(Branches.class);

  private final GoldenImages images;
  private final BranchStore store;
  private final BranchClusters clusters;
  private final Claims claims;
  private final Pools pools;
  private final InstantSource clock;
  private final Map<BranchName, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final Set<BranchName> making = ConcurrentHashMap.newKeySet();

  /**
   * @param control a pool on the control database
   */
  public Branches(
      GoldenImages images,
      Home home,
      Storage storage,
      Installations installations,
      DataSource control,
      PoolSettings pool,
      InstantSource clock) {
    this.images = images;
    this.store = new BranchStore(control);
    this.clusters = new BranchClusters(home, storage, installations);
    this.claims = new Claims(store);
    this.pools = new Pools(new Spares(images, store, clusters, clock), pool);
    this.clock = clock;
  }

  /**
   * After a start: branches that were being made or deleted are removed, and so is everything on
   * disk that no row knows. Ready ones may be running still, or start when somebody connects.
   */
  public void recover() {
    for (BranchId id : store.unfinished()) {
      clusters.discard(id);
      store.remove(id);
    }
    clusters.discardAllBut(store.finished());
    expire(clock.instant());
    images.dropUnused();
  }

  /** After {@link #recover}: begins to make branches ahead of time. */
  public void fillPools() {
    pools.start();
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
    clusters.stopAll();
  }

  /** By name. Those whose image is still being cut are not among them. */
  public List<Branch> list() {
    return store.all();
  }

  public Optional<Branch> find(BranchName name) {
    return store.find(name);
  }

  /**
   * @throws AnabranchException with {@link ErrorCode#BRANCH_UNKNOWN}
   */
  public Branch get(BranchName name) {
    return store
        .find(name)
        .orElseThrow(() -> new AnabranchException(ErrorCode.BRANCH_UNKNOWN, name));
  }

  /** What a client connects to: the gateway, with the branch's name as user and database. */
  public String url(BranchName name, String host, int port) {
    Branch branch = get(name);
    return "postgresql://" + name + ":" + branch.password() + "@" + host + ":" + port + "/" + name;
  }

  /**
   * A running branch: one that waited in the pool where there is one, else a new one.
   *
   * @throws AnabranchException when the name is taken, the lifetime is over, the parent or the role
   *     is unknown, the point can't be branched at, the disk is full, or none was free in time;
   *     nothing is left of it then
   */
  public Branch create(BranchRequest request) {
    requireFuture(request.lifetime());
    return locked(
        request.name(),
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
    Spare spare = spare(request.point(), request.ephemeral());
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
        claim.createdAt());
  }

  /** Running, and nobody's yet. */
  private Spare spare(BranchPoint point, boolean ephemeral) {
    if (point instanceof BranchPoint.Latest) {
      Optional<Spare> waiting = pools.take(images::isFresh, ephemeral);
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
      Spare spare, BranchRequest request, Optional<BranchName> name, String password) {
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
            clock.instant().truncatedTo(ChronoUnit.MICROS));
    try {
      claims.claim(claim);
    } catch (RuntimeException e) {
      pools.giveBack(spare);
      throw e;
    }
    if (request.role().isPresent()) {
      orDiscard(spare.id(), () -> actAs(spare, request.role().get(), name.isPresent()));
    }
    return claim;
  }

  private void actAs(Spare spare, String role, boolean finished) {
    Cluster cluster = clusters.cluster(spare.id(), spare.image(), spare.ephemeral());
    clusters.actAs(cluster, spare.image().database(), role);
    if (finished) {
      store.setState(spare.id(), Branch.State.READY);
    }
  }

  private Branch fromParent(BranchRequest request, BranchName parent) {
    if (request.role().isPresent()) {
      throw new AnabranchException(
          ErrorCode.REQUEST_INVALID,
          "A branch of a branch acts as its parent does: leave --role out.");
    }
    BranchId id =
        store.begin(
            new Draft(
                request.name(),
                request.lifetime(),
                parent,
                get(parent).clientRole(),
                Passwords.fresh(),
                request.ephemeral(),
                clock.instant()));
    orDiscard(id, () -> locked(parent, () -> copyParent(id, request, get(parent))));
    store.setState(id, Branch.State.READY);
    return get(request.name());
  }

  private Cluster copyParent(BranchId id, BranchRequest request, Branch parent) {
    GoldenImage image = imageOf(parent);
    store.restOn(id, image.id());
    Cluster cluster = clusters.cluster(id, image, request.ephemeral());
    clusters.copyInto(
        cluster, clusters.cluster(parent.id(), image, parent.ephemeral()), parent.database());
    return cluster;
  }

  private GoldenImage imageOf(Branch branch) {
    return images
        .of(branch.forkLsn())
        .orElseThrow(() -> new IllegalStateException("the image of " + branch + " is gone"));
  }

  private void orDiscard(BranchId id, Runnable build) {
    try {
      build.run();
    } catch (RuntimeException e) {
      clusters.discard(id);
      store.remove(id);
      throw e;
    }
  }

  /**
   * The endpoint of a running branch; one that sleeps or has died is started first, once for all
   * who wait.
   *
   * @throws AnabranchException with {@link ErrorCode#BRANCH_UNKNOWN} or {@link
   *     ErrorCode#BRANCH_STARTING}
   */
  public Endpoint open(BranchName name) {
    Branch branch = getUsable(name);
    return clusters.isRunning(branch.id()) ? endpoint(branch) : locked(name, () -> wake(name));
  }

  private Endpoint wake(BranchName name) {
    Branch branch = getUsable(name); // it may have been reset or deleted while we waited
    cluster(branch).start(BranchClusters.START_PATIENCE);
    if (branch.state() == Branch.State.SUSPENDED) {
      store.setState(branch.id(), Branch.State.READY);
    }
    return endpoint(branch);
  }

  private Branch getUsable(BranchName name) {
    Branch branch = store.find(name).orElseThrow(() -> unknownOrStarting(name));
    return switch (branch.state()) {
      case READY, SUSPENDED -> branch;
      case CREATING, HOT, COLD -> throw new AnabranchException(ErrorCode.BRANCH_STARTING, name);
      case DELETING -> throw new AnabranchException(ErrorCode.BRANCH_UNKNOWN, name);
    };
  }

  private AnabranchException unknownOrStarting(BranchName name) {
    return new AnabranchException(
        making.contains(name) ? ErrorCode.BRANCH_STARTING : ErrorCode.BRANCH_UNKNOWN, name);
  }

  private Cluster cluster(Branch branch) {
    return clusters.cluster(branch.id(), imageOf(branch), branch.ephemeral());
  }

  private Endpoint endpoint(Branch branch) {
    return new Endpoint(
        branch.id(), clusters.sockets(branch.id()), branch.database(), branch.clientRole());
  }

  /** A superuser's connection to a branch, which is woken for it; the caller closes it. */
  public Connection connectAsOwner(BranchName name) {
    return connect(name, Roles.OWNER);
  }

  /** A connection as its client, for asking what the client's statements mean. */
  public Connection connectAsClient(BranchName name) {
    return connect(name, get(name).clientRole());
  }

  private Connection connect(BranchName name, String role) {
    open(name);
    Branch branch = get(name);
    return cluster(branch).connect(role, branch.database());
  }

  /**
   * Stops its Postgres, cleanly; the next connection starts it again. Its log must have been read
   * before.
   */
  public void suspend(BranchName name) {
    locked(
        name,
        () -> {
          Branch branch = getUsable(name);
          cluster(branch).stop(StopMode.FAST);
          store.setState(branch.id(), Branch.State.SUSPENDED);
          return branch;
        });
  }

  /** Removes it: process, files, socket, row. Its sessions end. */
  public void delete(BranchName name) {
    locked(
        name,
        () -> {
          Branch branch = get(name);
          remove(branch);
          return branch;
        });
    images.dropUnused();
  }

  private void remove(Branch branch) {
    store.setState(branch.id(), Branch.State.DELETING);
    clusters.discard(branch.id());
    store.remove(branch.id());
  }

  /** Back to where it started. */
  public Branch reset(BranchName name) {
    return reset(name, new BranchPoint.AtLsn(get(name).forkLsn()));
  }

  /**
   * A new life of the same name and password, starting here; the old one's sessions end and its
   * work is gone.
   *
   * @throws AnabranchException as {@link #create} does; the old life goes on then
   */
  public Branch reset(BranchName name, BranchPoint point) {
    Branch reset = locked(name, () -> newLife(getUsable(name), point));
    images.dropUnused();
    return reset;
  }

  private Branch newLife(Branch old, BranchPoint point) {
    Optional<String> role =
        old.clientRole().equals(Roles.MEMBER) ? Optional.of(actedRole(old)) : Optional.empty();
    BranchRequest request =
        new BranchRequest(
            old.name(), old.lifetime(), point, Optional.empty(), role, old.ephemeral());
    Spare spare = spare(point, old.ephemeral());
    claim(spare, request, Optional.empty(), old.password());
    store.replace(old, spare.id());
    clusters.discard(old.id());
    store.remove(old.id());
    return get(old.name());
  }

  /** The role that was named at its creation is what its login is a member of. */
  private String actedRole(Branch branch) {
    cluster(branch).start(BranchClusters.START_PATIENCE);
    return clusters.actedRole(cluster(branch), branch.database());
  }

  /**
   * Deletes the branches whose time is over.
   *
   * @return their names
   */
  public List<BranchName> expire(Instant now) {
    List<BranchName> over = new ArrayList<>();
    for (Branch branch : store.all()) {
      Optional<Instant> end = branch.lifetime().end();
      if (end.isPresent() && !end.get().isAfter(now) && branch.state() != Branch.State.CREATING) {
        log.info("branch {} has reached the end of its life at {}", branch.name(), end.get());
        delete(branch.name());
        over.add(branch.name());
      }
    }
    return over;
  }

  private <T> T locked(BranchName name, Supplier<T> action) {
    ReentrantLock lock = locks.computeIfAbsent(name, ignored -> new ReentrantLock());
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
