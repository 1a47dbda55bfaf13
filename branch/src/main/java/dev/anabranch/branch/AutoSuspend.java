package dev.anabranch.branch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.golden.Roles;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.Poll;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes branches when somebody wants them, and puts them to sleep when nobody does.
 *
 * <p>Who opens a branch that runs takes no lock. So that it is not stopped under their hands, they
 * first note that it is wanted and then look whether it is being stopped; who stops it first notes
 * that and then looks whether it was wanted or somebody is connected. One of the two sees the
 * other.
 */
final class AutoSuspend {

  private static final Logger log = LoggerFactory.getLogger(AutoSuspend.class);
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  /** Bound where branches are opened and nobody wants them for it. */
  private static final ScopedValue<Boolean> IN_PASSING = ScopedValue.newInstance();

  /** Bound where one that sleeps is to go on sleeping. */
  private static final ScopedValue<Boolean> WITHOUT_WAKING = ScopedValue.newInstance();

  private final BranchStore store;
  private final BranchClusters clusters;
  private final BranchCreation creation;
  private final NameLocks locks;
  private final InstantSource clock;
  private final Map<BranchId, Instant> wantedAt = new ConcurrentHashMap<>();
  private final Set<BranchId> stopping = ConcurrentHashMap.newKeySet();

  AutoSuspend(
      BranchStore store,
      BranchClusters clusters,
      BranchCreation creation,
      NameLocks locks,
      InstantSource clock) {
    this.store = store;
    this.clusters = clusters;
    this.creation = creation;
    this.locks = locks;
    this.clock = clock;
  }

  Endpoint open(BranchName name) {
    Branch branch = usable(name);
    return isAwake(branch.id()) ? endpoint(branch) : locks.holding(name, () -> wake(name));
  }

  /** Notes that it is wanted, and says whether it runs and stays awake. */
  boolean isAwake(BranchId branch) {
    want(branch);
    return !stopping.contains(branch) && clusters.isRunning(branch);
  }

  /**
   * Branches that are opened meanwhile, on this thread, are woken and not kept awake by that: they
   * may be stopped at any moment, and what is being done on them fails then.
   */
  static <T> T inPassing(Supplier<T> use) {
    return ScopedValue.where(IN_PASSING, true).call(use::get);
  }

  /**
   * Does what only looks, on this thread: a branch that sleeps is not opened for it.
   *
   * @throws AnabranchException with {@link ErrorCode#BRANCH_ASLEEP}
   */
  static <T> T withoutWaking(Supplier<T> look) {
    return ScopedValue.where(WITHOUT_WAKING, true).call(look::get);
  }

