package dev.anabranch.bench.measure;

import dev.anabranch.base.Lsn;
import dev.anabranch.cluster.Poll;
import java.sql.SQLException;
import java.time.Duration;

/** How far the server has stored what happened on main. */
public final class FeedPosition {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private FeedPosition() {}

  /**
   * Returns when all that main has written up to now is stored.
   *
   * @return that moment, as {@link System#nanoTime}
   */
  public static long awaitNow(Ground ground) throws SQLException {
    // A message with a commit of its own is flushed at once, and brings what was not yet.
    ground
        .main()
        .run("SET synchronous_commit = on; SELECT pg_logical_emit_message(true, 'bench', 'flush')");
    Lsn wanted = Lsn.parse(ground.main().texts("SELECT pg_current_wal_flush_lsn()").getFirst());
    if (!Poll.until(PATIENCE, () -> !stored(ground).isBefore(wanted))) {
      throw new IllegalStateException("the feed did not reach " + wanted);
    }
    return System.nanoTime();
  }

  private static Lsn stored(Ground ground) {
    return Lsn.parse(ground.product().status().path("feed").path("applied").asString());
  }
}
