package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.branch.history.PastPoint;
import dev.anabranch.cluster.Program;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A branch as it was: what it holds, that nobody writes to it, and when it goes. */
@Tag("postgres")
class PointInTimeReplicasTest {

  private static final BranchName ALICE = new BranchName("alice");
  private static final Duration UNUSED = Duration.ofMinutes(5);

  /** All that a client can say to be allowed to write. */
  private static final List<String> WISHES =
      List.of(
          "SET default_transaction_read_only = off",
          "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
          "SET transaction_read_only = off",
          "BEGIN READ WRITE");

  private static final List<String> WRITES =
      List.of(
          "INSERT INTO orders VALUES (3, 30)",
          "UPDATE orders SET total = 0",
          "DELETE FROM orders",
          "MERGE INTO orders o USING orders p ON o.id = p.id WHEN MATCHED THEN DELETE",
          "TRUNCATE orders",
          "WITH gone AS (DELETE FROM orders RETURNING id) SELECT * FROM gone",
          "SELECT * FROM orders FOR UPDATE",
          "LOCK TABLE orders IN EXCLUSIVE MODE",
          "COPY orders FROM STDIN",
          "CREATE TABLE t (x int)",
          "CREATE TEMP TABLE t (x int)",
          "SELECT * INTO t FROM orders",
          "ALTER TABLE orders ADD COLUMN x int",
          "DROP TABLE orders",
          "CREATE INDEX ON orders (total)",
          "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
          "REFRESH MATERIALIZED VIEW sums",
          "COMMENT ON TABLE orders IS 'mine'",
          "GRANT SELECT ON orders TO PUBLIC",
          "ALTER ROLE CURRENT_USER SET work_mem = '1MB'",
          "ALTER SYSTEM SET hot_standby = off",
          "SELECT nextval('numbers')",
          "SELECT setval('numbers', 7)",
          "SELECT lo_creat(-1)",
          "DO $$ BEGIN EXECUTE 'DELETE FROM orders'; END $$",
          "NOTIFY somebody",
          "VACUUM orders",
          "ANALYZE orders",
          "REINDEX TABLE orders",
          "SELECT pg_current_xact_id()",
          "SELECT pg_logical_emit_message(true, 'a', 'b')",
          "SELECT pg_create_physical_replication_slot('mine')",
          "SELECT pg_promote()",
          "SET ROLE anabranch_owner");

  private static TemporaryPostgres main;
  private static Workshop workshop;
  private static Branch alice;
  private static PastPoint before;
  private static PastPoint after;
  private static volatile Duration ahead = Duration.ZERO;

  @BeforeAll
  static void start() throws SQLException {
    main = TemporaryPostgres.start();
    main.execute("CREATE DATABASE shop");
    main.executeIn(
        "shop",
        "CREATE TABLE orders (id int PRIMARY KEY, total int)",
        "INSERT INTO orders VALUES (1, 10), (2, 20)",
        "CREATE SEQUENCE numbers",
        "CREATE MATERIALIZED VIEW sums AS SELECT sum(total) FROM orders",
        // However generous main is: who is no superuser must not end recovery.
        "GRANT EXECUTE ON FUNCTION pg_promote TO PUBLIC");
    workshop = new Workshop(main, "shop");
    workshop
        .withClock(() -> Instant.now().plus(ahead))
        .withRules(BranchRules.none().withViews(new ReplicaLimits(2, UNUSED)));
    workshop.wire();
    workshop.start();
    alice = workshop.create("alice");
    workshop.ask("alice", "UPDATE orders SET total = 11 WHERE id = 1");
    before = now();
    workshop.ask("alice", "DELETE FROM orders");
    after = now();
  }

  @AfterAll
  static void stop() {
    workshop.close();
    main.close();
  }

  @AfterEach
  void noViews() {
    views().end(alice, id -> {});
    assertThat(views().count()).isZero();
  }

  private static PointInTimeReplicas views() {
    return workshop.branches.views();
  }

  private static PastPoint now() throws SQLException {
    return PastPoint.parse(workshop.ask("alice", "SELECT pg_current_wal_insert_lsn()").getFirst());
  }

  private static Endpoint open(PastPoint point) {
    return views().open(alice, point);
  }

  private static Connection client(PastPoint point) throws SQLException {
    return Workshop.client(open(point));
  }

  private static Path directory(BranchId view) {
    return workshop.home.branches().resolve(view.toString());
  }

  private static void assertGone(Endpoint view) {
    assertThat(directory(view.branch())).doesNotExist();
    assertThat(view.socketDirectory()).doesNotExist();
  }

