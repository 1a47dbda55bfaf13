package dev.anabranch.server.health;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at one part again and again, and remembers since when it is as it is. Only one thread
 * looks; anybody may ask, and is answered at once.
 */
final class PartProbe {

  private static final Logger LOG = LoggerFactory.getLogger(PartProbe.class);

  private final String part;
  private final Duration grace;
  private final Duration patience;
  private final Callable<Optional<String>> look;
  private final InstantSource clock;
  private volatile Seen seen; // written by the thread that looks
  private volatile Instant lookingSince;
  private boolean told; // of the thread that looks

  /**
   * What the last look found.
   *
   * @param why what is wrong, if anything
   */
  private record Seen(Optional<String> why, Instant since) {}

  /**
   * @param grace for so long it may fail before it counts: a mirror stops for each cut
   * @param patience a look that takes longer has found that nothing answers
   * @param look says what is wrong, if anything
   */
  PartProbe(
      String part,
      Duration grace,
      Duration patience,
      Callable<Optional<String>> look,
      InstantSource clock) {
    this.part = part;
    this.grace = grace;
    this.patience = patience;
    this.look = look;
    this.clock = clock;
    this.seen = new Seen(Optional.empty(), clock.instant());
    this.lookingSince = Instant.MAX;
  }

  /** Logs when it changes, and only then. */
  void run() {
    lookingSince = clock.instant();
    Optional<String> why;
    try {
      why = look.call();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends
      return;
    } catch (Exception e) {
      why = Optional.of(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    Seen before = seen;
    if (why.isPresent() != before.why().isPresent()) {
      seen = new Seen(why, lookingSince);
    } else {
      seen = new Seen(why, before.since());
    }
    lookingSince = Instant.MAX;
    tell();
  }

  private void tell() {
    PartHealth now = health();
    if (now.ready() && told) {
      LOG.info("Ready again: {}", part);
    } else if (!now.ready() && !told) {
      LOG.warn("Not ready: {}: {}", part, now.why());
    }
    told = !now.ready();
  }

  /** Whether it answered when it was looked at last; no grace is given. */
  boolean answers() {
    return seen.why().isEmpty() && !isOverdue(clock.instant());
  }

  private boolean isOverdue(Instant now) {
    return lookingSince.isBefore(now.minus(patience));
  }

  PartHealth health() {
    Instant now = clock.instant();
    Seen last = seen;
    Instant begun = lookingSince;
    if (last.why().isPresent() && !last.since().isAfter(now.minus(grace))) {
      return new PartHealth(part, false, last.since(), last.why().get());
    }
    if (last.why().isEmpty() && isOverdue(now)) {
      return new PartHealth(part, false, begun, "it has not answered since then");
    }
    return new PartHealth(part, true, last.since(), null);
  }
}