  /** A superuser's connection, which counts for nobody's use of the branch when made in passing. */
  Connection connectAsOwner(Branch branch) {
    Connection connection = cluster(branch).connect(Roles.OWNER, branch.database());
    if (!IN_PASSING.orElse(false)) {
      return connection;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET application_name = '" + BranchClusters.IN_PASSING + "'");
      return connection;
    } catch (SQLException e) {
      try {
        connection.close();
      } catch (SQLException closing) {
        e.addSuppressed(closing);
      }
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED, e, "connecting to a branch", String.valueOf(e.getMessage()));
    }
  }

  private void want(BranchId branch) {
    if (!IN_PASSING.orElse(false)) {
      wantedAt.put(branch, clock.instant());
    }
  }

  /** Called with the name's lock held. */
  Endpoint wake(BranchName name) {
    Branch branch = usable(name); // it may have been reset or deleted while we waited
    if (branch.state() == Branch.State.SUSPENDED && WITHOUT_WAKING.orElse(false)) {
      throw new AnabranchException(ErrorCode.BRANCH_ASLEEP, name, name, name);
    }
    want(branch.id());
    cluster(branch).start(BranchClusters.START_PATIENCE);
    if (branch.state() == Branch.State.SUSPENDED) {
      store.setState(branch.id(), Branch.State.READY);
    }
    return endpoint(branch);
  }

  Branch usable(BranchName name) {
    Branch branch = store.find(name).orElseThrow(() -> unknownOrStarting(name));
    return switch (branch.state()) {
      case READY, SUSPENDED -> branch;
      case CREATING, HOT, COLD -> throw new AnabranchException(ErrorCode.BRANCH_STARTING, name);
      case DELETED, DELETING -> throw new AnabranchException(ErrorCode.BRANCH_UNKNOWN, name);
    };
  }

  private AnabranchException unknownOrStarting(BranchName name) {
    return new AnabranchException(
        creation.isMaking(name) ? ErrorCode.BRANCH_STARTING : ErrorCode.BRANCH_UNKNOWN, name);
  }

  Cluster cluster(Branch branch) {
    return clusters.cluster(branch.id(), creation.imageOf(branch), branch.ephemeral());
  }

  Endpoint endpoint(Branch branch) {
    return new Endpoint(
        branch.id(), clusters.sockets(branch.id()), branch.database(), branch.clientRole());
  }

  /**
   * Stops it now.
   *
   * @param readLog reads what it has written; it runs meanwhile
   * @throws AnabranchException with {@link ErrorCode#BRANCH_BUSY} when somebody is connected
   */
  Branch suspend(BranchName name, Consumer<Branch> readLog) {
    return locks.holding(
        name,
        () -> {
          Branch branch = usable(name);
          int users = rest(branch, readLog, Optional.empty());
          if (users > 0) {
            throw new AnabranchException(
                ErrorCode.BRANCH_BUSY,
                name,
                "used by " + users + (users == 1 ? " session" : " sessions"));
          }
          return store.find(branch.id()).orElseThrow();
        });
  }

  /**
   * Stops it unless somebody is connected or, if that matters, has wanted it lately. Whoever wants
   * it from here on waits for the lock, and wakes it again.
   *
   * @return how many are connected
   */
  private int rest(Branch branch, Consumer<Branch> readLog, Optional<Duration> unwantedFor) {
    stopping.add(branch.id());
    try {
      if (unwantedFor.isPresent() && !isUnwanted(branch, unwantedFor.get())) {
        return 0;
      }
      if (clusters.isRunning(branch.id())) {
        readLog.accept(branch);
        int users = users(branch, unwantedFor.isPresent() ? Duration.ZERO : FAREWELL);
        if (users > 0) {
          return users;
        }
        cluster(branch).stop(StopMode.FAST);
      }
      store.setState(branch.id(), Branch.State.SUSPENDED);
      return 0;
    } finally {
      stopping.remove(branch.id());
    }
  }

  /** How many are connected, once those had time to go who have said goodbye. */
  private int users(Branch branch, Duration patience) {
    IntSupplier count = () -> clusters.connections(cluster(branch), branch.database());
    return Poll.until(patience, () -> count.getAsInt() == 0) ? 0 : count.getAsInt();
  }

  private boolean isUnwanted(Branch branch, Duration time) {
    return !wantedAt
        .computeIfAbsent(branch.id(), ignored -> clock.instant())
        .plus(time)
        .isAfter(clock.instant());
  }

  /**
   * Stops those that nobody has wanted for so long.
   *
   * @param inUse whether somebody is connected through the gateway
   * @return those that sleep now
   */
  List<BranchName> suspendIdle(Duration time, Predicate<BranchId> inUse, Consumer<Branch> readLog) {
    List<BranchName> asleep = new ArrayList<>();
    List<Branch> all = store.all();
    wantedAt.keySet().retainAll(all.stream().map(Branch::id).toList());
    for (Branch branch : all) {
      if (inUse.test(branch.id())) {
        wantedAt.put(branch.id(), clock.instant());
      } else if (branch.state() == Branch.State.READY
          && isUnwanted(branch, time)
          && suspendedQuietly(branch, time, readLog)) {
        asleep.add(branch.name());
      }
    }
    return asleep;
  }

  /** One that can't be suspended must not keep the others awake. */
  private boolean suspendedQuietly(Branch branch, Duration time, Consumer<Branch> readLog) {
    try {
      return locks.holding(
          branch.name(),
          () -> {
            Optional<Branch> now = store.find(branch.name());
            if (now.isEmpty()
                || !now.get().id().equals(branch.id())
                || now.get().state() != Branch.State.READY) {
              return false;
            }
            rest(now.get(), readLog, Optional.of(time));
            return store
                .find(branch.id())
                .filter(after -> after.state() == Branch.State.SUSPENDED)
                .isPresent();
          });
    } catch (RuntimeException e) {
      log.warn("branch {} can't be suspended, and stays awake", branch.name(), e);
      wantedAt.put(branch.id(), clock.instant());
      return false;
    }
  }
}
