package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Question;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.predicate.footprint.ClockUse;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.match.Condition;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * When an answer can be another by the clock alone, against brute force: the statement with moments
 * in place of its clock, asked at many of them.
 */
@SuppressWarnings("NullAway") // Postgres answers what it is asked
@Tag("postgres")
class NextFlipTest {

  private static final int TRIALS = Integer.getInteger("anabranch.trials", 300);
  private static final long SEED = Long.getLong("anabranch.seed", 20_261_130);

  private static final List<String> ZONES =
      List.of(
          "UTC",
          "Europe/Berlin",
          "America/New_York",
          // Their clocks are set back from 1:00 to 0:00, so that a day begins twice.
          "America/Havana",
          "Atlantic/Azores",
          // By half an hour; and from 24:00 to 23:00.
          "Australia/Lord_Howe",
          "America/Santiago",
          "Asia/Kolkata");

  /** Around months' ends, midnights, and where clocks change. */
  private static final List<String> MOMENTS =
      List.of(
          "2026-01-30 23:10:00+00",
          "2026-02-28 12:00:00+00",
          "2026-03-08 04:30:00+00",
          "2026-03-28 22:00:00+00",
          "2026-03-29 00:30:00+00",
          "2026-03-30 21:50:00+00",
          "2026-04-04 14:40:00+00",
          "2026-04-05 02:30:00+00",
          "2026-09-06 02:00:00+00",
          "2026-10-03 14:00:00+00",
          "2026-10-24 23:30:00+00",
          "2026-10-25 00:20:00+00",
          "2026-10-25 00:50:00+00",
          "2026-11-01 03:40:00+00",
          "2026-11-01 04:20:00+00",
          "2026-11-01 05:30:00+00",
          "2026-12-31 21:30:00+00");

  private static final List<String> SHAPES =
      List.of(
          "SELECT id FROM t WHERE at > now() - interval '1 day'",
          "SELECT count(*) FROM t WHERE at < current_timestamp - interval '90 minutes'",
          "SELECT id FROM t WHERE day >= current_date - 90",
          "SELECT id FROM t WHERE now() BETWEEN at AND until",
          "SELECT id FROM t WHERE at > now() - interval '1 month'",
          "SELECT count(*) FROM t WHERE day = current_date",
          "SELECT count(*) FROM t WHERE day <> current_date + 1",
          "SELECT id FROM t WHERE at < current_date",
          "SELECT id FROM t WHERE local > localtimestamp - interval '1 day'",
          "SELECT id FROM t WHERE local <= now()",
          "SELECT id FROM t WHERE at >= date_trunc('month', now())",
          "SELECT id FROM t WHERE at >= date_trunc('hour', now())",
          "SELECT id FROM t WHERE local > date_trunc('minute', localtimestamp)",
          "SELECT id FROM t WHERE now() - at < interval '36 hours'",
          "SELECT id FROM t WHERE until - now() <= interval '1 day'",
          "SELECT id FROM t WHERE current_date - day > 2",
          "SELECT id FROM t WHERE kind = 1 AND at > now() - interval '1 day'",
          "SELECT DISTINCT kind FROM t WHERE NOT EXISTS (SELECT FROM t o WHERE o.kind = t.kind AND"
              + " o.at > now() - interval '2 days')",
          "SELECT kind FROM t GROUP BY kind HAVING max(at) < now() - interval '1 day'",
          "SELECT id, CASE WHEN until < now() THEN 'late' ELSE 'open' END FROM t",
          "SELECT id FROM t WHERE at + span > now()",
          "SELECT id FROM t WHERE day < current_date - interval '1 month'",
          "SELECT id FROM t WHERE kind = extract(day FROM now())",
          "SELECT id FROM t WHERE local > now() AT TIME ZONE 'UTC'",
          "SELECT id FROM t WHERE day = (now() AT TIME ZONE 'Asia/Tokyo')::date",
          "SELECT id FROM t WHERE day > (now() - interval '1 month')::date",
          "SELECT id FROM recent WHERE kind = 2",
          "SELECT a.id, b.id FROM t a LEFT JOIN t b ON b.kind = a.kind AND b.at > now() - interval"
              + " '1 mon 2 days 03:00'",
          "SELECT id, current_date - day FROM t",
          "SELECT id FROM t WHERE at > now() - interval '1 day' OR day = current_date",
          "SELECT count(*) FILTER (WHERE at <= now()) FROM t");

