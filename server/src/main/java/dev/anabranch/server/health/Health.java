package dev.anabranch.server.health;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Looks at every part, each on a thread of its own, so that one that hangs keeps no other from
 * being looked at. Who asks never waits.
 */
public final class Health implements AutoCloseable {

  private static final Duration PERIOD = Duration.ofSeconds(3);
  private static final int MOST_PARTS = 8;

  private final InstantSource clock;
  private final Map<String, PartProbe> probes = new LinkedHashMap<>();
  private final List<ScheduledFuture<?>> turns = new ArrayList<>();
  private final ScheduledExecutorService executor =
      Executors.newScheduledThreadPool(
          MOST_PARTS, Thread.ofPlatform().daemon().name("health ", 1).factory());

  public Health(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Before {@link #start}: a part to look at.
   *
   * @param grace for so long it may fail before it counts
   * @param patience a look that takes longer has failed
   * @param look says what is wrong, if anything
   */
  public void add(String part, Duration grace, Duration patience, Callable<Optional<String>> look) {
    probes.put(part, new PartProbe(part, grace, patience, look, clock));
  }

  public void start() {
    for (PartProbe probe : probes.values()) {
      turns.add(
          executor.scheduleWithFixedDelay(probe::run, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  public Readiness readiness() {
    return Readiness.of(probes.values().stream().map(PartProbe::health).toList());
  }

  /** How one part is doing. */
  public PartHealth of(String part) {
    return probe(part).health();
  }

  /** Whether a part answered when it was looked at last, however short its trouble. */
  public boolean answers(String part) {
    return probe(part).answers();
  }

  private PartProbe probe(String part) {
    PartProbe probe = probes.get(part);
    if (probe == null) {
      throw new IllegalArgumentException("nobody looks at " + part);
    }
    return probe;
  }

  /** The names of all parts. */
  public Iterable<String> parts() {
    return probes.keySet();
  }

  /** Lets nobody wait for a look that hangs. */
  @Override
  public void close() {
    turns.forEach(turn -> turn.cancel(true));
    executor.shutdownNow();
  }
}
