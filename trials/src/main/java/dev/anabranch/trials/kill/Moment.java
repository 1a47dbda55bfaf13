package dev.anabranch.trials.kill;

import java.time.Duration;

/** What is going on when the victim dies, and within how long of its beginning that is. */
public enum Moment {
  CREATE(Duration.ofSeconds(3)),
  CAPTURE(Duration.ofMillis(800)),
  FEED(Duration.ofMillis(800)),
  CHECK(Duration.ofMillis(2500)),
  PROMOTE(Duration.ofSeconds(5)),
  /** It is put to sleep, woken, deleted and brought back, again and again. */
  LIFE(Duration.ofMillis(2500)),
  /** It writes, and is restored to what it was before that, again and again. */
  RESTORE(Duration.ofSeconds(4)),
  /** It writes, and is looked at as it was before that, again and again. */
  VIEW(Duration.ofSeconds(5));

  private final Duration longestDelay;

  Moment(Duration longestDelay) {
    this.longestDelay = longestDelay;
  }

  /** The kill comes at a random time before this. */
  public Duration longestDelay() {
    return longestDelay;
  }
}
