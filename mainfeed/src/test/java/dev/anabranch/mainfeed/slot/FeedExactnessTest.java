package dev.anabranch.mainfeed.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TextForm;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.ClusterSpec;
import dev.anabranch.cluster.Trees;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.MainFeed;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.mainfeed.store.FeedStore;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.ControlDatabase;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A delta is exact: what a physical copy of main holds at a position, with the delta since that
 * position laid over it, is what main holds as of the delta's end. Writers are running all the
 * while, and the feed is interrupted.
 */
@Tag("postgres")
class FeedExactnessTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int WRITERS = 3;
  private static final int ROUNDS = 12;
  private static final String ALL_ROWS = "SELECT id, a, b, c FROM public.t";

  @Test
  void aCopyOfMainAndTheDeltaSinceMakeMainNow() throws Exception {
    long seed = 42;
    TemporaryPostgres main =
        TemporaryPostgres.start(TemporaryPostgres.OTHER_MAJOR)
            .orElseGet(() -> abort("that Postgres is not installed here with its pg_basebackup"));
    try (main;
        HikariDataSource control = ControlDatabase.fresh(TemporaryPostgres.shared())) {
      main.execute(
          "CREATE TABLE t (id int PRIMARY KEY, a int, b timestamptz, c text)",
          "ALTER TABLE t ALTER COLUMN c SET STORAGE EXTERNAL",
          "INSERT INTO t SELECT g, 0, now(), repeat('c', 3000) FROM generate_series(1, 200) g");
      FeedStore store = new FeedStore(control);
      FeedSettings settings =
          new FeedSettings(
              main.jdbcUrl(),
              new Properties(),
              "anabranch_t",
              "anabranch_feed_t",
              Duration.ofMillis(200));
      try (FeedSupervisor connection = new FeedSupervisor(settings, store);
          Standby standby = Standby.of(main)) {
        connection.start();
        connection.awaitStreaming(PATIENCE);
        Await.until(
            "the table is watched",
            () -> store.deltaSince(store.applied()).of(standby.table) instanceof TableDelta.Rows,
            PATIENCE);
        Lsn watched = store.applied();
        Await.until(
            "the standby is past the feed's beginning",
            () -> !standby.replayed().isBefore(watched),
            PATIENCE);
        compareWhileWriting(main, store, standby, seed);
      }
    }
  }

  private static void compareWhileWriting(
      TemporaryPostgres main, FeedStore store, Standby standby, long seed) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        SplittableRandom random = new SplittableRandom(seed + i);
        running.add(writers.submit(() -> write(main, random, stop)));
      }
      try {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
          compareOnce(main, store, standby, random, round);
        }
      } finally {
        stop.set(true);
      }
      for (Future<?> writer : running) {
        writer.get();
      }
    }
  }

  /**
   * Two stops of the standby: what it holds at the first and the delta between make what it holds
   * at the second.
   */
  private static void compareOnce(
      TemporaryPostgres main, FeedStore store, Standby standby, SplittableRandom random, int round)
      throws SQLException {
    Lsn fork = standby.pause();
    Map<String, List<String>> atFork = standby.rows();
    standby.resume();
    if (random.nextBoolean()) {
      main.execute(
          "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name ="
              + " 'anabranch_feed_t'");
    }
    Await.until(
        "main moves on", () -> store.applied().isAfter(new Lsn(fork.value() + 20_000)), PATIENCE);
    Delta early = store.deltaSince(fork);
    try (MainFeed.Hold hold = store.hold()) {
      Lsn atLeast = store.applied();
      Await.until("the standby follows", () -> !standby.replayed().isBefore(atLeast), PATIENCE);
      Lsn target = standby.pause();
      Map<String, List<String>> expected = standby.rows();
      hold.advanceTo(target, PATIENCE);
      Delta delta = store.deltaSince(fork);
      Delta grown = store.deltaSince(fork, early);
      standby.resume();

      assertThat(delta.asOf()).isEqualTo(target);
      assertThat(laidOver(atFork, delta, standby.table))
          .as("round %s, %s to %s", round, fork, target)
          .isEqualTo(expected);
      assertThat(grown.asOf()).isEqualTo(target);
      assertThat(laidOver(atFork, grown, standby.table))
          .as("round %s, %s to %s, by way of %s", round, fork, target, early.asOf())
          .isEqualTo(expected);
    }
  }

  private static Map<String, List<String>> laidOver(
      Map<String, List<String>> rows, Delta delta, TableId table) {
    TableDelta of = delta.of(table);
    assertThat(of).isInstanceOf(TableDelta.Rows.class);
    Map<String, List<String>> result = new TreeMap<>(rows);
    for (NewestRow row : ((TableDelta.Rows) of).rows()) {
      Key key = row.key();
      String id = key.values().getFirst();
      if (row.now().isEmpty()) {
        result.remove(id);
        continue;
      }
      List<String> texts = new ArrayList<>();
      List<Cell> cells = row.now().get().cells();
      for (int i = 0; i < cells.size(); i++) {
        texts.add(
            cells.get(i) == Cell.Absent.UNCHANGED
                ? rows.getOrDefault(id, List.of()).get(i)
                : String.valueOf(cells.get(i).text()));
      }
      result.put(id, texts);
    }
    return result;
  }

  private static void write(TemporaryPostgres main, SplittableRandom random, AtomicBoolean stop) {
    try (Connection connection = main.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!stop.get()) {
        for (int i = 0; i <= random.nextInt(4); i++) {
          statement.execute(statement(random));
        }
        if (random.nextInt(5) == 0) {
          connection.rollback();
        } else {
          connection.commit();
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String statement(SplittableRandom random) {
    int id = 1 + random.nextInt(200);
    String one = " WHERE id = (SELECT id FROM t WHERE id = " + id + " FOR UPDATE SKIP LOCKED)";
    return switch (random.nextInt(6)) {
      case 0 -> "DELETE FROM t" + one;
      case 1 -> "UPDATE t SET c = repeat('" + (char) ('a' + random.nextInt(26)) + "', 2500)" + one;
      case 2 ->
          "INSERT INTO t SELECT id, 1, clock_timestamp(), repeat('n', 2100) FROM (VALUES ("
              + id
              + ")) v (id)"
              + " WHERE NOT EXISTS (SELECT FROM t WHERE t.id = v.id) ON CONFLICT DO NOTHING";
      default -> "UPDATE t SET a = a + 1, b = clock_timestamp()" + one;
    };
  }

  /** A physical standby of main whose replay can be stopped. */
  private static final class Standby implements AutoCloseable {
    private final Cluster cluster;
    private final Path home;
    private final Connection connection;
    private final TableId table;

    private Standby(Cluster cluster, Path home, TemporaryPostgres main) throws SQLException {
      this.cluster = cluster;
      this.home = home;
      this.connection = cluster.connect("postgres", "postgres");
      try (Statement statement = connection.createStatement()) {
        for (String set : TextForm.SET_STATEMENTS) {
          statement.execute(set);
        }
      }
      this.table =
          new TableId(
              Long.parseLong(main.query("postgres", "SELECT 't'::regclass::oid").getFirst()));
      try (Connection other = main.connect()) {
        assertThat(SchemaReader.read(connection, Lsn.ZERO).relations().get(table))
            .as("physical relatives have equal fingerprints")
            .isEqualTo(SchemaReader.read(other, Lsn.ZERO).relations().get(table));
        assertThat(SchemaReader.read(connection, Lsn.ZERO).routinesFingerprint())
            .isEqualTo(SchemaReader.read(other, Lsn.ZERO).routinesFingerprint());
      }
    }

    static Standby of(TemporaryPostgres main)
        throws IOException, InterruptedException, SQLException {
      Path home = TemporaryPostgres.temporaryDirectory("anabranch-standby-");
      Path data = home.resolve("data");
      Path program = main.cluster().installation().program("pg_basebackup").orElseThrow();
      Process copy =
          new ProcessBuilder(
                  program.toString(),
                  "-h",
                  "127.0.0.1",
                  "-p",
                  Integer.toString(main.port()),
                  "-U",
                  "postgres",
                  "-D",
                  data.toString(),
                  "-R",
                  "-c",
                  "fast",
                  "-X",
                  "stream")
              .redirectErrorStream(true)
              .start();
      String said = new String(copy.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(copy.waitFor()).as(said).isZero();
      main.cluster().user().own(home);
      ClusterSpec spec =
          new ClusterSpec(
              data,
              home.resolve("run"),
              OptionalInt.empty(),
              Map.of("hot_standby", "on", "max_wal_senders", "20", "shared_buffers", "32MB"),
              List.of("local all all trust"),
              home.resolve("postgres.log"));
      Cluster cluster = new Cluster(main.cluster().installation(), main.cluster().user(), spec);
      cluster.start(PATIENCE);
      return new Standby(cluster, home, main);
    }

    Lsn pause() throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SELECT pg_wal_replay_pause()");
      }
      Await.until(
          "replay is paused",
          () -> ask("SELECT pg_get_wal_replay_pause_state()").equals("paused"),
          PATIENCE);
      return replayed();
    }

    void resume() throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SELECT pg_wal_replay_resume()");
      }
    }

    Lsn replayed() throws SQLException {
      return Lsn.parse(ask("SELECT pg_last_wal_replay_lsn()"));
    }

    Map<String, List<String>> rows() throws SQLException {
      Map<String, List<String>> rows = new TreeMap<>();
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(ALL_ROWS)) {
        while (row.next()) {
          List<String> texts = new ArrayList<>();
          for (int i = 1; i <= 4; i++) {
            texts.add(String.valueOf(row.getString(i)));
          }
          rows.put(row.getString(1), texts);
        }
      }
      return rows;
    }

    private String ask(String query) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(query)) {
        row.next();
        return row.getString(1);
      }
    }

    @Override
    public void close() throws SQLException, IOException {
      connection.close();
      cluster.stop(StopMode.IMMEDIATE);
      Trees.delete(home);
    }
  }
}
