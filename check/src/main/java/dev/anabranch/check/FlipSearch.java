package dev.anabranch.check;

import dev.anabranch.base.Identifiers;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Parameter;
import dev.anabranch.predicate.footprint.ClockUse;
import dev.anabranch.predicate.footprint.Turn;
import dev.anabranch.predicate.match.Condition.Comparison;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds when an answer can be another by the clock alone, in a session that has the settings under
 * which it was asked, over the rows that it was asked over. Postgres computes every instant.
 *
 * <p>Of a comparison of rows with a bound that moves, three things count: the row next above the
 * bound, the row next below it, and whether a row is at it. As long as the bound stays between
 * these two, no row changes sides, whatever way it goes. So the bound itself is followed, as it
 * will be: by days where it moves by the day, else in cells of a quarter of an hour, and in those
 * that it may leave its place in, by seconds. In a cell it goes as fast as the clock, but for one
 * jump at most:
 *
 * <pre>
 * in a cell from s to t its values lie between  least(B(s), B(t) - (t - s))  and  greatest(B(s) + (t - s), B(t))
 * </pre>
 *
 * <p>Two intervals and a change of zone can set it apart by {@value #REACH_DAYS} days at most from
 * where it would be if it went evenly, so that only the time from now and that around an even
 * arrival is looked at.
 */
final class FlipSearch {

  private static final int REACH_DAYS = 10;
  private static final long SECOND = 1_000_000L;
  private static final long QUARTER = 900 * SECOND;
  private static final long REACH = REACH_DAYS * 86_400 * SECOND;
  private static final int MOST_CELLS = 128;
  private static final int MOST_DAYS = 40_000;

  /** A table without an index on what is compared is read twice for it. */
  private static final String TIMEOUT = "SET LOCAL statement_timeout = '20s'";

  private final Connection connection;
  private final List<Parameter> parameters;
  private final long now;
  private final String moment;
  private final Traps traps;

  /**
   * @param connection inside a transaction, which the caller rolls back
   * @param parameters of the question
   * @param now when it was asked
   * @param traps rules that are off
   */
  FlipSearch(Connection connection, List<Parameter> parameters, Instant now, Traps traps) {
    this.connection = connection;
    this.parameters = parameters;
    this.now = ChronoUnit.MICROS.between(Instant.EPOCH, now);
    this.moment = instant(this.now);
    this.traps = traps;
  }

  /** The beginning of the current transaction, which is what {@code now()} says. */
  static Instant began(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT (extract(epoch FROM pg_catalog.transaction_timestamp())"
                    + " OPERATOR(pg_catalog.*) 1000000)::pg_catalog.int8")) {
      row.next();
      return Instant.EPOCH.plus(row.getLong(1), ChronoUnit.MICROS);
    }
  }

  /**
   * Empty when it can't be another any more.
   *
   * @throws SQLException when Postgres can't tell
   */
  Optional<Instant> next(ClockUse use) throws SQLException {
    return switch (use) {
      case ClockUse.Anytime ignored -> Optional.of(at(now));
      case ClockUse.Suspected ignored -> Optional.of(at(now));
      case ClockUse.ByDay ignored -> {
        prepare();
        yield Optional.of(at(nextDay()));
      }
      case ClockUse.ByRows(List<Turn> turns, boolean byDay) -> {
        prepare();
        yield next(turns, byDay);
      }
    };
  }

  private Optional<Instant> next(List<Turn> turns, boolean byDay) throws SQLException {
    List<Long> flips = new ArrayList<>();
    if (byDay) {
      flips.add(nextDay());
    }
    for (Turn turn : turns) {
      next(turn).ifPresent(flips::add);
    }
    return flips.stream().min(Comparator.naturalOrder()).map(FlipSearch::at);
  }

  private static Instant at(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static String instant(long micros) {
    return "('epoch'::timestamptz + interval '" + micros + " microseconds')";
  }

  private static String micros(String moment) {
    return "(extract(epoch FROM " + moment + ") * 1000000)::int8";
  }

  /** All rows are looked at, also those that the client may not see: a view's owner may. */
  private void prepare() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("RESET SESSION AUTHORIZATION");
      statement.execute("SET LOCAL search_path = pg_catalog, pg_temp");
      statement.execute(TIMEOUT);
      if (traps.has(Trap.DAYS_BEGIN_IN_UTC)) {
        statement.execute("SET LOCAL timezone = 'UTC'");
      }
    }
  }

  private OptionalLong next(Turn turn) throws SQLException {
    Bound bound = new Bound(turn);
    Near near = bound.near();
    if (near.isNowhere()) {
      return OptionalLong.empty();
    }
    return switch (turn.pace()) {
      case RISING_BY_DAY ->
          near.upper().isEmpty() && !near.held()
              ? OptionalLong.empty()
              : OptionalLong.of(bound.day(near));
      case BY_DAY -> OptionalLong.of(bound.day(near));
      case STEADY, IN_STEPS -> bound.moment(near);
    };
  }

  /** The rows next to a bound. */
  private record Near(String at, Optional<String> lower, Optional<String> upper, boolean held) {
    boolean isNowhere() {
      return lower.isEmpty() && upper.isEmpty() && !held;
    }
  }

  /** A stretch of time in which a bound may leave its place between two rows. */
  private record Cell(
      long begun, long ended, boolean stillThere, boolean even, @Nullable Long toUpper) {}

  /** The clock's side of one comparison. */
  private final class Bound {

    private final Turn turn;
    private final TermSql sql;
    private final String rows;

    Bound(Turn turn) throws SQLException {
      this.turn = turn;
      this.sql = new TermSql(parameters, columns(turn.table()));
      this.rows = (turn.withDescendants() ? "" : "ONLY ") + name(turn.table()) + " AS r";
    }

    private String typed(String value) {
      return Identifiers.literal(value) + "::" + TermSql.quoted(turn.type());
    }

    private String whenMomentIs(String when) {
      return sql.of(turn.bound(), when, "(" + when + ")::date");
    }

    private String whenDayIs(String day) {
      return sql.of(turn.bound(), moment, day);
    }

    private boolean isAmong(Comparison... comparisons) {
      return List.of(comparisons).contains(turn.comparison());
    }

    /** Whether a row that is at the bound is below it, is above it, or is neither. */
    private boolean isBelow() {
      return isAmong(Comparison.GT, Comparison.LE);
    }

    private boolean isAbove() {
      return isAmong(Comparison.GE, Comparison.LT);
    }

    /** Rows at infinity are never come to; where the bound is nowhere, nothing is. */
    Near near() throws SQLException {
      String value = sql.of(turn.value(), moment, "NULL");
      String among = " FROM " + rows + " WHERE " + sql.wide(turn.condition()) + " AND " + value;
      String at = ask("SELECT (" + whenMomentIs(moment) + ")::text").get(0);
      if (at == null) {
        return new Near("", Optional.empty(), Optional.empty(), false);
      }
      String here = typed(at);
      List<@Nullable String> found =
          ask(
              "SELECT (SELECT max("
                  + value
                  + ")"
                  + among
                  + (isBelow() ? " <= " : " < ")
                  + here
                  + ")::text, (SELECT min("
                  + value
                  + ")"
                  + among
                  + (isAbove() ? " >= " : " > ")
                  + here
                  + ")::text, "
                  + (isBelow() || isAbove()
                      ? "false"
                      : "EXISTS (SELECT" + among + " = " + here + ")"));
      return new Near(
          at,
          Optional.ofNullable(found.get(0)).filter(lower -> !lower.equals("-infinity")),
          Optional.ofNullable(found.get(1)).filter(upper -> !upper.equals("infinity")),
          "t".equals(found.get(2)));
    }

    /** Whether all rows are on the same sides of a bound there. */
    private String still(Near near, String bound) {
      List<String> parts = new ArrayList<>();
      near.lower()
          .ifPresent(lower -> parts.add(bound + (isBelow() ? " >= " : " > ") + typed(lower)));
      near.upper()
          .ifPresent(upper -> parts.add(bound + (isAbove() ? " <= " : " < ") + typed(upper)));
      if (near.held()) {
        parts.add(bound + " = " + typed(near.at()));
      }
      return "coalesce(" + String.join(" AND ", parts) + ", false)";
    }

    /** The first moment of the first day on which it is elsewhere. */
    long day(Near near) throws SQLException {
      String day = "(" + today() + " + n::int4)";
      String first =
          ask("SELECT min(n) FROM (SELECT n FROM generate_series(1, "
                  + MOST_DAYS
                  + ") n WHERE NOT "
                  + still(near, "(" + whenDayIs(day) + ")")
                  + " LIMIT 1) first")
              .get(0);
      return beginning(first == null ? MOST_DAYS + 1 : Integer.parseInt(first));
    }

    OptionalLong moment(Near near) throws SQLException {
      long even = near.upper().isPresent() ? until(near) : Long.MAX_VALUE;
      if (traps.has(Trap.BOUNDS_MOVE_EVENLY)) {
        return near.upper().isPresent() ? OptionalLong.of(now + even) : OptionalLong.empty();
      }
      boolean soon = near.held() || even <= 2 * REACH;
      if (soon || isJustBelow(near)) {
        OptionalLong found = search(near, now, now + REACH);
        if (found.isPresent()) {
          return found;
        }
      }
      if (near.upper().isEmpty()) {
        return OptionalLong.empty();
      }
      long from = Math.max(now, now + even - REACH);
      OptionalLong found = search(near, from, now + even + REACH);
      return found.isPresent() ? found : OptionalLong.of(from);
    }

    private long until(Near near) throws SQLException {
      String gap = "(" + typed(near.upper().orElseThrow()) + " - " + typed(near.at()) + ")";
      return Long.parseLong(ask("SELECT " + micros(gap)).getFirst());
    }

    /** Whether the bound may come back to the row below it. */
    private boolean isJustBelow(Near near) throws SQLException {
      return near.lower().isPresent()
          && "t"
              .equals(
                  ask("SELECT "
                          + typed(near.lower().get())
                          + " >= "
                          + typed(near.at())
                          + " - interval '"
                          + REACH_DAYS
                          + " days'")
                      .getFirst());
    }

    private OptionalLong search(Near near, long from, long until) throws SQLException {
      long next = from;
      for (int i = 0; i < MOST_CELLS && next < until; i++) {
        Optional<Cell> rough = cell(near, next, until, QUARTER);
        if (rough.isEmpty()) {
          return OptionalLong.empty();
        }
        Optional<Cell> fine = cell(near, rough.get().begun(), rough.get().ended(), SECOND);
        if (fine.isPresent()) {
          return OptionalLong.of(flip(near, fine.get()));
        }
        next = rough.get().ended();
      }
      return next < until ? OptionalLong.of(next) : OptionalLong.empty();
    }

    /** To the microsecond where nothing jumps; else its cell's first moment. */
    private long flip(Near near, Cell cell) {
      if (!cell.stillThere() || !cell.even() || turn.pace() == Turn.Pace.IN_STEPS) {
        return cell.begun();
      }
      if (near.held() || cell.toUpper() == null) {
        return cell.begun() + 1;
      }
      return cell.begun() + cell.toUpper() + (isAbove() ? 1 : 0);
    }

    /** The first cell in which the bound may leave its place. */
    private Optional<Cell> cell(Near near, long from, long until, long length) throws SQLException {
      long aligned = from - Math.floorMod(from, length);
      String step = "interval '" + length + " microseconds'";
      // Of small steps there are several in a quarter of an hour, and they go as the clock does.
      boolean even = turn.pace() == Turn.Pace.STEADY || length == QUARTER;
      String before = even ? "v.b - c.length" : "v.b";
      String beyond = even ? "v.a + c.length" : "v.a";
      String query =
          "SELECT "
              + micros("c.begun")
              + ", "
              + micros("c.ended")
              + ", "
              + still(near, "v.a")
              + ", v.b - v.a = c.length, "
              + near.upper()
                  .map(upper -> micros("(" + typed(upper) + " - v.a)"))
                  .orElse("NULL::int8")
              + " FROM (SELECT greatest(t, "
              + instant(from)
              + ") AS begun, t + "
              + step
              + " AS ended, t + "
              + step
              + " - greatest(t, "
              + instant(from)
              + ") AS length FROM generate_series("
              + instant(aligned)
              + ", "
              + instant(until - 1)
              + ", "
              + step
              + ") t) c CROSS JOIN LATERAL (SELECT "
              + whenMomentIs("c.begun")
              + " AS a, "
              + whenMomentIs("c.ended")
              + " AS b) v WHERE NOT ("
              + still(near, "least(v.a, " + before + ")")
              + " AND "
              + still(near, "greatest(" + beyond + ", v.b)")
              + ") ORDER BY c.begun LIMIT 1";
      try (Statement statement = connection.createStatement()) {
        statement.setEscapeProcessing(false);
        try (ResultSet row = statement.executeQuery(query)) {
          return row.next()
              ? Optional.of(
                  new Cell(
                      row.getLong(1),
                      row.getLong(2),
                      row.getBoolean(3),
                      row.getBoolean(4),
                      row.getObject(5, Long.class)))
              : Optional.empty();
        }
      }
    }
  }

  private long nextDay() throws SQLException {
    return beginning(1);
  }

  private String today() throws SQLException {
    return "'" + ask("SELECT ((" + moment + ")::date)::text").getFirst() + "'::date";
  }

  /**
   * The first moment of a day to come. Where the clocks are set back over midnight it begins twice;
   * and a day that they are set back into ends when they are.
   */
  private long beginning(int days) throws SQLException {
    String today = today();
    String midnight = "(" + today + " + " + days + ")::timestamptz";
    String first =
        traps.has(Trap.DAYS_BEGIN_ONCE)
            ? midnight
            : "(SELECT min(t) FROM generate_series("
                + midnight
                + " - interval '3 hours', "
                + midnight
                + ", interval '1 second') t WHERE t::date >= "
                + today
                + " + "
                + days
                + " AND t > "
                + moment
                + ")";
    String back =
        "(SELECT min(t) - interval '1 minute' FROM generate_series("
            + moment
            + ", "
            + moment
            + " + interval '3 hours', interval '1 minute') t WHERE t::date < "
            + today
            + ")";
    String found =
        ask("SELECT " + micros("greatest(" + moment + ", least(" + first + ", " + back + "))"))
            .getFirst();
    return found == null ? now : Long.parseLong(found);
  }

  private String name(TableId table) throws SQLException {
    return String.valueOf(
        ask("SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON"
                + " n.oid = c.relnamespace WHERE c.oid = "
                + table.oid())
            .getFirst());
  }

  private Map<Integer, String> columns(TableId table) throws SQLException {
    Map<Integer, String> columns = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT attnum, attname FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped AND"
                    + " attrelid = "
                    + table.oid())) {
      while (row.next()) {
        columns.put(row.getInt(1), Identifiers.quote(row.getString(2)));
      }
    }
    return columns;
  }

  /** The one row of a query. */
  private List<@Nullable String> ask(String query) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet row = statement.executeQuery(query)) {
        if (!row.next()) {
          throw new SQLException("a table of the question is not there");
        }
        List<@Nullable String> values = new ArrayList<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          values.add(row.getString(i));
        }
        return values;
      }
    }
  }
}