  private static Connection connection;
  private static String database;
  private static TemporaryPostgres postgres;
  private static Analyst analyst;

  @BeforeAll
  static void makeTables() throws SQLException {
    postgres = TemporaryPostgres.shared();
    database = postgres.freshDatabase();
    connection = postgres.connect(database);
    execute(
        "CREATE TABLE t (id int, kind int, at timestamptz, until timestamptz, local timestamp, day"
            + " date, span interval)");
    execute("CREATE VIEW recent AS SELECT id, kind FROM t WHERE at > now() - interval '7 days'");
    analyst =
        new Analyst(
            () -> postgres.connect(database),
            "postgres",
            SchemaReader.read(connection, Lsn.ZERO),
            new Kept.OfBranch(),
            Traps.NONE);
    connection.setAutoCommit(false);
  }

  @AfterAll
  static void close() throws SQLException {
    analyst.close();
    connection.close();
  }

  private static void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void itIsNeverLaterThanTheAnswerIsAnotherAndMostlyExact() throws SQLException {
    Tally tally = new Tally();
    trials(Traps.NONE, TRIALS, tally);
    assertThat(tally.late).isEmpty();
    assertThat(tally.exact).isGreaterThan(tally.told * 8 / 10);
    assertThat(tally.never).isPositive();
  }

  /** Of months, of zones' days, and of days that begin twice. */
  @ParameterizedTest
  @EnumSource(
      value = Trap.class,
      names = {"BOUNDS_MOVE_EVENLY", "DAYS_BEGIN_IN_UTC", "DAYS_BEGIN_ONCE"})
  void aRuleSwitchedOffIsFoundOut(Trap off) throws SQLException {
    Tally tally = new Tally();
    trials(Traps.of(off), TRIALS * 2, tally);
    assertThat(tally.late).isNotEmpty();
  }

  /** What is understood of each statement. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      value = {
        "SELECT id FROM t WHERE day > current_date | rows",
        "SELECT id FROM t WHERE at > now() - interval '1 day' | rows",
        "SELECT id FROM t WHERE at > clock_timestamp() | any moment",
        "SELECT id FROM t WHERE at > statement_timestamp() | any moment",
        "SELECT now() - at FROM t | any moment",
        "SELECT current_date - day FROM t | day",
        "SELECT age(at) FROM t | day",
        "SELECT id FROM t WHERE day >= 'yesterday' | day",
        "SELECT id FROM t WHERE at >= 'now' | any moment",
        "SELECT id FROM t WHERE kind::text = 'order now' | suspected",
        "SELECT id FROM t WHERE at > now() - span | any moment",
        "SELECT id FROM t WHERE at > now() - interval '1 month' - interval '1 day' - interval '1"
            + " hour' | any moment",
        "SELECT id FROM t WHERE tstzrange(at, until) @> now() | any moment",
        "SELECT id FROM (SELECT id, at AS x FROM t LIMIT 9) s WHERE x > now() | rows",
        "SELECT id FROM (SELECT id, at AS x FROM t UNION SELECT id, until FROM t) s WHERE x >"
            + " now() | any moment",
        "SELECT kind FROM t GROUP BY kind HAVING min(at) > now() | rows",
        "SELECT kind FROM t WHERE at > now() - interval '1 mon' GROUP BY kind | rows",
        "SELECT kind FROM t GROUP BY kind HAVING max(at) - min(at) > interval '1 day' AND count(*)"
            + " > extract(day FROM now()) | day"
      })
  void aStatementIsUnderstoodSo(String sql, String how) {
    assertThat(
            switch (use(sql, "UTC")) {
              case ClockUse.ByDay ignored -> "day";
              case ClockUse.ByRows ignored -> "rows";
              case ClockUse.Anytime ignored -> "any moment";
              case ClockUse.Suspected ignored -> "suspected";
            })
        .isEqualTo(how);
  }

  /** The moment of the analysis, which may be days ago, tells nothing of which rows matter now. */
  @Test
  void aNamedMomentIsNoCondition() {
    Question question =
        new Question("SELECT id FROM t WHERE day = 'today'", List.of(), new TreeMap<>());
    assertThat(analyst.footprint(question))
        .isInstanceOfSatisfying(
            Footprint.Reads.class,
            reads ->
                assertThat(reads.occurrences().getFirst().condition()).isEqualTo(Condition.ALWAYS));
  }

