package dev.anabranch.promote.apply;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Identifiers;
import dev.anabranch.promote.assertion.Assertion;
import dev.anabranch.promote.assertion.AssertionResult;
import dev.anabranch.promote.assertion.AssertionRules;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.jdbc.PreferQueryMode;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Asks a user's own queries inside a transaction that has written and is not committed, so that
 * they can only read.
 *
 * <p>Four things see to that, each by itself enough for what an honest mistake would do. A query is
 * the text of a cursor, which Postgres makes of queries alone, and it is sent as one message, in
 * which Postgres takes one statement. It runs in a subtransaction that is read-only, which nothing
 * inside can change. It runs as a role that may read. And the subtransaction is always rolled back:
 * rows, settings, cursors and the role go with it. What it takes to become somebody else, or to
 * write to the log past the transaction, is taken from everybody in there first; that, too, goes
 * back.
 */
final class AssertionRun {

  /** As many as a person looks at. */
  static final int ROWS_SHOWN = 10;

  private static final String CURSOR = "anabranch_asked";
  private static final String DECLARE = "DECLARE " + CURSOR + " NO SCROLL CURSOR FOR ";

  private static final String QUERY_CANCELED = "57014";

  /** There is no such role, or not for us. */
  private static final Set<String> ROLE_NOT_OURS = Set.of("42501", "22023");

  /**
   * Functions that name a role, or reach what is not rolled back. Some have other parameters in
   * other releases.
   */
  private static final String TAKE_AWAY =
      """
      SELECT coalesce(string_agg('REVOKE EXECUTE ON FUNCTION ' || p.oid::regprocedure || ' FROM PUBLIC', '; '), '')
      FROM pg_catalog.pg_proc p
      WHERE p.pronamespace = 'pg_catalog'::regnamespace
        AND p.proname IN ('set_config', 'pg_logical_emit_message')
      """;

  /** What may come behind a statement's semicolon. */
  private static final Pattern COMMENTS =
      Pattern.compile("(?s)(\\s++|--[^\\n]*+(\\n|$)|(?>/\\*.*?\\*/))*+");

  /** It is kept with the receipt. */
  private static final int CELL_SHOWN = 1_000;

  private final PgConnection connection;
  private final AssertionRules rules;

  /** A pool's wrapper would take some failures of a query for a broken connection. */
  private AssertionRun(Connection connection, AssertionRules rules) throws SQLException {
    this.connection = connection.unwrap(PgConnection.class);
    this.rules = rules;
  }

  /** What a query returned. */
  record Found(List<String> columns, List<List<@Nullable String>> rows, boolean more) {}

  /** Runs all of them; one that can't be told stands against landing like one that fails. */
  static List<AssertionResult> on(
      Connection connection, AssertionRules rules, List<Assertion> assertions) throws SQLException {
    return assertions.isEmpty() ? List.of() : new AssertionRun(connection, rules).all(assertions);
  }

  /** Asks one query, in the same manner. */
  static Found ask(Connection connection, AssertionRules rules, Assertion query)
      throws SQLException {
    AssertionRun run = new AssertionRun(connection, rules);
    Savepoint before = run.begin(true);
    try {
      return run.found(query);
    } catch (SQLException e) {
      throw new AnabranchException(
          ErrorCode.OWN_CHECK_INVALID, e, query.name(), run.words(query, e));
    } finally {
      run.end(before);
    }
  }

  /**
   * Looks whether they could be run, without running them.
   *
   * @throws AnabranchException OWN_CHECK_INVALID, OWN_CHECK_ROLE
   */
  static void require(Connection connection, AssertionRules rules, List<Assertion> assertions)
      throws SQLException {
    AssertionRun run = new AssertionRun(connection, rules);
    Savepoint before = run.begin(false);
    try {
      for (Assertion assertion : assertions) {
        Savepoint one = run.connection.setSavepoint();
        try {
          run.declare(assertion);
        } catch (SQLException e) {
          throw new AnabranchException(
              ErrorCode.OWN_CHECK_INVALID, e, assertion.name(), run.words(assertion, e));
        } finally {
          run.connection.rollback(one);
        }
      }
    } finally {
      run.end(before);
    }
  }

  private List<AssertionResult> all(List<Assertion> assertions) throws SQLException {
    Savepoint before = begin(true);
    try {
      List<AssertionResult> results = new ArrayList<>();
      for (Assertion assertion : assertions) {
        results.add(result(assertion));
      }
      return results;
    } finally {
      end(before);
    }
  }

