package dev.anabranch.branch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.BranchStore.Draft;
import dev.anabranch.branch.golden.GoldenImage;
import dev.anabranch.branch.golden.GoldenImages;
import dev.anabranch.branch.golden.GoldenImages.Pin;
import dev.anabranch.branch.golden.Roles;
import dev.anabranch.branch.storage.Home;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.ClusterState;
import dev.anabranch.cluster.Installations;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final int PASSWORD_BYTES = 18;

  private final GoldenImages images;
  private final BranchStore store;
  private final BranchClusters clusters;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<BranchName, ReentrantLock> locks = new ConcurrentHashMap<>();

  /**
   * @param control a pool on the control database
   */
  public Branches(
      GoldenImages images,
      Home home,
      Storage storage,
      Installations installations,
      DataSource control,
      InstantSource clock) {
    this.images = images;
    this.store = new BranchStore(control);
    this.clusters = new BranchClusters(home, storage, installations);
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

  /** Stops all branch clusters cleanly, for the end of the server. */
  public void stopAll() {
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
   * Makes a branch and starts it.
   *
   * @throws AnabranchException when the name is taken, the lifetime is over, the parent or the role
   *     is unknown, the point can't be branched at, or the disk is full; nothing is left of it then
   */
  public Branch create(BranchRequest request) {
    requireFuture(request.lifetime());
    return locked(
        request.name(),
        () -> {
          Draft draft =
              new Draft(
                  Optional.of(request.name()),
                  request.lifetime(),
                  request.parent(),
                  request.role().isPresent() ? Roles.MEMBER : clientRoleOf(request.parent()),
                  newPassword(),
                  request.ephemeral(),
                  clock.instant());
          BranchId id = store.begin(draft);
          orDiscard(id, () -> build(id, request));
          store.setState(id, Branch.State.READY);
          return get(request.name());
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

  private String clientRoleOf(Optional<BranchName> parent) {
    return parent.map(name -> get(name).clientRole()).orElse(Roles.CLIENT);
  }

  private String newPassword() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private void build(BranchId id, BranchRequest request) {
    if (request.parent().isPresent()) {
      buildFromParent(id, request, request.parent().get());
      return;
    }
    try (Pin pin = images.pin(request.point())) {
      store.restOn(id, pin.image().id());
      Cluster cluster = clusters.cluster(id, pin.image(), request.ephemeral());
      clusters.copyInto(cluster, images.data(pin.image()));
      cluster.start(BranchClusters.START_PATIENCE);
      request.role().ifPresent(role -> clusters.actAs(cluster, pin.image().database(), role));
    }
  }

  private void buildFromParent(BranchId id, BranchRequest request, BranchName parentName) {
    if (request.role().isPresent()) {
      throw new AnabranchException(
          ErrorCode.REQUEST_INVALID,
          "A branch of a branch acts as its parent does: leave --role out.");
    }
    locked(
        parentName,
        () -> {
          Branch parent = get(parentName);
          GoldenImage image = imageOf(parent);
          store.restOn(id, image.id());
          Cluster cluster = clusters.cluster(id, image, request.ephemeral());
          clusters.copyInto(
              cluster, clusters.cluster(parent.id(), image, parent.ephemeral()), parent.database());
          return cluster;
        });
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
    Cluster cluster = cluster(branch);
    if (!(cluster.state() instanceof ClusterState.Ready)) {
      return locked(name, () -> wake(name));
    }
    return endpoint(branch, cluster);
  }

  private Endpoint wake(BranchName name) {
    Branch branch = getUsable(name); // it may have been reset or deleted while we waited
    Cluster cluster = cluster(branch);
    cluster.start(BranchClusters.START_PATIENCE);
    if (branch.state() == Branch.State.SUSPENDED) {
      store.setState(branch.id(), Branch.State.READY);
    }
    return endpoint(branch, cluster);
  }

  private Branch getUsable(BranchName name) {
    Branch branch = store.find(name).orElseThrow(() -> unknownOrStarting(name));
    return switch (branch.state()) {
      case READY, SUSPENDED -> branch;
      case CREATING -> throw new AnabranchException(ErrorCode.BRANCH_STARTING, name);
      case DELETING -> throw new AnabranchException(ErrorCode.BRANCH_UNKNOWN, name);
    };
  }

  private AnabranchException unknownOrStarting(BranchName name) {
    return new AnabranchException(
        store.isTaken(name) ? ErrorCode.BRANCH_STARTING : ErrorCode.BRANCH_UNKNOWN, name);
  }

  private Cluster cluster(Branch branch) {
    return clusters.cluster(branch.id(), imageOf(branch), branch.ephemeral());
  }

  private static Endpoint endpoint(Branch branch, Cluster cluster) {
    return new Endpoint(
        branch.id(), cluster.spec().sockets(), branch.database(), branch.clientRole());
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
          Branch branch = store.find(name).orElseThrow(() -> unknownOrStarting(name));
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
    BranchId id =
        store.begin(
            new Draft(
                Optional.empty(),
                old.lifetime(),
                Optional.empty(),
                old.clientRole(),
                old.password(),
                old.ephemeral(),
                clock.instant()));
    BranchRequest request =
        new BranchRequest(
            old.name(), old.lifetime(), point, Optional.empty(), role, old.ephemeral());
    orDiscard(id, () -> build(id, request));
    store.replace(old, id);
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
