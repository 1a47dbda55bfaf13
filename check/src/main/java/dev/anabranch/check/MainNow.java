package dev.anabranch.check;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.LogEnd;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.world.World.Present;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** What main is, as the feed and the mirror have it, once they have what it had when asked. */
record MainNow(CheckContext context, Lsn forkLsn, Kept kept, RunningChecks.Run run) {

  /** For how long the feed and the mirror may be behind main, when nobody says otherwise. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  /** For how long a check waits before it looks whether anybody still waits for it. */
  private static final Duration STEP = Duration.ofSeconds(1);

  private record Read(Delta delta, SchemaSnapshot schema) implements Present {}

  /** Main's changes and definitions, once all that it has committed by now is known here. */
  Present look() {
    feedWait().until(flushed(), run::step);
    return read();
  }

  /** Main's changes and definitions as they are known here. */
  Present read() {
    Delta delta = kept.fork(forkLsn).delta(context.feed());
    awaitMirror(delta.asOf());
    SchemaSnapshot schema = context.mirror().read(connection -> schema(connection, delta.asOf()));
    return new Read(delta, schema);
  }

  /** Returns when feed and mirror have all that main has committed by now. */
  void awaitAll() {
    Lsn flushed = flushed();
    feedWait().until(flushed, run::step);
    awaitMirror(flushed);
  }

  private FeedWait feedWait() {
    return new FeedWait(context.feed(), run.feedPatience());
  }

  void awaitMirror(Lsn position) {
    Duration waited = Duration.ZERO;
    while (!context.mirror().awaitReplay(position, STEP)) {
      run.step();
      waited = waited.plus(STEP);
      if (waited.compareTo(PATIENCE) >= 0) {
        throw new AnabranchException(
            ErrorCode.CHECK_FAILED, "the mirror has not reached " + position);
      }
    }
  }

  private SchemaSnapshot schema(Connection connection, Lsn asOf) {
    try {
      return kept.ofMain().read(connection, asOf);
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.POSTGRES_FAILED, e, "reading main's definitions", Analyst.firstLine(e));
    }
  }

  private Lsn flushed() {
    try (Connection connection = context.mirror().main().connect()) {
      return LogEnd.flushedOnMain(connection);
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, Analyst.firstLine(e));
    }
  }
}