  private static ClockUse use(String sql, String zone) {
    Question question = new Question(sql, List.of(), new TreeMap<>(Map.of("timezone", zone)));
    return analyst.footprint(question) instanceof Footprint.Reads reads
        ? reads.traits().timeDependent().orElseThrow(() -> new AssertionError("no clock: " + sql))
        : new ClockUse.Anytime("it is not understood");
  }

  /** How many flips were told, and how many are exactly when the answer is another. */
  private static final class Tally {
    private final List<String> late = new ArrayList<>();
    private int told;
    private int exact;
    private int never;
  }

  /** As many trials, or until one has gone wrong. */
  private static void trials(Traps traps, int count, Tally tally) throws SQLException {
    Random random = new Random(SEED);
    Map<String, ClockUse> uses = new HashMap<>();
    for (int i = 0; i < count && tally.late.isEmpty(); i++) {
      String zone = ZONES.get(random.nextInt(ZONES.size()));
      String sql = SHAPES.get(random.nextInt(SHAPES.size()));
      Instant now = moment(random);
      ClockUse use = uses.computeIfAbsent(zone + sql, ignored -> use(sql, zone));
      execute("SET LOCAL timezone = '" + zone + "'");
      execute("DELETE FROM t");
      int rows = random.nextInt(9);
      for (int id = 0; id < rows; id++) {
        insert(id, now, !sql.contains("current_date - day"), random);
      }
      try {
        trial(traps, tally, zone, sql, now, use);
      } finally {
        connection.rollback();
      }
    }
  }

  private static Instant moment(Random random) {
    Instant near =
        Instant.parse(
            MOMENTS.get(random.nextInt(MOMENTS.size())).replace(' ', 'T').replace("+00", "Z"));
    return near.plus(random.nextLong(7_200_000_000L) - 3_600_000_000L, ChronoUnit.MICROS);
  }

  private static void insert(int id, Instant now, boolean endless, Random random)
      throws SQLException {
    execute(
        "INSERT INTO t VALUES ("
            + id
            + ", "
            + (random.nextInt(5) == 0 ? 1 + random.nextInt(31) : random.nextInt(4))
            + ", "
            + value(now, "timestamptz", random)
            + ", "
            + value(now, "timestamptz", random)
            + ", "
            + value(now, "timestamp", random)
            + ", "
            + (endless ? value(now, "date", random) : finite(now, "date", random))
            + ", "
            + List.of("NULL", "'1 day'::interval", "'1 month'::interval", "'45 minutes'::interval")
                .get(random.nextInt(4))
            + ")");
  }

  private static String value(Instant now, String type, Random random) {
    int kind = random.nextInt(20);
    if (kind < 3) {
      return List.of("NULL", "'infinity'", "'-infinity'").get(kind);
    }
    return finite(now, type, random);
  }

