package dev.anabranch.server;

import dev.anabranch.base.BranchId;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.Branches;
import dev.anabranch.branch.storage.DiskUse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures what branches take of the disk, one after the other and each not too often: it means a
 * look at each of their files.
 */
final class BranchSizes implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BranchSizes.class);
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final Duration FRESH = Duration.ofMinutes(5);

  /** So many times as long as a branch took, nothing is measured. */
  private static final int REST = 9;

  private final Branches branches;
  private final Glances glances;
  private final InstantSource clock;
  private final Map<BranchId, Long> measuredAt = new HashMap<>(); // the thread's own
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Sweeper turns;

  BranchSizes(Branches branches, Glances glances, InstantSource clock) {
    this.branches = branches;
    this.glances = glances;
    this.clock = clock;
    this.turns = new Sweeper("measurer", PERIOD, this::turn);
  }

  private void turn() {
    List<Branch> all = branches.list();
    var kept =
        Stream.concat(all.stream(), branches.deleted().stream())
            .map(Branch::id)
            .collect(Collectors.toSet());
    glances.keepOnly(kept);
    measuredAt.keySet().retainAll(kept);
    try {
      for (Branch branch : all) {
        if (isDue(branch.id()) && !rests(measure(branch))) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isDue(BranchId branch) {
    Long last = measuredAt.get(branch);
    return last == null || System.nanoTime() - last >= FRESH.toNanos();
  }

  /** How long it took, also in vain. */
  private Duration measure(Branch branch) {
    long began = System.nanoTime();
    Optional<DiskUse> use = Optional.empty();
    try {
      use = branches.diskUse(branch.id());
    } catch (RuntimeException e) {
      LOG.debug("Branch {} could not be measured", branch.name(), e);
    }
    glances.measured(branch.id(), use, clock.instant());
    measuredAt.put(branch.id(), System.nanoTime());
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** False when it is to end. */
  private boolean rests(Duration after) throws InterruptedException {
    return !closed.await(after.multipliedBy(REST).toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets the branch under way be measured. */
  @Override
  public void close() {
    closed.countDown();
    turns.close();
  }
}
