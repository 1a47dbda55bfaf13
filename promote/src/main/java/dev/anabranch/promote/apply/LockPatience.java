package dev.anabranch.promote.apply;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * For how long a promotion that leaves behind what is locked waits for all of it together, since
 * main's writers wait as long for what it has written already.
 */
final class LockPatience {

  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration NEXT = Duration.ofMillis(10);
  private static final Duration LEAST = Duration.ofMillis(1);

  /** So much is waited before each wait is the least. */
  private static final Duration LONG = Duration.ofMillis(500);

  private static final Duration ALL = Duration.ofMillis(800);

  private final Connection connection;
  private Duration each = FIRST;
  private Duration inVain = Duration.ZERO;

  private LockPatience(Connection connection) {
    this.connection = connection;
  }

  /** Begins to wait in a transaction. */
  static LockPatience begin(Connection connection) throws SQLException {
    MainSession.waitForLocks(connection, FIRST);
    return new LockPatience(connection);
  }

  /** Something was waited for in vain, and what that had begun was rolled back. */
  void wasInVain() throws SQLException {
    inVain = inVain.plus(each);
    each = inVain.compareTo(LONG) < 0 ? NEXT : LEAST;
    MainSession.waitForLocks(connection, each);
  }

  /** Whether main's writers have waited long enough. */
  boolean isOver() {
    return inVain.compareTo(ALL) >= 0;
  }
}
