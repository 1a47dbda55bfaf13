package dev.anabranch.branch.pool;

import dev.anabranch.branch.golden.GoldenImage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What waits, who waits, and what is to be done next. Guarded by the pool's lock; it reads no clock
 * and does nothing slow.
 *
 * <p>The order of work: callers first, in the order in which they came; then what nobody will want
 * is removed; then hot spares, cold ones, and a newer image. All but the callers' work yields while
 * leases come in. Once they have come in without a pause for a while, it yields only as long as the
 * hot shelf is above its low-water mark.
 */
final class PoolState {

  /**
   * For so long after a lease its holder logs in, and others come: refilling keeps out of the way.
   */
  private static final long YIELD_NANOS = Duration.ofSeconds(1).toNanos();

  private static final List<Boolean> KINDS = List.of(false, true);

  private final PoolSettings settings;
  private final List<WarmBranch> hot = new ArrayList<>();
  private final List<WarmBranch> cold = new ArrayList<>();
  private final ArrayDeque<Ticket> waiting = new ArrayDeque<>();
  private final List<Job> underWay = new ArrayList<>();
  private Optional<GoldenImage> newest = Optional.empty();
  private long refreshedNanos;
  private Optional<Long> leasedNanos = Optional.empty();
  private long busySinceNanos;
  private Optional<Long> pausedUntilNanos = Optional.empty();

  PoolState(PoolSettings settings) {
    this.settings = settings;
  }

  void putHot(WarmBranch spare) {
    hot.add(spare);
  }

  void putCold(WarmBranch spare) {
    cold.add(spare);
  }

  /** The image that new spares are made of. */
  void refreshed(GoldenImage image, long nowNanos) {
    newest = Optional.of(image);
    refreshedNanos = nowNanos;
  }

  /** A hot spare whose image suits, the newest image's first. */
  Optional<WarmBranch> take(Predicate<GoldenImage> suits, boolean ephemeral, long nowNanos) {
    busySinceNanos = isQuiet(nowNanos) ? nowNanos : busySinceNanos;
    leasedNanos = Optional.of(nowNanos);
    Optional<WarmBranch> best = Optional.empty();
    for (WarmBranch spare : hot) {
      if (spare.ephemeral() == ephemeral
          && suits.test(spare.image())
          && (best.isEmpty() || spare.image().forkLsn().isAfter(best.get().image().forkLsn()))) {
        best = Optional.of(spare);
      }
    }
    best.ifPresent(hot::remove);
    return best;
  }

  void queue(Ticket ticket) {
    waiting.add(ticket);
  }

  /** The caller gave up or was served. */
  void leave(Ticket ticket) {
    waiting.remove(ticket);
  }

  /** How many wait up to this one, itself counted. */
  int place(Ticket ticket) {
    int place = 1;
    for (Ticket other : waiting) {
      if (other == ticket) {
        break;
      }
      place++;
    }
    return place;
  }

  int callers() {
    return waiting.size();
  }

  List<Ticket> everybody() {
    return List.copyOf(waiting);
  }

  /** The first caller in line whom a running spare serves. */
  Optional<Ticket> takerOf(WarmBranch spare) {
    return waiting.stream().filter(ticket -> ticket.takes(spare)).findFirst();
  }

  int hot(boolean ephemeral) {
    return (int) hot.stream().filter(spare -> spare.ephemeral() == ephemeral).count();
  }

  int cold() {
    return cold.size();
  }

  /** After a failure, nothing is made ahead of time for a while. */
  void pauseUntil(long nanos) {
    pausedUntilNanos = Optional.of(nanos);
  }

  /** A job of {@link #next} has ended, one way or another. */
  void done(Job job) {
    underWay.remove(job);
  }

  /** What to do now, if anything; noted as under way. */
  Optional<Job> next(Predicate<GoldenImage> fresh, long nowNanos) {
    Optional<Job> job =
        serve()
            .or(() -> drop(fresh))
            .or(() -> yields(nowNanos) ? Optional.empty() : stock(nowNanos));
    job.ifPresent(underWay::add);
    return job;
  }