  private static String finite(Instant now, String type, Random random) {
    List<String> back =
        List.of(
            "0",
            "1 day",
            "1 day",
            "90 minutes",
            "1 month",
            "1 month",
            "36 hours",
            "2 days",
            "90 days",
            "7 days",
            "1 mon 2 days 03:00",
            "-1 day");
    String away =
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt(3) - 1 + " microseconds";
          case 1 -> random.nextInt(7200) - 3600 + " seconds";
          case 2 -> random.nextInt(144) - 72 + " hours";
          default -> random.nextInt(80) - 40 + " days";
        };
    return "('"
        + now
        + "'::timestamptz - interval '"
        + back.get(random.nextInt(back.size()))
        + "' + interval '"
        + away
        + "')::"
        + type;
  }

  private static void trial(
      Traps traps, Tally tally, String zone, String sql, Instant now, ClockUse use)
      throws SQLException {
    Savepoint before = connection.setSavepoint();
    Optional<Instant> flip = new FlipSearch(connection, List.of(), now, traps).next(use);
    connection.rollback(before);
    String then = answer(sql, literal(now));
    Optional<String> earlier = another(sql, then, now, flip);
    if (earlier.isPresent()) {
      tally.late.add(
          sql
              + " at "
              + now
              + " in "
              + zone
              + ": said "
              + flip
              + ", and it is another at "
              + earlier.get());
    }
    if (flip.isEmpty()) {
      tally.never++;
    } else {
      tally.told++;
      tally.exact += then.equals(answer(sql, literal(flip.get()))) ? 0 : 1;
    }
  }

  private static String literal(Instant moment) {
    return "'" + moment + "'::timestamptz";
  }

  /** The statement's answer, with a moment in place of its clock. */
  private static String asked(String sql, String moment) {
    String inView =
        sql.replace(
            "FROM recent",
            "FROM (SELECT id, kind FROM t WHERE at > now() - interval '7 days') recent");
    String told =
        inView
            .replace("now()", "(" + moment + ")")
            .replace("current_timestamp", "(" + moment + ")")
            .replace("localtimestamp", "((" + moment + ")::timestamp)")
            .replace("current_date", "((" + moment + ")::date)");
    return "(SELECT coalesce(string_agg(q::text, ';' ORDER BY q::text), '') FROM (" + told + ") q)";
  }

  private static String answer(String sql, String moment) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT " + asked(sql, moment))) {
      row.next();
      return row.getString(1);
    }
  }

  /**
   * A moment before the flip at which the answer is another: looked for just before it, all along
   * by the quarter of an hour for three days, by three hours for forty, by days for two years, and
   * around every moment that a row is about.
   */
  private static Optional<String> another(
      String sql, String then, Instant now, Optional<Instant> flip) throws SQLException {
    String until = flip.map(NextFlipTest::literal).orElse(literal(now) + " + interval '2 years'");
    String moments =
        "SELECT "
            + until
            + " - interval '1 microsecond' UNION ALL SELECT generate_series("
            + literal(now)
            + ", "
            + literal(now)
            + " + interval '3 days', '15 minutes') UNION ALL SELECT generate_series("
            + literal(now)
            + ", "
            + literal(now)
            + " + interval '40 days', '3 hours') UNION ALL SELECT generate_series("
            + literal(now)
            + ", "
            + literal(now)
            + " + interval '2 years', '1 day') UNION ALL SELECT v + i + u FROM (SELECT at FROM t"
            + " UNION ALL SELECT until FROM t UNION ALL SELECT local FROM t UNION ALL SELECT day"
            + " FROM t) r(v), unnest('{0,1 hour,-1 hour,1 day,2 days,36 hours,90 minutes,1 month,1"
            + " mon 2 days 03:00,-1 day,23:00,25:00,30 days,29 days,28 days}'::interval[]) i,"
            + " unnest('{-1 microsecond,0,1 microsecond}'::interval[]) u WHERE isfinite(v)";
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT min(c.m) FROM ("
                    + moments
                    + ") c(m) WHERE c.m > "
                    + literal(now)
                    + " AND c.m < "
                    + until
                    + " AND "
                    + asked(sql, "c.m")
                    + " <> "
                    + dev.anabranch.base.Identifiers.literal(then))) {
      row.next();
      @Nullable String found = row.getString(1);
      return Optional.ofNullable(found);
    }
  }
}
