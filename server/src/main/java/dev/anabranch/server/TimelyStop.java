package dev.anabranch.server;

import dev.anabranch.cluster.Postmasters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the server in time when the process is told to end, whatever is under way. Parts are closed
 * in order, each as it likes to be; what is not closed by then is let go of as a crash would, which
 * loses nothing: the next start goes on from there.
 *
 * @param anabranch what is to end
 * @param data where its Postgres servers lie
 * @param patience for how long it may close its parts
 */
record TimelyStop(Anabranch anabranch, Path data, Duration patience) implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(TimelyStop.class);

  /** For closing what has nothing to wait for, beside what transactions are given to end. */
  private static final Duration CLOSING = Duration.ofSeconds(4);

  /** Who starts the server again at once finds none of them half ended. */
  private static final Duration DROPPING = Duration.ofMillis(700);

  /** As the system reports a process that SIGTERM has ended. */
  private static final int TERMINATED = 143;

  /**
   * @param drain for how long transactions under way may go on
   */
  static TimelyStop of(Anabranch anabranch, Path data, Duration drain) {
    return new TimelyStop(anabranch, data, drain.plus(CLOSING));
  }

  @Override
  public void run() {
    Thread closing = Thread.ofPlatform().name("closing").daemon().start(anabranch::close);
    try {
      if (closing.join(patience)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<Path> dropped = Postmasters.endAllBelow(data, DROPPING);
    LOG.warn(
        "Closing {} took too long: it was let go of, and {} Postgres servers were ended at once."
            + " Nothing is lost; the next start takes a little longer",
        anabranch.closing(),
        dropped.size());
    Runtime.getRuntime().halt(TERMINATED);
  }
}
