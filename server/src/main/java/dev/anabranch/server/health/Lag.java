package dev.anabranch.server.health;

import dev.anabranch.base.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How far a reader of main's WAL is behind, in bytes and in time. The time is that since main was
 * where the reader is now, as far as it was looked: with a main that writes nothing it is 0 and
 * does not grow.
 *
 * <p>Who is not connected is never said to be up to date: what main has written since is not known.
 */
public final class Lag {

  private static final int MOST_SAMPLES = 2_000;

  private final InstantSource clock;
  // Both are guarded by this.
  private final Deque<Sample> main = new ArrayDeque<>();
  private Instant upToDateAt;

  private record Sample(Instant at, Lsn position) {}

  public Lag(InstantSource clock) {
    this.clock = clock;
    this.upToDateAt = clock.instant();
  }

  /** Main was here, and the reader there, at this moment. */
  public synchronized void saw(Lsn mainPosition, Lsn reader) {
    Instant now = clock.instant();
    main.addLast(new Sample(now, mainPosition));
    while (!main.isEmpty() && main.getFirst().position().value() <= reader.value()) {
      upToDateAt = main.removeFirst().at();
    }
    if (main.size() > MOST_SAMPLES) {
      main.removeLast(); // the oldest ones say for how long
    }
  }

  /**
   * Bytes of main's WAL that the reader has not got; NaN when nobody knows.
   *
   * @param connected whether main and the reader can be asked, and one reads from the other
   */
  public synchronized double bytes(Lsn mainPosition, Lsn reader, boolean connected) {
    long behind = Math.max(0, mainPosition.value() - reader.value());
    return connected || behind > 0 ? behind : Double.NaN;
  }

  /**
   * For how many seconds it has not got what main had written.
   *
   * @param connected as for {@link #bytes}
   */
  public synchronized double seconds(boolean connected) {
    if (connected && main.isEmpty()) {
      return 0;
    }
    Instant since = main.isEmpty() ? upToDateAt : main.getFirst().at();
    return Math.max(
        connected ? 0 : 0.001, Duration.between(since, clock.instant()).toMillis() / 1000.0);
  }
}