  private Optional<Job> serve() {
    for (Ticket ticket : waiting) {
      if (!ticket.isInHand()) {
        ticket.takeInHand();
        return Optional.of(new Job.Serve(ticket, takeCold(ticket.image())));
      }
    }
    return Optional.empty();
  }

  private Optional<WarmBranch> takeCold(GoldenImage image) {
    Optional<WarmBranch> clone =
        cold.stream().filter(spare -> spare.image().id() == image.id()).findFirst();
    clone.ifPresent(cold::remove);
    return clone;
  }

  /** Spares of images that are too old, and more spares than are wanted. */
  private Optional<Job> drop(Predicate<GoldenImage> fresh) {
    Predicate<WarmBranch> stale = spare -> !isNewest(spare.image()) && !fresh.test(spare.image());
    return dropFirst(hot, stale)
        .or(() -> dropFirst(cold, stale))
        .or(() -> dropFirst(hot, spare -> hot(spare.ephemeral()) > settings.hot(spare.ephemeral())))
        .or(() -> dropFirst(cold, _ -> cold.size() > settings.cold() + missingHot()));
  }

  private boolean isNewest(GoldenImage image) {
    return newest.isEmpty() || newest.get().id() == image.id();
  }

  private static Optional<Job> dropFirst(List<WarmBranch> shelf, Predicate<WarmBranch> unwanted) {
    for (Iterator<WarmBranch> spares = shelf.iterator(); spares.hasNext(); ) {
      WarmBranch spare = spares.next();
      if (unwanted.test(spare)) {
        spares.remove();
        return Optional.of(new Job.Drop(spare));
      }
    }
    return Optional.empty();
  }

  private boolean yields(long nowNanos) {
    if (pausedUntilNanos.isPresent() && nowNanos - pausedUntilNanos.get() < 0) {
      return true;
    }
    boolean held = nowNanos - busySinceNanos <= YIELD_NANOS;
    return !isQuiet(nowNanos) && (held || !isLow());
  }

  private boolean isQuiet(long nowNanos) {
    return leasedNanos.isEmpty() || nowNanos - leasedNanos.get() > YIELD_NANOS;
  }

  private boolean isLow() {
    return KINDS.stream()
        .anyMatch(kind -> hot(kind) < Math.min(settings.lowWater(), settings.hot(kind)));
  }

  private Optional<Job> stock(long nowNanos) {
    if (!settings.stocks()) {
      return Optional.empty();
    }
    if (newest.isEmpty()) {
      return refresh();
    }
    return heat().or(this::copy).or(() -> isDue(nowNanos) ? refresh() : Optional.empty());
  }

  private Optional<Job> heat() {
    for (boolean kind : KINDS) {
      if (!cold.isEmpty() && hot(kind) + heating(kind) < settings.hot(kind)) {
        return Optional.of(new Job.Heat(cold.removeFirst(), kind));
      }
    }
    return Optional.empty();
  }

  private Optional<Job> copy() {
    long copying = underWay.stream().filter(job -> job instanceof Job.Copy).count();
    return cold.size() + copying < settings.cold() + missingHot()
        ? newest.map(Job.Copy::new)
        : Optional.empty();
  }

  private int missingHot() {
    int missing = 0;
    for (boolean kind : KINDS) {
      missing += Math.max(0, settings.hot(kind) - hot(kind) - heating(kind));
    }
    return missing;
  }

  private int heating(boolean kind) {
    return (int)
        underWay.stream()
            .filter(job -> job instanceof Job.Heat heat && heat.ephemeral() == kind)
            .count();
  }

  private boolean isDue(long nowNanos) {
    return nowNanos - refreshedNanos > settings.refresh().toNanos();
  }

  private Optional<Job> refresh() {
    return underWay.stream().anyMatch(job -> job instanceof Job.Refresh)
        ? Optional.empty()
        : Optional.of(new Job.Refresh());
  }
}