  private AssertionResult result(Assertion assertion) throws SQLException {
    long began = System.nanoTime();
    Savepoint before = connection.setSavepoint();
    try {
      Found found = found(assertion);
      return found.rows().isEmpty()
          ? AssertionResult.passed(assertion.name(), since(began))
          : AssertionResult.failed(
              assertion.name(), since(began), found.columns(), found.rows(), found.more());
    } catch (SQLException e) {
      if (isOfTheConnection(e)) {
        throw e;
      }
      return AssertionResult.error(assertion.name(), since(began), words(assertion, e));
    } finally {
      connection.rollback(before);
    }
  }

  private static long since(long began) {
    return Duration.ofNanos(System.nanoTime() - began).toMillis();
  }

  private static boolean isOfTheConnection(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || state.startsWith("57P");
  }

  /**
   * From here on nothing can be written until the savepoint.
   *
   * @param executing whether something is to be executed, or only looked at
   */
  private Savepoint begin(boolean executing) throws SQLException {
    if (connection.getPreferQueryMode() == PreferQueryMode.SIMPLE) {
      throw new AnabranchException(
          ErrorCode.MAIN_UNREACHABLE,
          "checks can't be run on a connection with preferQueryMode=simple; leave that out of"
              + " main's URL");
    }
    Savepoint before = connection.setSavepoint();
    try (Statement statement = connection.createStatement()) {
      if (executing) {
        takeAway(statement);
      }
      statement.execute("SET LOCAL search_path TO DEFAULT");
      statement.execute("SET LOCAL cursor_tuple_fraction = 1");
      statement.execute("SET LOCAL statement_timeout = " + Math.max(1, rules.limit().toMillis()));
      statement.execute("SET LOCAL transaction_read_only = on");
      statement.execute("SET LOCAL ROLE " + Identifiers.quote(rules.role()));
      return before;
    } catch (SQLException e) {
      connection.rollback(before);
      if (ROLE_NOT_OURS.contains(String.valueOf(e.getSQLState()))) {
        throw new AnabranchException(
            ErrorCode.OWN_CHECK_ROLE, e, rules.role(), Identifiers.quote(rules.role()));
      }
      throw e;
    }
  }

  private static void takeAway(Statement statement) throws SQLException {
    String revoke;
    try (ResultSet found = statement.executeQuery(TAKE_AWAY)) {
      found.next();
      revoke = found.getString(1);
    }
    statement.execute(revoke);
  }

  /** A lock that a query took for the session would outlive everything. */
  private void end(Savepoint before) throws SQLException {
    connection.rollback(before);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_catalog.pg_advisory_unlock_all()");
    }
  }

  private Found found(Assertion query) throws SQLException {
    declare(query);
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("FETCH FORWARD " + (ROWS_SHOWN + 1) + " FROM " + CURSOR)) {
      List<String> columns = new ArrayList<>();
      int width = result.getMetaData().getColumnCount();
      for (int i = 1; i <= width; i++) {
        columns.add(result.getMetaData().getColumnLabel(i));
      }
      List<List<@Nullable String>> rows = new ArrayList<>();
      while (result.next()) {
        List<@Nullable String> row = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
          row.add(shown(result.getString(i)));
        }
        rows.add(row);
      }
      boolean more = rows.size() > ROWS_SHOWN;
      return new Found(columns, more ? rows.subList(0, ROWS_SHOWN) : rows, more);
    }
  }

  private static @Nullable String shown(@Nullable String cell) {
    return cell == null || cell.length() <= CELL_SHOWN ? cell : cell.substring(0, CELL_SHOWN) + "…";
  }

  private void declare(Assertion query) throws SQLException {
    // What the driver takes for one statement it sends as one, and Postgres looks for itself.
    List<NativeQuery> parts =
        Parser.parseJdbcSql(DECLARE + query.sql(), true, false, true, false, true);
    if (!parts.stream().skip(1).allMatch(rest -> COMMENTS.matcher(rest.nativeSql).matches())) {
      throw new SQLException("it is more than one statement", "42601");
    }
    String sql = parts.getFirst().nativeSql;
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  private String words(Assertion query, SQLException e) {
    if (QUERY_CANCELED.equals(e.getSQLState())) {
      return "it took longer than " + rules.limit().toMillis() + " ms (check-timeout)";
    }
    ServerErrorMessage message =
        e instanceof PSQLException refusal ? refusal.getServerErrorMessage() : null;
    if (message == null || message.getMessage() == null) {
      return String.valueOf(e.getMessage());
    }
    int position = message.getPosition() - DECLARE.length();
    return message.getMessage() + (position > 0 ? " " + place(query.sql(), position) : "");
  }

  private static String place(String sql, int position) {
    String before = sql.substring(0, Math.min(sql.length(), position - 1));
    return "(line " + (1 + before.chars().filter(c -> c == '\n').count()) + ")";
  }
}
