package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchName;
import dev.anabranch.base.Lsn;
import dev.anabranch.testkit.TemporaryPostgres;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A branch holds exactly those commits of main that end at or below its fork point, whoever writes
 * meanwhile.
 */
class ForkPointTest {

  private static final int CUTS = 5;
  private static final int WRITERS = 3;

  /** What main's own log says of each commit: where it ends, and the row it made. */
  private record Committed(Lsn end, long row) {}

  @Test
  void everyCommitAtOrBelowTheForkPointIsInsideAndNoneAbove() throws Exception {
    try (TemporaryPostgres main = TemporaryPostgres.start()) {
      main.execute("CREATE DATABASE shop");
      main.executeIn(
          "shop",
          "CREATE TABLE log (id bigserial PRIMARY KEY, filler text)",
          "CREATE PUBLICATION witness FOR TABLE log",
          "SELECT pg_create_logical_replication_slot('witness', 'pgoutput')");
      try (Workshop workshop = new Workshop(main, "shop").start()) {
        List<Branch> branches = whileWriting(main, () -> cutSeveral(workshop));
        List<Committed> commits = commits(main);
        for (Branch branch : branches) {
          Set<Long> expected =
              commits.stream()
                  .filter(commit -> !commit.end().isAfter(branch.forkLsn()))
                  .map(Committed::row)
                  .collect(Collectors.toCollection(TreeSet::new));
          Set<Long> inside =
              workshop.ask(branch.name().value(), "SELECT id FROM log").stream()
                  .map(Long::valueOf)
                  .collect(Collectors.toCollection(TreeSet::new));
          assertThat(inside).as("rows of %s", branch).isEqualTo(expected).isNotEmpty();
        }
        assertThat(branches.stream().map(Branch::forkLsn).distinct()).hasSize(CUTS);
        assertThat(commits.size()).isGreaterThan(100);
      }
    }
  }

  private static List<Branch> cutSeveral(Workshop workshop) {
    List<Branch> branches = new ArrayList<>();
    for (int i = 0; i < CUTS; i++) {
      branches.add(workshop.create("cut-" + i));
    }
    return branches;
  }

  private static <T> T whileWriting(TemporaryPostgres main, java.util.concurrent.Callable<T> action)
      throws Exception {
    AtomicBoolean stopped = new AtomicBoolean();
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        running.add(writers.submit(() -> write(main, stopped)));
      }
      try {
        return action.call();
      } finally {
        stopped.set(true);
        for (Future<?> writer : running) {
          writer.get();
        }
      }
    }
  }

  private static Void write(TemporaryPostgres main, AtomicBoolean stopped) throws SQLException {
    try (Connection connection = main.connect("shop");
        Statement statement = connection.createStatement()) {
      while (!stopped.get()) {
        // Rows of very different sizes, so that records cross the log's pages in every way, and
        // never a break in which
        // nothing is being written: the pauses are the server's and the writers do not pause
        // together.
        statement.execute(
            "INSERT INTO log (filler) SELECT repeat('x', (random() * random() * 9000)::int)");
        statement.execute("SELECT pg_sleep(random() * 0.004)");
      }
    }
    return null;
  }

  private static List<Committed> commits(TemporaryPostgres main) throws SQLException {
    List<Committed> commits = new ArrayList<>();
    try (Connection connection = main.connect("shop");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT data FROM pg_logical_slot_peek_binary_changes('witness', NULL, NULL,"
                    + " 'proto_version', '1', 'publication_names', 'witness')")) {
      long row = 0;
      while (rows.next()) {
        ByteBuffer message = ByteBuffer.wrap(rows.getBytes(1));
        switch (message.get()) {
          case 'I' -> {
            message.position(message.position() + 4 + 1 + 2 + 1); // relation, 'N', columns, 't'
            byte[] id = new byte[message.getInt()];
            message.get(id);
            row = Long.parseLong(new String(id, java.nio.charset.StandardCharsets.US_ASCII));
          }
          case 'C' -> {
            message.get(); // flags
            message.getLong(); // where the commit record starts
            commits.add(new Committed(new Lsn(message.getLong()), row));
          }
          default -> {}
        }
      }
    }
    return commits;
  }

  @Test
  void whatWasAcknowledgedBeforeTheRequestIsInside() throws Exception {
    try (TemporaryPostgres main = TemporaryPostgres.start()) {
      main.execute("CREATE TABLE log (id int)");
      try (Workshop workshop = new Workshop(main, "postgres").start()) {
        for (int i = 1; i <= CUTS; i++) {
          main.execute("SET synchronous_commit = off", "INSERT INTO log VALUES (" + i + ")");
          workshop.create("after-" + i);
          assertThat(workshop.ask("after-" + i, "SELECT max(id) FROM log"))
              .containsExactly(Integer.toString(i));
          workshop.branches.delete(new BranchName("after-" + i));
        }
      }
    }
  }

  @Test
  void aMainThatIsQuietIsNotCutAgain() {
    try (TemporaryPostgres main = TemporaryPostgres.start();
        Workshop workshop = new Workshop(main, "postgres").start()) {
      Branch first = workshop.create("first");
      Branch second = workshop.create("second");
      assertThat(second.forkLsn()).isEqualTo(first.forkLsn());
    }
  }
}
