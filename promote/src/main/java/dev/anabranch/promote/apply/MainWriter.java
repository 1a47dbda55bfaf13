package dev.anabranch.promote.apply;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.mainfeed.schema.Definitions;
import dev.anabranch.promote.assertion.Assertion;
import dev.anabranch.promote.assertion.AssertionRules;
import dev.anabranch.promote.assertion.Assertions;
import dev.anabranch.promote.fence.Fence;
import dev.anabranch.promote.fence.Fence.Closing;
import dev.anabranch.promote.fence.LogTip;
import dev.anabranch.promote.plan.Ground;
import dev.anabranch.promote.plan.MainRows;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Numbered;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.Rejection;
import dev.anabranch.promote.plan.RowChange;
import dev.anabranch.promote.plan.RowPlanner;
import dev.anabranch.promote.plan.SequenceUse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongFunction;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Main, as a promotion reads and writes it. Nothing else in the project writes to main. */
public final class MainWriter {

  /**
   * The prefix and the start of the content of the message that a promotion leaves in main's WAL.
   */
  public static final String MESSAGE_PREFIX = "anabranch";

  public static final String MESSAGE_START = "promotion:";

  private static final Logger LOG = LoggerFactory.getLogger(MainWriter.class);

  private static final Set<String> TRANSIENT = Set.of("40001", "40P01", "57014", "25P03", "57P01");

  /** Whoever writes a promotion on main holds this advisory lock until its end. */
  private static final long PROMOTING = 5_120_766_349_001_213L;

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  /** Meanwhile what was written already is locked for main's own transactions. */
  private static final Duration LONG_WAIT = Duration.ofSeconds(1);

  private final DataSource source;

  public MainWriter(DataSource source) {
    this.source = source;
  }

