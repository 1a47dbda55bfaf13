package dev.anabranch.branch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.golden.Roles;
import dev.anabranch.branch.history.PastPoint;
import dev.anabranch.cluster.Cluster;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Branches as they were at moments of their own, for reading. All who ask for one moment of one
 * life share a view.
 *
 * <p>A view is files made as those of a restored branch are, in a Postgres that is a standby of
 * nobody: it is in recovery for ever and refuses every write by itself.
 *
 * <p>What there is, is known in memory alone. In the control database a view is a branch that never
 * gets finished: no name, on no list, not counted, and removed by the next process.
 *
 * <p>Made, started and ended with a branch under the lock of the branch's name. One that is unused
 * is taken off the map first, unless somebody has wanted it meanwhile; so nobody is given one that
 * goes.
 */
public final class PointInTimeReplicas {

  private static final Logger log = LoggerFactory.getLogger(PointInTimeReplicas.class);

  private final BranchStore store;
  private final BranchClusters clusters;
  private final BranchCreation creation;
  private final Restores restores;
  private final AutoSuspend autoSuspend;
  private final NameLocks locks;
  private final OrphanRemoval orphans;
  private final ReplicaLimits limits;
  private final InstantSource clock;
  // Both are guarded by the map.
  private final Map<Key, View> views = new HashMap<>();
  private int making;

  private record Key(BranchId branch, PastPoint point) {}

  /** Its fields that change are guarded by the map. */
  private static final class View {
    private final Key key;
    private final Endpoint endpoint;
    private final Cluster cluster;
    private Instant wantedAt;

    View(Key key, Endpoint endpoint, Cluster cluster, Instant wantedAt) {
      this.key = key;
      this.endpoint = endpoint;
      this.cluster = cluster;
      this.wantedAt = wantedAt;
    }

    BranchId id() {
      return endpoint.branch();
    }
  }

  PointInTimeReplicas(
      BranchStore store,
      BranchClusters clusters,
      BranchCreation creation,
      Restores restores,
      AutoSuspend autoSuspend,
      NameLocks locks,
      OrphanRemoval orphans,
      ReplicaLimits limits,
      InstantSource clock) {
    this.store = store;
    this.clusters = clusters;
    this.creation = creation;
    this.restores = restores;
    this.autoSuspend = autoSuspend;
    this.locks = locks;
    this.orphans = orphans;
    this.limits = limits;
    this.clock = clock;
  }

  /** How many there are. */
  public int count() {
    synchronized (views) {
      return views.size();
    }
  }

  /**
   * The endpoint of the view of a branch at a moment; made, or started, first when it does not run,
   * once for all who wait.
   *
   * @param branch the life it is meant for; it is woken when a view must be made
   * @throws AnabranchException with {@link ErrorCode#BRANCH_MOMENT_GONE} when that can't be had,
   *     {@link ErrorCode#VIEW_LIMIT} when there are enough
   */
  public Endpoint open(Branch branch, PastPoint point) {
    Key key = new Key(branch.id(), point);
    Optional<View> running = wanted(key).filter(view -> clusters.isRunning(view.id()));
    return running.isPresent()
        ? running.get().endpoint
        : locks.holding(branch.name(), () -> started(branch, key));
  }

  /** Notes that it is wanted; from then on it stays for a while. */
  private Optional<View> wanted(Key key) {
    synchronized (views) {
      Optional<View> view = Optional.ofNullable(views.get(key));
      view.ifPresent(found -> found.wantedAt = clock.instant());
      return view;
    }
  }

  private Endpoint started(Branch branch, Key key) {
    View view = wanted(key).orElseGet(() -> madeWithinLimits(branch, key));
    view.cluster.start(BranchClusters.START_PATIENCE); // somebody may have killed it
    return view.endpoint;
  }

