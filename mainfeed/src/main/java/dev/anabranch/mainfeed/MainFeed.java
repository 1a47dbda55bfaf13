package dev.anabranch.mainfeed;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import java.time.Duration;
import java.util.Optional;

/** The stream of main's committed changes, kept as the newest image of each changed key. */
public interface MainFeed {

  /** Everything committed at or below it is in the store. */
  Lsn applied();

  /**
   * Waits until {@link #applied()} reaches a position.
   *
   * @return the applied position, at or above the one asked for
   * @throws dev.anabranch.base.AnabranchException CHECK_FAILED when it does not get there in time
   */
  Lsn await(Lsn position, Duration patience);

  /**
   * The changes after a fork point, as of {@link #applied()}. Consistent: one snapshot of the
   * store.
   */
  Delta deltaSince(Lsn forkLsn);

  /**
   * The same, where an earlier delta of the same fork point is at hand: only rows that have changed
   * since are read.
   */
  Delta deltaSince(Lsn forkLsn, Delta earlier);

  /**
   * What {@link #deltaSince(Lsn)} returns, told row by row for where it is too much to be held.
   *
   * @param told first the delta with no rows in it, then each row, tables one after the other, in
   *     the order of their newest changes
   */
  void tellSince(Lsn forkLsn, Told told);

  /** Hears of a delta. */
  interface Told {

    /** The tables; those that can be told by rows have none in it. */
    void begin(Delta withoutRows);

    void row(TableId table, NewestRow row);
  }

  /**
   * Stops the store at {@link #applied()} until the hold is closed, so that a delta can be read
   * exactly as of a position that is only known later. Main's WAL is retained meanwhile: keep it
   * short.
   */
  Hold hold();

  /**
   * Where a promotion committed on main: the end of the commit that carried the transactional
   * message with prefix {@code anabranch} and content {@code promotion:<id>}. Empty means that no
   * such commit is at or below {@link #applied()}.
   */
  Optional<Lsn> marker(String promotionId);

  /** Forgets images that no fork point at or above this one needs. */
  void forget(Lsn oldestForkLsn);

  /** A store held still. */
  interface Hold extends AutoCloseable {

    /**
     * Lets the store go on to exactly this position (at or above the one it was held at) and stops
     * it there again.
     */
    void advanceTo(Lsn position, Duration patience);

    @Override
    void close();
  }
}