  private static void assertRefused(PastPoint point, ErrorCode code, String why) {
    assertThatThrownBy(() -> open(point))
        .isInstanceOfSatisfying(AnabranchException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(why);
  }

  @Test
  void aViewHoldsWhatTheBranchHeldAndIsNoBranch() throws SQLException {
    try (Connection view = client(before)) {
      assertThat(Workshop.ask(view, "SELECT total FROM orders ORDER BY id"))
          .containsExactly("11", "20");
    }
    assertThat(workshop.ask("alice", "SELECT count(*) FROM orders")).containsExactly("0");
    assertThat(workshop.branches.list()).extracting(Branch::name).containsExactly(ALICE);
  }

  @Test
  void nothingCanBeWrittenWhateverIsSet() throws SQLException {
    for (String wish : WISHES) {
      try (Connection view = client(before);
          Statement sql = view.createStatement()) {
        for (String write : WRITES) {
          assertRefused(sql, wish, write);
        }
      }
    }
    try (Connection view = client(before)) {
      assertThat(Workshop.ask(view, "SELECT pg_is_in_recovery()::text || sum(total) FROM orders"))
          .containsExactly("true31");
    }
  }

  private static void assertRefused(Statement sql, String wish, String write) throws SQLException {
    try {
      sql.execute(wish);
    } catch (SQLException e) {
      assertThat(e.getMessage()).contains("during recovery");
    }
    assertThatThrownBy(() -> sql.execute(write), "%s", wish + "; " + write)
        .isInstanceOf(SQLException.class);
    sql.execute("ROLLBACK");
  }

  @Test
  void thoseWhoAskForOneMomentShareAView() {
    Endpoint first = open(PastPoint.parse(clock().toString()));
    PastPoint time = PastPoint.parse("2026-11-20T10:00:00Z");
    assertThat(time).isEqualTo(PastPoint.parse("2026-11-20T12:00:00.000+02:00"));
    assertThat(open(after)).isNotEqualTo(first).isEqualTo(open(after));
    assertThat(views().count()).isEqualTo(2);
  }

  private static Instant clock() {
    return Instant.now();
  }

  @Test
  void aTimeIsAMomentToo() throws SQLException {
    Instant time = clock();
    workshop.ask("alice", "INSERT INTO orders VALUES (3, 30)");
    try (Connection view = client(new PastPoint.AtTime(time))) {
      assertThat(Workshop.ask(view, "SELECT count(*) FROM orders")).containsExactly("0");
    }
    workshop.ask("alice", "DELETE FROM orders");
  }

  @Test
  void aViewGoesWhenNobodyHasBeenConnectedForAWhile() throws SQLException {
    Endpoint view = open(before);
    try (Connection reader = Workshop.client(view)) {
      ahead = ahead.plus(UNUSED);
      assertThat(views().removeUnused()).isEmpty();
      ahead = ahead.plus(UNUSED).minusSeconds(1);
      assertThat(views().removeUnused()).isEmpty();
      assertThat(Workshop.ask(reader, "SELECT 1")).containsExactly("1");
    }
    Await.until(
        () -> {
          ahead = ahead.plus(UNUSED);
          return views().removeUnused().equals(List.of(view.branch()));
        },
        Duration.ofSeconds(10));
    assertGone(view);
  }

  @Test
  void thereAreOnlySoManyAndTheOneThatNobodyReadsMakesRoom() throws SQLException {
    Endpoint unread = open(before);
    try (Connection reader = client(after)) {
      PastPoint third = now();
      try (Connection other = client(third)) {
        assertGone(unread);
        workshop.ask("alice", "SELECT pg_logical_emit_message(true, 'a', 'b')");
        assertRefused(now(), ErrorCode.VIEW_LIMIT, "All 2 point-in-time views");
        assertThat(Workshop.ask(other, "SELECT 1")).isEqualTo(Workshop.ask(reader, "SELECT 1"));
      }
    }
  }

  @Test
  void aViewWhosePostgresWasKilledIsStartedAgainForReading() throws Exception {
    Endpoint view = open(before);
    long postmaster = postmaster(view);
    Program.run(List.of("sh", "-c", "kill -9 " + postmaster));
    Await.until(
        () -> !Files.exists(Path.of("/proc/" + postmaster + "/cwd")), Duration.ofSeconds(10));
    try (Connection reader = client(before)) {
      assertThat(Workshop.ask(reader, "SELECT pg_is_in_recovery()")).containsExactly("t");
    }
    assertThat(open(before)).isEqualTo(view);
  }

  private static long postmaster(Endpoint view) throws IOException {
    return Long.parseLong(
        Files.readAllLines(directory(view.branch()).resolve("data/postmaster.pid"))
            .getFirst()
            .strip());
  }

  @Test
  void aNewProcessRemovesTheViewsOfTheOneBefore() throws IOException {
    Endpoint view = open(before);
    long postmaster = postmaster(view);
    workshop.wire();
    workshop.start();
    assertGone(view);
    assertThat(ProcessHandle.of(postmaster).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    assertThat(open(before)).isNotEqualTo(view);
  }

  @Test
  void whoseViewsEndIsToldBeforeTheyGo() {
    Endpoint view = open(before);
    List<BranchId> told = new ArrayList<>();
    views()
        .end(
            alice,
            id -> {
              assertThat(directory(id)).exists();
              told.add(id);
            });
    assertThat(told).containsExactly(view.branch());
    assertGone(view);
  }

  @Test
  void aMomentThatCantBeHadIsRefusedWithTheReason() {
    ErrorCode gone = ErrorCode.BRANCH_MOMENT_GONE;
    Instant now = clock().plus(ahead);
    assertRefused(new PastPoint.AtTime(now.plusSeconds(60)), gone, "still to come");
    assertRefused(new PastPoint.AtTime(now.minusSeconds(86_400)), gone, "it began at");
    assertRefused(PastPoint.parse("FF/0"), gone, "its WAL is only at");
    assertRefused(PastPoint.parse("0/1"), gone, "begins behind");
    Branch child =
        workshop.branches.create(
            new BranchRequest(
                new BranchName("child"),
                new Lifetime.NoExpiry(),
                new BranchPoint.Latest(),
                Optional.of(ALICE),
                Optional.empty(),
                true));
    assertThatThrownBy(() -> views().open(child, before)).hasMessageContaining("another branch");
    workshop.branches.delete(child.name(), false, true);
    assertThatThrownBy(() -> views().open(child, before)).hasMessageContaining("child");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "noon", "2026-11-20", "2026-11-20T10:00:00", "0/", "0/3A0/1", "now"})
  void whatIsNoMomentIsRefused(String text) {
    assertThatThrownBy(() -> PastPoint.parse(text))
        .isInstanceOfSatisfying(
            AnabranchException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BRANCH_MOMENT_INVALID));
  }
}