  /**
   * A mark of what main's catalogs say, as {@code Definitions.mark} has it.
   *
   * @throws AnabranchException MAIN_UNREACHABLE
   */
  public String definitions() {
    try (Connection connection = source.getConnection()) {
      return Definitions.mark(connection);
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Looks whether these could be asked of main now.
   *
   * @throws AnabranchException OWN_CHECK_INVALID, OWN_CHECK_ROLE, MAIN_UNREACHABLE
   */
  public void requireAskable(AssertionRules rules, List<Assertion> assertions) {
    if (assertions.isEmpty()) {
      return;
    }
    try (Connection connection = source.getConnection()) {
      try {
        MainSession.beginReading(connection);
        AssertionRun.require(connection, rules, assertions);
      } finally {
        end(connection);
      }
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Plans over one snapshot of main.
   *
   * @param written the tables that the pending units write, and the rights that takes
   * @param atFork main's tables at the fork point
   * @param ground what else the branch stood on
   * @param sequences the sequences that the branch drew from
   * @param planner is made once main's definitions of them are known
   * @param traps rules that are off
   * @throws AnabranchException PROMOTE_REFUSED when main has locked a table, MAIN_UNREACHABLE
   */
  public Plan plan(
      Map<TableId, Set<String>> written,
      Map<TableId, TableShape> atFork,
      Ground ground,
      Collection<TableId> sequences,
      BiFunction<Map<TableId, MainTable>, List<SequenceUse>, ? extends RowPlanner> planner,
      Traps traps) {
    try (Connection connection = source.getConnection()) {
      try {
        MainSession.beginReading(connection);
        Map<TableId, MainTable> definitions =
            new GroundCheck(connection, atFork, ground, written, traps)
                .check(MainCatalog.read(connection, written.keySet()));
        RowPlanner made = planner.apply(definitions, MainCatalog.sequences(connection, sequences));
        MainRows rows = new MainRows(new HashMap<>(), new HashMap<>(), new HashMap<>());
        for (var wanted : made.rowsToRead().entrySet()) {
          MainTable table = definitions.get(wanted.getKey());
          if (table != null) {
            MainReader.read(
                connection, table, made.keyColumns(table.id()), wanted.getValue(), rows);
          }
        }
        readCopies(connection, definitions, made, rows);
        return made.plan(rows);
      } finally {
        end(connection);
      }
    } catch (SQLException e) {
      if (MainRefusal.isLocked(e)) {
        throw new AnabranchException(
            ErrorCode.PROMOTE_REFUSED, e, "of a table that it writes to, " + MainRefusal.LOCKED);
      }
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  private static void readCopies(
      Connection connection, Map<TableId, MainTable> definitions, RowPlanner made, MainRows into)
      throws SQLException {
    for (var wanted : made.contentsToRead().entrySet()) {
      MainTable table = definitions.get(wanted.getKey());
      List<Integer> compared = made.comparableColumns(wanted.getKey()).stream().sorted().toList();
      if (table != null && !compared.isEmpty()) {
        MainReader.readCopies(connection, table, compared, wanted.getValue(), into);
      }
    }
  }

  /**
   * Writes a plan in one transaction, or nothing of it.
   *
   * @param promotion the id that is left in main's WAL
   * @param fence what to lock before the commit
   * @param manner how it treats what it can't have
   * @param pool the numbers that this promotion has drawn already
   * @param searchPaths a unit's search_path, empty where it is not known
   * @param traps rules that are off
   * @param assertions what has to be true of main then
   * @param watch is told before the commit
   */
  public Attempt write(
      String promotion,
      Plan plan,
      Fence fence,
      WriteManner manner,
      NumberPool pool,
      LongFunction<String> searchPaths,
      Traps traps,
      Assertions assertions,
      CommitWatch watch) {
    try (Connection connection = source.getConnection();
        LogTip tip = LogTip.of(connection, source)) {
      KeyDraw draw = new KeyDraw(connection, pool, traps);
      Numbered numbered = Numbered.of(plan, draw.draw(plan));
      try {
        MainSession.beginWriting(connection);
        awaitOtherPromotions(connection);
        Set<Long> inDoubt = fence.changedSoFar(tip);
        if (!inDoubt.isEmpty()) {
          return new Attempt.InDoubt(inDoubt);
        }
        Optional<Attempt> early =
            writeUncommitted(
                connection,
                promotion,
                plan,
                draw,
                numbered,
                searchPaths,
                manner.leaveLocked(),
                assertions,
                watch,
                traps);
        return early.isPresent()
            ? early.get()
            : switch (fence.close(connection, tip)) {
              case Closing.Closed ignored -> commit(connection, numbered, true);
              case Closing.InDoubt(Set<Long> answers) -> new Attempt.InDoubt(answers);
              case Closing.Redefined ignored -> new Attempt.Redefined();
              case Closing.Open(String why) ->
                  manner.strict()
                      ? new Attempt.Moved("the tables that were read could not be locked: " + why)
                      : commit(connection, numbered, false);
            };
      } finally {
        end(connection);
      }
    } catch (RowStatements.MovedException e) {
      return new Attempt.Moved(String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      return failed(e);
    }
  }

  /** Nothing was written, and a new plan may succeed; else it is refused. */
  static Attempt failed(SQLException e) {
    if (MainRefusal.isLocked(e)) {
      return new Attempt.Locked(String.valueOf(e.getMessage()));
    }
    if (isTransient(e)) {
      return new Attempt.Moved(String.valueOf(e.getMessage()));
    }
    throw refused(e);
  }

  /** All but the commit, in the transaction that was begun; empty when only that is left. */
  static Optional<Attempt> writeUncommitted(
      Connection connection,
      String promotion,
      Plan plan,
      KeyDraw draw,
      Numbered numbered,
      LongFunction<String> searchPaths,
      boolean leaveLocked,
      Assertions assertions,
      CommitWatch watch,
      Traps traps)
      throws SQLException, RowStatements.MovedException {
    MainSession.waitForLocks(connection, LONG_WAIT);
    Optional<LockPatience> patience =
        leaveLocked ? Optional.of(LockPatience.begin(connection)) : Optional.empty();
    TableLocks locks = new TableLocks(connection, patience);
    locks.take(DeferredUniques.tables(plan, numbered.changes()), "SHARE ROW EXCLUSIVE");
    locks.take(plan.tables().values(), "ROW EXCLUSIVE");
    List<Rejection> refused =
        locks.rejections(numbered.changes(), plan.tables(), plan.keyColumns());
    if (!refused.isEmpty()) {
      return Optional.of(new Attempt.Refused(refused));
    }
    requireUnchangedDefinitions(connection, plan);
    refused = writeRows(connection, plan, numbered, searchPaths, patience, watch, traps);
    if (!refused.isEmpty()) {
      return Optional.of(new Attempt.Refused(refused));
    }
    draw.moveOn(plan);
    assertions.ran(AssertionRun.on(connection, assertions.rules(), assertions.toRun()));
    if (!assertions.areMet()) {
      return Optional.of(new Attempt.Unmet());
    }
    watch.beforeCommit(leaveMessage(connection, promotion), numbered);
    return Optional.empty();
  }

  /**
   * Writes the rows of a plan in the transaction that was begun; returns those that are refused.
   */
  static List<Rejection> writeRows(
      Connection connection,
      Plan plan,
      Numbered numbered,
      LongFunction<String> searchPaths,
      Optional<LockPatience> patience,
      CommitWatch watch,
      Traps traps)
      throws SQLException, RowStatements.MovedException {
    List<Rejection> refused =
        new RowWriter(
                connection,
                new SearchPaths(connection, searchPaths, plan.tables().keySet()),
                plan.tables(),
                plan.keyColumns(),
                patience,
                watch,
                traps)
            .write(numbered.changes());
    return refused.isEmpty()
        ? afterwards(connection, plan, numbered.changes(), patience.isPresent())
        : refused;
  }

  /**
   * One promotion at a time writes on a main, whichever server it comes from: what an earlier one
   * committed is seen when the later one looks again at what its answers read.
   */
  private static void awaitOtherPromotions(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(" + PROMOTING + ")");
    }
  }

  private static Attempt commit(Connection connection, Numbered numbered, boolean fenced) {
    try {
      connection.commit();
      return new Attempt.Committed(position(connection), numbered, fenced);
    } catch (SQLException e) {
      return new Attempt.Unknown(String.valueOf(e.getMessage()));
    }
  }

  /** No DDL can touch the tables any more, and none did since the plan was made. */
  private static void requireUnchangedDefinitions(Connection connection, Plan plan)
      throws SQLException, RowStatements.MovedException {
    if (plan.tables().isEmpty()) {
      return;
    }
    Map<TableId, MainTable> now = MainCatalog.read(connection, plan.tables().keySet());
    for (MainTable planned : plan.tables().values()) {
      MainTable current = now.get(planned.id());
      if (current == null || !current.sameDefinitionAs(planned)) {
        throw new RowStatements.MovedException(
            "the definition of " + planned.shape().qualifiedName() + " changed");
      }
    }
  }

  /** What Postgres would look at at the end of a statement or of the transaction. */
  private static List<Rejection> afterwards(
      Connection connection, Plan plan, List<RowChange> changes, boolean leaveLocked)
      throws SQLException {
    Map<TableId, List<RowChange>> byTable = new LinkedHashMap<>();
    changes.forEach(
        change -> byTable.computeIfAbsent(change.table(), _ -> new ArrayList<>()).add(change));
    List<Rejection> violations = new ArrayList<>();
    for (var entry : byTable.entrySet()) {
      MainTable table = plan.tables().get(entry.getKey());
      if (table != null) {
        List<Integer> key = plan.keyColumns().getOrDefault(table.id(), List.of());
        violations.addAll(new DeferredUniques(connection, table, key).violations(entry.getValue()));
        violations.addAll(
            new ForeignKeys(connection, table, key, leaveLocked).violations(entry.getValue()));
      }
    }
    return violations;
  }

  /** Also makes sure that the transaction has an id, and returns it. */
  private static long leaveMessage(Connection connection, String promotion) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT pg_logical_emit_message(true, ?, ?), pg_current_xact_id()::text::int8")) {
      statement.setString(1, MESSAGE_PREFIX);
      statement.setString(2, MESSAGE_START + promotion);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getLong(2);
      }
    }
  }

  /**
   * What became of a transaction that a crash left behind. One that still runs is ended first: its
   * server side is ours.
   */
  public Fate fateOf(long transactionId) {
    try (Connection connection = source.getConnection();
        PreparedStatement end =
            connection.prepareStatement(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE backend_xid ="
                    + " (?::int8 & 4294967295)::text::xid AND pg_xact_status(?::text::xid8) = 'in"
                    + " progress'");
        PreparedStatement ask =
            connection.prepareStatement("SELECT pg_xact_status(?::text::xid8)")) {
      end.setLong(1, transactionId);
      end.setString(2, Long.toUnsignedString(transactionId));
      end.execute();
      ask.setString(1, Long.toUnsignedString(transactionId));
      try (ResultSet result = ask.executeQuery()) {
        result.next();
        String status = result.getString(1);
        return switch (status == null ? "" : status) {
          case "committed" -> Fate.COMMITTED;
          case "aborted" -> Fate.ROLLED_BACK;
          case "in progress" -> Fate.IN_PROGRESS;
          default -> Fate.FORGOTTEN;
        };
      }
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  /** Which Postgres this is: the identifier that initdb gave it, kept by its physical copies. */
  public String systemIdentifier() {
    return ask("SELECT system_identifier::text FROM pg_control_system()");
  }

  /** Main's flushed position. */
  public Lsn position() {
    return Lsn.parse(ask("SELECT pg_current_wal_flush_lsn()::text"));
  }

  private String ask(String sql) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return String.valueOf(result.getString(1));
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  private static Lsn position(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT pg_current_wal_flush_lsn()::text")) {
      result.next();
      return Lsn.parse(String.valueOf(result.getString(1)));
    }
  }

  /** Rolls back what was not committed; a broken connection has done so itself. */
  static void end(Connection connection) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      LOG.debug("a connection to main was lost: {}", e.getMessage());
    }
  }

  /**
   * A lock not to be had, a deadlock, a time-out, a failed serialisation, a connection that broke
   * before the commit: nothing is wrong with the plan.
   */
  private static boolean isTransient(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return TRANSIENT.contains(state) || state.startsWith("08");
  }

  private static AnabranchException refused(SQLException e) {
    String hint =
        INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())
            ? "; main's role for Anabranch must own the tables and may need"
                + " GRANT SET ON PARAMETER session_replication_role TO it"
            : "";
    return new AnabranchException(ErrorCode.PROMOTE_REFUSED, e, e.getMessage() + hint);
  }
}
