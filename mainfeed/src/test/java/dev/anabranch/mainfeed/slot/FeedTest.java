package dev.anabranch.mainfeed.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.LastWrite;
import dev.anabranch.mainfeed.MainFeed;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.store.FeedStore;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.ControlDatabase;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The feed on a real Postgres: what main commits is what a delta says, and what can't be known is
 * said to be so.
 */
@Tag("postgres")
class FeedTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private TemporaryPostgres main;
  private HikariDataSource control;
  private FeedStore store;
  private FeedSupervisor connection;

  @BeforeEach
  void start() throws SQLException {
    main = TemporaryPostgres.start();
    control = ControlDatabase.fresh(TemporaryPostgres.shared());
    main.execute(
        "CREATE TABLE orders (id int PRIMARY KEY, total numeric, note text)",
        "INSERT INTO orders SELECT g, g, 'n' || g FROM generate_series(1, 10) g",
        "CREATE TABLE logs (line text)",
        "CREATE TABLE full_logs (line text)",
        "ALTER TABLE full_logs REPLICA IDENTITY FULL",
        "CREATE UNLOGGED TABLE scratch (id int PRIMARY KEY)");
    begin();
  }

  @AfterEach
  void stop() {
    connection.close();
    control.close();
    main.close();
  }

  private void begin() {
    store = new FeedStore(control);
    FeedSettings settings =
        new FeedSettings(
            main.jdbcUrl(),
            new Properties(),
            "anabranch_t",
            "anabranch_feed_t",
            Duration.ofMillis(200));
    connection = new FeedSupervisor(settings, store);
    connection.start();
    connection.awaitStreaming(PATIENCE);
  }

  @Test
  void aDeltaHasTheNewestImageOfEachChangedKey() {
    Lsn fork = flushed();
    main.execute(
        "UPDATE orders SET total = 100 WHERE id = 1",
        "UPDATE orders SET total = 101.50 WHERE id = 1",
        "DELETE FROM orders WHERE id = 2",
        "INSERT INTO orders VALUES (11, NULL, E'new\\tline\\u00e9')",
        "UPDATE orders SET id = 33 WHERE id = 3",
        "INSERT INTO orders VALUES (12, 1, 'x')",
        "DELETE FROM orders WHERE id = 12");

    assertThat(rows(since(fork), "orders"))
        .isEqualTo(
            Map.of(
                "1", "1|101.50|n1",
                "2", "gone",
                "3", "gone",
                "33", "33|3|n3",
                "11", "11|null|new\tlineé",
                "12", "gone"));
    Lsn later = flushed();
    main.execute("UPDATE orders SET note = 'again' WHERE id = 1");
    assertThat(rows(since(later), "orders")).isEqualTo(Map.of("1", "1|101.50|again"));
  }

  @Test
  void itIsKnownWhenARowWasChangedLast() {
    Lsn fork = flushed();
    Instant before = Instant.now().minusSeconds(1);
    main.execute("UPDATE orders SET total = 100 WHERE id = 1", "DELETE FROM orders WHERE id = 2");
    Delta delta = since(fork);
    FeedStore.RowName first = new FeedStore.RowName("public.orders", new Key(List.of("1")));
    FeedStore.RowName gone = new FeedStore.RowName("public.orders", new Key(List.of("2")));
    Map<FeedStore.RowName, LastWrite> writes =
        store.lastWrites(
            List.of(
                first,
                gone,
                new FeedStore.RowName("public.orders", new Key(List.of("3"))),
                new FeedStore.RowName("public.nothing", new Key(List.of("1")))));
    assertThat(writes).containsOnlyKeys(first, gone);
    Lsn last =
        ((TableDelta.Rows) delta.of(id("orders")))
            .rows().stream().map(NewestRow::lsn).max(Lsn::compareTo).orElseThrow();
    assertThat(writes)
        .hasEntrySatisfying(gone, write -> assertThat(write.lsn()).isEqualByComparingTo(last))
        .hasEntrySatisfying(first, write -> assertThat(write.at().orElseThrow()).isAfter(before));
    store.forget(flushed());
    assertThat(store.lastWrites(List.of(first, gone))).isEmpty();
  }

  @Test
  void whatCanNotBeGivenAsRowsSaysWhy() {
    Lsn fork = flushed();
    assertThat(since(fork).of(id("full_logs")))
        .as("without a key, but known not to have changed")
        .isInstanceOfSatisfying(TableDelta.Rows.class, rows -> assertThat(rows.rows()).isEmpty());
    main.execute(
        "INSERT INTO logs VALUES ('a')", "INSERT INTO full_logs VALUES ('a')", "TRUNCATE orders");
    Delta delta = since(fork);

    assertThat(delta.of(id("logs"))).isInstanceOf(TableDelta.Unwatched.class);
    assertThat(delta.of(id("scratch"))).isInstanceOf(TableDelta.Unwatched.class);
    assertThat(delta.of(id("full_logs"))).isInstanceOf(TableDelta.Touched.class);
    assertThat(delta.of(id("orders"))).isInstanceOf(TableDelta.Touched.class);
    assertThat(since(flushed()).of(id("orders"))).isInstanceOf(TableDelta.Rows.class);
  }

  @Test
  void aRolledBackTransactionLeavesNoTrace() throws SQLException {
    Lsn fork = flushed();
    try (Connection session = main.connect();
        Statement statement = session.createStatement()) {
      session.setAutoCommit(false);
      statement.execute("UPDATE orders SET total = 0");
      session.rollback();
      statement.execute("UPDATE orders SET total = 7 WHERE id = 7");
      statement.execute("SAVEPOINT s");
      statement.execute("UPDATE orders SET total = 8 WHERE id = 8");
      statement.execute("ROLLBACK TO s");
      session.commit();
    }
    assertThat(rows(since(fork), "orders")).isEqualTo(Map.of("7", "7|7|n7"));
  }

  @Test
  void aNewTableIsWatchedFromAPositionOnAndABrokenOneNoMore() {
    main.execute("CREATE TABLE fresh (id int PRIMARY KEY, v text)");
    Lsn before = flushed();
    assertThat(since(before).of(id("fresh"))).isInstanceOf(TableDelta.Unwatched.class);
    Await.until(() -> since(flushed()).of(id("fresh")) instanceof TableDelta.Rows, PATIENCE);
    Lsn fork = flushed();
    main.execute("INSERT INTO fresh VALUES (1, 'a')");
    assertThat(rows(since(fork), "fresh")).isEqualTo(Map.of("1", "1|a"));
    assertThat(since(before).of(id("fresh"))).isInstanceOf(TableDelta.Unwatched.class);

    main.execute("ALTER TABLE fresh DROP CONSTRAINT fresh_pkey");
    Await.until(
        () ->
            main.query("postgres", "SELECT 1 FROM pg_publication_tables WHERE tablename = 'fresh'")
                .isEmpty(),
        PATIENCE);
    main.execute("UPDATE fresh SET v = 'b'");
    assertThat(since(fork).of(id("fresh"))).isInstanceOf(TableDelta.Unwatched.class);
    assertThat(since(flushed()).of(id("fresh"))).isInstanceOf(TableDelta.Unwatched.class);
  }

  @Test
  void beforeAForkPointNewTablesCanBeWaitedFor() throws SQLException {
    main.execute("CREATE TABLE fresh (id int PRIMARY KEY, v text)");
    assertThat(connection.awaitWatched(PATIENCE)).isTrue();
    Lsn fork = flushed();
    main.execute("INSERT INTO fresh VALUES (1, 'a')");
    assertThat(rows(since(fork), "fresh")).isEqualTo(Map.of("1", "1|a"));

    try (Connection writer = main.connect();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("INSERT INTO fresh VALUES (2, 'b')");
      main.execute("CREATE TABLE fresher (id int PRIMARY KEY)");
      assertThat(connection.awaitWatched(Duration.ofMillis(300))).isFalse();
      writer.commit();
    }
    assertThat(connection.awaitWatched(PATIENCE)).isTrue();
  }

  @Test
  void aTableIsNotWatchedWhileATransactionThatWroteItBeforeStillRuns() throws SQLException {
    try (Connection writer = main.connect();
        Statement statement = writer.createStatement()) {
      main.execute(
          "CREATE TABLE late (id int PRIMARY KEY, v text)",
          "ALTER TABLE late SET (fillfactor = 90)");
      writer.setAutoCommit(false);
      statement.execute("INSERT INTO orders VALUES (500, 1, 'has a transaction id')");
      statement.execute("INSERT INTO late VALUES (1, 'before it was published')");
      Await.until(
          () ->
              !main.query(
                      "postgres", "SELECT 1 FROM pg_publication_tables WHERE tablename = 'late'")
                  .isEmpty(),
          PATIENCE);
      Lsn fork = flushed();
      statement.execute("INSERT INTO late VALUES (2, 'after')");
      main.execute("INSERT INTO late VALUES (3, 'by another')");
      assertThat(since(fork).of(id("late"))).isInstanceOf(TableDelta.Unwatched.class);
      writer.commit();
      Await.until(() -> since(flushed()).of(id("late")) instanceof TableDelta.Rows, PATIENCE);
      assertThat(since(fork).of(id("late"))).isInstanceOf(TableDelta.Unwatched.class);
    }
    Lsn fork = flushed();
    main.execute("UPDATE late SET v = 'seen' WHERE id IN (1, 3)");
    assertThat(rows(since(fork), "late")).isEqualTo(Map.of("1", "1|seen", "3", "3|seen"));
  }

  @Test
  void anAlteredTableIsTouchedAndThenWatchedAnew() {
    Lsn fork = flushed();
    main.execute(
        "ALTER TABLE orders ADD COLUMN extra int DEFAULT 4",
        "UPDATE orders SET extra = 5 WHERE id = 1");
    assertThat(since(fork).of(id("orders"))).isNotInstanceOf(TableDelta.Rows.class);

    Await.until(() -> since(flushed()).of(id("orders")) instanceof TableDelta.Rows, PATIENCE);
    assertThat(since(fork).of(id("orders"))).isNotInstanceOf(TableDelta.Rows.class);
    Lsn later = flushed();
    main.execute("UPDATE orders SET extra = 6 WHERE id = 1");
    assertThat(rows(since(later), "orders")).isEqualTo(Map.of("1", "1|1|n1|6"));
  }

  @Test
  void largeValuesThatAnUpdateLeftAloneAreKept() {
    main.execute(
        "CREATE TABLE docs (id int PRIMARY KEY, title text, body text STORAGE EXTERNAL)",
        "INSERT INTO docs VALUES (1, 'a', repeat('x', 10000)), (2, 'b', repeat('y', 10000))");
    Await.until(() -> since(flushed()).of(id("docs")) instanceof TableDelta.Rows, PATIENCE);
    Lsn fork = flushed();
    main.execute("UPDATE docs SET title = 'A' WHERE id = 1");
    assertThat(rows(since(fork), "docs")).isEqualTo(Map.of("1", "1|A|unchanged"));

    main.execute("UPDATE docs SET body = repeat('z', 9000) WHERE id = 1");
    awaitFeed();
    main.execute("UPDATE docs SET title = 'AA' WHERE id = 1");
    assertThat(rows(since(fork), "docs")).isEqualTo(Map.of("1", "1|AA|" + "z".repeat(9000)));
    main.execute("UPDATE docs SET id = 10 WHERE id = 1");
    assertThat(rows(since(fork), "docs"))
        .isEqualTo(Map.of("1", "gone", "10", "10|AA|" + "z".repeat(9000)));
    main.execute("UPDATE docs SET id = 20 WHERE id = 2");
    assertThat(since(fork).of(id("docs"))).isInstanceOf(TableDelta.Touched.class);
  }

  @Test
  void mainsOwnUpdatesOfTablesWithGeneratedColumnsAreNeverRefused() {
    main.execute(
        "CREATE TABLE virtual_by_key (id int PRIMARY KEY, n int, g int GENERATED ALWAYS AS (n *"
            + " 2))",
        "CREATE TABLE virtual_full (id int PRIMARY KEY, n int, g int GENERATED ALWAYS AS (n * 2))",
        "ALTER TABLE virtual_full REPLICA IDENTITY FULL",
        "CREATE TABLE generated_key (id int, n int, g int GENERATED ALWAYS AS (n * 2) STORED,"
            + " PRIMARY KEY (id, g))");
    for (String table : new String[] {"virtual_by_key", "virtual_full", "generated_key"}) {
      main.execute("INSERT INTO " + table + " VALUES (1, 1), (2, 2), (3, 3)");
    }
    assertThat(connection.awaitWatched(PATIENCE)).isTrue();
    Await.until(
        () -> since(flushed()).of(id("virtual_by_key")) instanceof TableDelta.Rows, PATIENCE);
    Lsn fork = flushed();
    for (String table : new String[] {"virtual_by_key", "virtual_full", "generated_key"}) {
      main.execute(
          "UPDATE " + table + " SET n = 5 WHERE id = 1", "DELETE FROM " + table + " WHERE id = 2");
    }
    assertThat(rows(since(fork), "virtual_by_key")).isEqualTo(Map.of("1", "1|5", "2", "gone"));
    assertThat(since(fork).of(id("virtual_full"))).isInstanceOf(TableDelta.Unwatched.class);
    assertThat(since(fork).of(id("generated_key"))).isInstanceOf(TableDelta.Unwatched.class);
  }

  @Test
  void aHoldStopsExactlyWhereItIsTold() {
    Lsn fork = flushed();
    main.execute("UPDATE orders SET total = 1000 WHERE id = 1");
    awaitFeed();
    try (MainFeed.Hold hold = store.hold()) {
      Lsn held = store.applied();
      main.execute("UPDATE orders SET total = 2000 WHERE id = 2");
      Lsn target = flushed();
      main.execute("UPDATE orders SET total = 3000 WHERE id = 3");
      flushed();
      assertThat(store.applied()).isEqualTo(held);
      assertThat(rows(store.deltaSince(fork), "orders")).containsOnlyKeys("1");

      hold.advanceTo(target, PATIENCE);
      assertThat(store.applied()).isEqualTo(target);
      Delta delta = store.deltaSince(fork);
      assertThat(delta.asOf()).isEqualTo(target);
      assertThat(rows(delta, "orders")).containsOnlyKeys("1", "2");
    }
    assertThat(rows(since(fork), "orders")).containsOnlyKeys("1", "2", "3");
  }

  @Test
  void aPromotionsMarkerIsFound() {
    assertThat(store.marker("p-1")).isEmpty();
    main.execute(
        "SELECT pg_logical_emit_message(true, 'anabranch', 'promotion:p-1')",
        "SELECT pg_logical_emit_message(false, 'anabranch', 'promotion:p-2')",
        "SELECT pg_logical_emit_message(true, 'other', 'promotion:p-3')");
    awaitFeed();

    assertThat(store.marker("p-1")).isPresent();
    assertThat(store.marker("p-1").orElseThrow()).isLessThanOrEqualTo(store.applied());
    assertThat(store.marker("p-2")).isEmpty();
    assertThat(store.marker("p-3")).isEmpty();
  }

  @Test
  void aLostSlotMovesEveryTablesBeginningUp() throws SQLException {
    Lsn fork = flushed();
    main.execute("UPDATE orders SET total = 5 WHERE id = 5");
    assertThat(rows(since(fork), "orders")).containsOnlyKeys("5");
    connection.close();
    main.execute(
        "SELECT pg_drop_replication_slot('anabranch_feed_t')",
        "UPDATE orders SET total = 6 WHERE id = 6");
    begin();

    assertThat(since(fork).of(id("orders"))).isInstanceOf(TableDelta.Unwatched.class);
    Lsn later = flushed();
    main.execute("UPDATE orders SET total = 7 WHERE id = 7");
    assertThat(rows(since(later), "orders")).containsOnlyKeys("7");
  }

  @Test
  void workGoesOnAfterRestartsOfEitherSide() {
    Lsn fork = flushed();
    main.execute("UPDATE orders SET total = 1 WHERE id = 4");
    connection.close();
    main.execute("UPDATE orders SET total = 1 WHERE id = 5");
    begin();
    assertThat(rows(since(fork), "orders")).containsOnlyKeys("4", "5");

    main.cluster().stop(StopMode.FAST);
    main.cluster().start(PATIENCE);
    main.execute("UPDATE orders SET total = 1 WHERE id = 6");
    assertThat(rows(since(fork), "orders")).containsOnlyKeys("4", "5", "6");
  }

  @Test
  void forgottenForkPointsAreRefused() {
    Lsn fork = flushed();
    main.execute("UPDATE orders SET total = 5 WHERE id = 5");
    Lsn later = flushed();
    main.execute("UPDATE orders SET total = 6 WHERE id = 6");
    awaitFeed();
    store.forget(later);

    assertThat(since(fork).of(id("orders"))).isInstanceOf(TableDelta.Unwatched.class);
    assertThat(rows(since(later), "orders")).containsOnlyKeys("6");
  }

  @Test
  void aTransactionBiggerThanMemoryShouldHoldIsStoredWhole() {
    Lsn fork = flushed();
    main.execute(
        "DO $$ BEGIN INSERT INTO orders SELECT g, 0, '' FROM generate_series(100, 60099) g; UPDATE"
            + " orders SET total = 1 WHERE id >= 100; DELETE FROM orders WHERE id >= 60000; END"
            + " $$");
    Map<String, String> rows = rows(since(fork), "orders");

    assertThat(rows).hasSize(60_000).containsEntry("100", "100|1|").containsEntry("60099", "gone");
    assertThat(rows.values()).filteredOn("gone"::equals).hasSize(100);
  }

  @Test
  void aTableThatIsTakenOutIsFreeOfWhatBeingPublishedForbids() {
    assertThat(connection.unwatch("orders")).containsExactly("public.orders");
    main.execute(
        "ALTER TABLE orders SET UNLOGGED",
        "ALTER TABLE orders SET LOGGED",
        "ALTER TABLE orders DROP CONSTRAINT orders_pkey",
        "UPDATE orders SET total = 0",
        "ALTER TABLE orders ADD PRIMARY KEY (id)");
    connection.close();
    begin();

    assertThat(connection.awaitWatched(PATIENCE)).isTrue();
    assertThat(published()).doesNotContain("orders");
    assertThat(connection.status().unwatched().get("public.orders")).contains("main unwatch");
    assertThat(since(flushed()).of(id("orders"))).isInstanceOf(TableDelta.Unwatched.class);

    assertThat(connection.watch("public.orders")).containsExactly("public.orders");
    assertThat(connection.awaitWatched(PATIENCE)).isTrue();
    assertThat(published()).contains("orders");
    assertThat(connection.status().unwatched()).doesNotContainKey("public.orders");
    assertThatThrownBy(() -> connection.unwatch("no \"such")).hasMessageContaining("no table");
  }

  @Test
  void aTableThatMainDoesNotLetUsPublishIsTriedAgainAndSaid() {
    main.execute(
        "CREATE FUNCTION forbid() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'not on a"
            + " Friday'; END$$",
        "CREATE EVENT TRIGGER forbidden ON ddl_command_start WHEN TAG IN ('ALTER PUBLICATION')"
            + " EXECUTE FUNCTION forbid()",
        "CREATE TABLE late (id int PRIMARY KEY)");
    connection.awaitWatched(PATIENCE);
    assertThat(connection.status().unwatched().get("public.late")).contains("not on a Friday");
    main.execute("DROP EVENT TRIGGER forbidden");

    Await.until("the table is published", () -> published().contains("late"), PATIENCE);
  }

  private List<String> published() {
    return main.query("postgres", "SELECT tablename FROM pg_publication_tables");
  }

  @Test
  void removingTheFeedLeavesNothingOnMain() throws SQLException {
    connection.remove();

    assertThat(main.query("postgres", "SELECT slot_name FROM pg_replication_slots")).isEmpty();
    assertThat(main.query("postgres", "SELECT pubname FROM pg_publication")).isEmpty();
  }

  private Lsn flushed() {
    return Lsn.parse(main.query("postgres", "SELECT pg_current_wal_flush_lsn()").getFirst());
  }

  private void awaitFeed() {
    store.await(flushed(), PATIENCE);
  }

  private Delta since(Lsn fork) {
    awaitFeed();
    return store.deltaSince(fork);
  }

  private TableId id(String table) {
    return new TableId(
        Long.parseLong(main.query("postgres", "SELECT '" + table + "'::regclass::oid").getFirst()));
  }

  private Map<String, String> rows(Delta delta, String table) {
    TableDelta of = delta.of(id(table));
    assertThat(of).as("what is known of %s", table).isInstanceOf(TableDelta.Rows.class);
    Map<String, String> rows = new TreeMap<>();
    for (NewestRow row : ((TableDelta.Rows) of).rows()) {
      rows.put(row.key().toString(), row.now().map(FeedTest::text).orElse("gone"));
    }
    return rows;
  }

  private static String text(Image image) {
    return image.cells().stream()
        .map(cell -> cell == Cell.Absent.UNCHANGED ? "unchanged" : String.valueOf(cell.text()))
        .collect(Collectors.joining("|"));
  }
}