  private View madeWithinLimits(Branch asked, Key key) {
    autoSuspend.wake(asked.name());
    Branch branch = autoSuspend.usable(asked.name());
    if (!branch.id().equals(asked.id())) {
      throw new AnabranchException(ErrorCode.BRANCH_STARTING, asked.name());
    }
    while (!reserve()) {
      makeRoom();
    }
    try {
      View view = made(branch, key);
      synchronized (views) {
        views.put(key, view);
      }
      return view;
    } finally {
      synchronized (views) {
        making--;
      }
    }
  }

  private boolean reserve() {
    synchronized (views) {
      boolean room = views.size() + making < limits.most();
      making += room ? 1 : 0;
      return room;
    }
  }

  /** The one goes that nobody is connected to and nobody has wanted for the longest time. */
  private void makeRoom() {
    for (View view : longestUnwantedFirst()) {
      Instant wantedAt = wantedAt(view);
      if (!isInUse(view) && removedUnlessWantedAfter(view, wantedAt)) {
        return;
      }
    }
    throw new AnabranchException(ErrorCode.VIEW_LIMIT, limits.most());
  }

  private List<View> longestUnwantedFirst() {
    synchronized (views) {
      return views.values().stream()
          .sorted(Comparator.comparing((View view) -> view.wantedAt))
          .toList();
    }
  }

  private Instant wantedAt(View view) {
    synchronized (views) {
      return view.wantedAt;
    }
  }

  private View made(Branch branch, Key key) {
    Cluster parent = autoSuspend.cluster(branch);
    Restores.Way way =
        restores.way(branch, key.point(), clusters.flushed(parent, branch.database()));
    BranchId id = store.beginRestored(branch);
    Cluster cluster = clusters.cluster(id, way.image(), true);
    creation.orDiscard(
        id,
        () -> {
          restores.replay(way, cluster);
          if (branch.clientRole().equals(Roles.MEMBER)) {
            clusters.actedRole(cluster, branch.database()); // as for a restored branch
          }
          clusters.freezeAt(cluster, branch.database(), way.end());
        });
    return new View(
        key,
        new Endpoint(id, clusters.sockets(id), branch.database(), branch.clientRole()),
        cluster,
        clock.instant());
  }

  private boolean isInUse(View view) {
    try {
      return clusters.isRunning(view.id())
          && clusters.connections(view.cluster, view.endpoint.database()) > 0;
    } catch (AnabranchException e) {
      log.warn("whether view {} is in use can't be told, and it stays", view.id(), e);
      return true;
    }
  }

  private boolean removedUnlessWantedAfter(View view, Instant moment) {
    synchronized (views) {
      if (view.wantedAt.isAfter(moment) || !views.remove(view.key, view)) {
        return false;
      }
    }
    orphans.remove(view.id());
    return true;
  }

  /**
   * Removes those that nobody has been connected to for as long as the limits say.
   *
   * @return those that are gone
   */
  public List<BranchId> removeUnused() {
    List<BranchId> gone = new ArrayList<>();
    Instant horizon = clock.instant().minus(limits.unused());
    for (View view : longestUnwantedFirst()) {
      if (wantedAt(view).isAfter(horizon)) {
        continue;
      }
      if (isInUse(view)) {
        wanted(view.key);
      } else if (removedUnlessWantedAfter(view, horizon)) {
        gone.add(view.id());
      }
    }
    return gone;
  }

  /**
   * Removes the views of a life that is over, or that others must not see any more.
   *
   * @param farewell called with each before it goes
   */
  public void end(Branch branch, Consumer<BranchId> farewell) {
    locks.holding(
        branch.name(),
        () -> {
          List<View> over = new ArrayList<>();
          synchronized (views) {
            views.values().stream()
                .filter(view -> view.key.branch().equals(branch.id()))
                .forEach(over::add);
            over.forEach(view -> views.remove(view.key));
          }
          over.forEach(view -> {
            farewell.accept(view.id());
            orphans.remove(view.id());
          });
          return over.size();
        });
  }

  /** Removes all; nobody asks for one any more. */
  void endAll() {
    List<View> over;
    synchronized (views) {
      over = List.copyOf(views.values());
      views.clear();
    }
    over.forEach(view -> orphans.remove(view.id()));
  }
}
