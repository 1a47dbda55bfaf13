package dev.anabranch.server.watch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.Branch;
import dev.anabranch.check.Caller;
import dev.anabranch.ledger.ControlOutage;
import dev.anabranch.predicate.CheckReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One branch being watched, on a thread of its own: checked when main or the branch has moved, or
 * when the clock alone can have made an answer another, once for all who listen, and each is told
 * what is different.
 *
 * <p>A check wakes a branch that sleeps. One that was put to sleep is looked at only when main has
 * moved, and once a minute at most, until somebody uses it again: else a watch would keep it awake.
 */
final class Watch {

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  /** Between two checks, and two looks whether one is due. */
  private static final Duration PACE = Duration.ofMillis(200);

  /** Between two checks of a branch that was put to sleep. */
  private static final Duration SLEEPERS_PACE = Duration.ofMinutes(1);

  /** The same where nobody listens but those who do for good. */
  private static final Duration PATIENT_PACE = Duration.ofSeconds(5);

  private static final Duration PATIENT_SLEEPERS_PACE = Duration.ofMinutes(15);

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

  /** Between two looks whether the branch, and those who listen, are still there. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Watched watched;
  private final InstantSource clock;
  private final Consumer<Watch> ending;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);

  // All below are the thread's own.
  private Branch branch;
  private boolean sleeper;
  private Optional<CheckReport> latest = Optional.empty();
  private NextLook nextLook = NextLook.NONE;
  private long asked;
  private int failures;
  private long checkedAt = System.nanoTime() - PATIENT_PACE.toNanos();
  private long lookedAt = System.nanoTime();

  /**
   * @param clock tells when an answer turns
   * @param ending called when the branch's life is over
   */
  Watch(Branch branch, Watched watched, InstantSource clock, Consumer<Watch> ending) {
    this.branch = branch;
    this.sleeper = branch.state() == Branch.State.SUSPENDED;
    this.watched = watched;
    this.clock = clock;
    this.ending = ending;
  }

  void start() {
    Thread.ofPlatform().daemon().name("watch of " + branch.name()).start(this::run);
  }

  void add(Listener listener) {
    listeners.add(listener);
  }

  boolean remove(Listener listener) {
    return listeners.remove(listener);
  }

  boolean isUnheard() {
    return listeners.isEmpty();
  }

  /** Lets its thread end. */
  void stop() {
    stopped.countDown();
  }

  void closeListeners() {
    listeners.forEach(Listener::close);
  }

  private void run() {
    try {
      while (!stopped.await(PACE.toMillis(), TimeUnit.MILLISECONDS)) {
        turn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void turn() {
    try {
      if (since(lookedAt).compareTo(isHurried() ? LOOK : PATIENT_PACE) >= 0) {
        listeners.stream().filter(listener -> !listener.isThere()).forEach(Listener::close);
        look();
      }
      if (isDue()) {
        check();
      }
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  /** Whether the branch is still there, and asleep. */
  private void look() {
    lookedAt = System.nanoTime();
    Optional<Branch> now = watched.find(branch.id());
    if (now.isEmpty()) {
      end();
      return;
    }
    branch = now.get();
    if (branch.state() == Branch.State.SUSPENDED) {
      sleeper = true;
    } else if (watched.isUsed(branch.id())) {
      sleeper = false;
    }
  }

  private void end() {
    News.Ended ended =
        new News.Ended(
            watched.isTaken(branch.name())
                ? "the branch was set back, and what it was is gone"
                : "the branch was deleted");
    listeners.forEach(listener -> listener.tell(ended));
    ending.accept(this);
    stop();
  }

  private boolean isDue() {
    Duration pace = isHurried() ? PACE : PATIENT_PACE;
    if (since(checkedAt).compareTo(failures > 0 ? longer(AFTER_FAILURE, pace) : pace) < 0
        || isAsleep()
        || !(listeners.stream().anyMatch(Listener::knowsNothing)
            || latest.isEmpty()
            || hasMoved(latest.get())
            || nextLook.isDue(clock.instant(), sleeper))) {
      return false;
    }
    look();
    return !isStopped() && !isAsleep();
  }

  /** Whether a check would wake it, and it is too soon for that. */
  private boolean isAsleep() {
    return sleeper
        && listeners.stream().noneMatch(one -> one.knowsNothing() && !one.isPatient())
        && since(checkedAt).compareTo(isHurried() ? SLEEPERS_PACE : PATIENT_SLEEPERS_PACE) < 0;
  }

  private boolean isHurried() {
    return listeners.stream().anyMatch(listener -> !listener.isPatient());
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private boolean hasMoved(CheckReport report) {
    Lsn main = watched.main();
    return main.isAfter(report.asOf()) || watched.asked(branch.id()) != asked;
  }

  private void check() {
    long askedBefore = watched.asked(branch.id());
    long began = System.nanoTime();
    CheckReport report =
        ScopedValue.where(Caller.CURRENT, this::isHeard).call(() -> watched.check(branch));
    asked = askedBefore;
    checkedAt = System.nanoTime();
    nextLook = NextLook.after(report, clock.instant(), Duration.ofNanos(checkedAt - began));
    failures = 0;
    Optional<CheckReport> before = latest;
    latest = Optional.of(report);
    before
        .map(earlier -> Flips.between(earlier, report))
        .orElse(Optional.of(List.of()))
        .map(flips -> new News.Flips(flips, report.asOf(), report.counts()))
        .ifPresentOrElse(
            flips -> listeners.forEach(listener -> listener.tell(flips, report)),
            () -> listeners.forEach(listener -> listener.tell(new News.Whole(report))));
  }

  private boolean isHeard() {
    return listeners.stream().anyMatch(Listener::isThere);
  }

  /** A branch that was put to sleep under a check's hands is no news. */
  private void failed(RuntimeException failure) {
    checkedAt = System.nanoTime();
    failures++;
    AnabranchException numbered = ControlOutage.numbered(failure);
    if (numbered.code() == ErrorCode.INTERNAL) {
      LOG.error("Watching branch {} failed", branch.name(), failure);
    }
    if (failures > 1) {
      listeners.forEach(listener -> listener.tell(new News.Failed(numbered)));
    }
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }
}
