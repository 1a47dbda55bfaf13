package dev.anabranch.promote.fence;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.schema.Definitions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks what the landing units' answers read against main's writers, so that no write can slip
 * between the check and the commit. It is closed last, when all rows are written and only the
 * commit is left: main's writers to those tables wait for the feed to be read, and for one commit.
 * Readers of main are never in its way.
 *
 * <p>SHARE is the weakest lock that keeps writers out. A lock that is not to be had at once is
 * given up, because writers queue behind whoever waits for it, and tried again a little later.
 *
 * @param read the tables that the answers read
 * @param answers their ids
 * @param definitions main's, as they were marked before the check ({@link Definitions#mark})
 * @param recheck looks at main's changes up to a position
 * @param patience how long main's writers may be kept waiting while the feed is read
 */
public record Fence(
    Set<TableId> read,
    Set<Long> answers,
    Optional<String> definitions,
    Look recheck,
    Duration patience) {

  private static final Logger LOG = LoggerFactory.getLogger(Fence.class);

  private static final Duration FIRST_PATIENCE = Duration.ofMinutes(1);

  /** Meanwhile the rows that are written are locked on main, as they were while it wrote them. */
  private static final Duration CATCH_UP_PATIENCE = Duration.ofSeconds(20);

  /** How long main's writers may wait while the feed is read. */
  private static final Duration READ_PATIENCE = Duration.ofMillis(250);

  private static final Duration STRICT_READ_PATIENCE = Duration.ofSeconds(2);

  private static final int TRIES = 4;
  private static final Duration LOCK_PATIENCE = Duration.ofMillis(50);

  /** Main ends the transaction of a server of ours that stopped while it held the locks. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private static final Duration BACK_OFF = Duration.ofMillis(20);
  private static final Set<String> NOT_TO_BE_HAD = Set.of("55P03", "40P01", "42501", "55000");

  /** Which answers main has changed something for, up to a position. */
  @FunctionalInterface
  public interface Look {
    /**
     * @throws dev.anabranch.base.AnabranchException when the feed does not get there in time
     */
    Set<Long> upTo(Lsn position, Duration patience);
  }

  /** How closing it ended. */
  public sealed interface Closing {
    /** Until the commit nobody writes what was read, and nobody has. */
    record Closed() implements Closing {}

    /** Main has changed what these answers read. */
    record InDoubt(Set<Long> answers) implements Closing {}

    /** Main defines something otherwise than at the check. */
    record Redefined() implements Closing {}

    /** It could not be closed. */
    record Open(String why) implements Closing {}
  }

  /** How long main's writers may wait, by whether a promotion insists on the fence. */
  public static Duration patience(boolean strict) {
    return strict ? STRICT_READ_PATIENCE : READ_PATIENCE;
  }

  public Fence {
    read = Set.copyOf(read);
    answers = Set.copyOf(answers);
  }

  /**
   * Looks at the window so far, before anything is written or locked: what other promotions have
   * committed is in it, since they write one after another. Afterwards the promotion's own rows
   * hide what main did to them; what main does to them after the plan makes the promotion start
   * again. It also brings the feed up to date, so that the fence is closed for the last moments
   * only.
   *
   * @return the answers in doubt
   */
  public Set<Long> changedSoFar(LogTip tip) throws SQLException {
    return recheck.upTo(tip.position(), FIRST_PATIENCE);
  }

  /**
   * Locks, then looks at everything that was committed before the locks were held. Where it stays
   * open, no lock is left, and what was committed so far has been looked at if the feed allows.
   */
  public Closing close(Connection connection, LogTip tip) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      Closing early = catchUp(connection, tip);
      if (!(early instanceof Closing.Closed)) {
        return early;
      }
      lock(connection);
      return look(connection, tip, patience);
    } catch (FeedBehind e) {
      connection.rollback(before);
      return new Closing.Open(String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      if (!NOT_TO_BE_HAD.contains(String.valueOf(e.getSQLState()))) {
        throw e;
      }
      connection.rollback(before);
      return open(connection, tip, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Before the feed tells what others committed it has to read what this transaction wrote, which
   * takes seconds for a million rows: those are waited for before main's writers have to wait.
   */
  private Closing catchUp(Connection connection, LogTip tip) throws SQLException, FeedBehind {
    return answers.isEmpty() ? new Closing.Closed() : look(connection, tip, CATCH_UP_PATIENCE);
  }

  private void lock(Connection connection) throws SQLException {
    List<String> locks = locks(connection, read);
    if (locks.isEmpty()) {
      return;
    }
    String lock = String.join("; ", locks);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = " + LOCK_PATIENCE.toMillis());
      statement.execute("SET LOCAL idle_in_transaction_session_timeout = " + LIMIT.toMillis());
      for (int attempt = 1; ; attempt++) {
        Savepoint before = connection.setSavepoint();
        try {
          statement.execute(lock);
          return;
        } catch (SQLException e) {
          if (attempt == TRIES || !"55P03".equals(e.getSQLState())) {
            throw e;
          }
          connection.rollback(before);
          LockSupport.parkNanos(BACK_OFF.multipliedBy(attempt).toNanos());
        }
      }
    }
  }

  /** What main has changed is seen without the locks, too; not what it changes from here on. */
  private Closing open(Connection connection, LogTip tip, String why) throws SQLException {
    try {
      Closing seen = look(connection, tip, patience.multipliedBy(4));
      return seen instanceof Closing.Closed ? new Closing.Open(why) : seen;
    } catch (FeedBehind e) {
      LOG.debug("the feed is behind: {}", e.getMessage());
      return new Closing.Open(why);
    }
  }

  private Closing look(Connection connection, LogTip tip, Duration time)
      throws SQLException, FeedBehind {
    Lsn here = tip.position();
    Set<Long> inDoubt;
    try {
      inDoubt = recheck.upTo(here, time);
    } catch (RuntimeException e) {
      throw new FeedBehind(String.valueOf(e.getMessage()));
    }
    if (!inDoubt.isEmpty()) {
      return new Closing.InDoubt(inDoubt);
    }
    return isDefinedOtherwise(connection) ? new Closing.Redefined() : new Closing.Closed();
  }

  /**
   * The feed tells of rows alone. Whether a function, a view, a policy or another table's place
   * among the partitions has changed since the check began, the catalogs tell.
   */
  private boolean isDefinedOtherwise(Connection connection) throws SQLException {
    return !answers.isEmpty()
        && definitions.isPresent()
        && !definitions.get().equals(Definitions.mark(connection));
  }

  /** What main changed could not be looked at. */
  private static final class FeedBehind extends Exception {
    private static final long serialVersionUID = 1L;

    FeedBehind(String message) {
      super(message);
    }
  }

  /** A materialised view can't be locked by its name alone; looking into it keeps refreshes out. */
  private static List<String> locks(Connection connection, Set<TableId> tables)
      throws SQLException {
    List<String> locks = new ArrayList<>();
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT format('%I.%I', n.nspname, c.relname), c.relkind = 'm' FROM pg_class c JOIN"
                + " pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY (?::int8[]::oid[])"
                + " AND c.relkind IN ('r', 'p', 'm') ORDER BY c.oid")) {
      statement.setArray(
          1, connection.createArrayOf("int8", tables.stream().map(TableId::oid).toArray()));
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          if (result.getBoolean(2)) {
            locks.add("SELECT FROM " + result.getString(1) + " LIMIT 0");
          } else {
            names.add(result.getString(1));
          }
        }
      }
    }
    if (!names.isEmpty()) {
      locks.add("LOCK TABLE ONLY " + String.join(", ONLY ", names) + " IN SHARE MODE");
    }
    return locks;
  }
}
