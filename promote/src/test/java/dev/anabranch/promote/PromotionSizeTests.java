package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anabranch.base.TableShape;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promotions of real size, on the embedded Postgres and on an older one. */
@Tag("postgres")
final class PromotionSizeTests {

  private static final String[] ACCOUNTS = {
    "CREATE TABLE owners (id int PRIMARY KEY, name text)",
    "CREATE TABLE accounts (id int PRIMARY KEY, owner int REFERENCES owners, balance numeric(12,2),"
        + " note text)",
    "CREATE INDEX ON accounts (owner)",
    "INSERT INTO owners SELECT i, 'owner ' || i FROM generate_series(1, 1000) i",
    "INSERT INTO accounts SELECT i, i % 1000 + 1, i, 'note' FROM generate_series(1, 30000) i",
    "ANALYZE"
  };

  @Test
  void tenThousandRowsLandQuicklyWhileWritersGoOn(TestReporter report) throws InterruptedException {
    try (Fork fork = Fork.of(TemporaryPostgres.shared(), ACCOUNTS)) {
      branchWork(fork, 10_000);
      AtomicBoolean done = new AtomicBoolean();
      ConcurrentLinkedQueue<Long> waits = new ConcurrentLinkedQueue<>();
      Thread writer =
          Thread.ofPlatform().name("writer on main").start(() -> writeUntil(fork, done, waits));
      Instant began = Instant.now();
      Promotion promotion = fork.promote();
      Duration took = Duration.between(began, Instant.now());
      done.set(true);
      writer.join();
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT count(*) FROM accounts WHERE note = 'seen'"))
          .containsExactly("6000");
      assertThat(fork.ask("SELECT count(*) FROM accounts")).containsExactly("30000");
      began = Instant.now();
      assertThat(fork.undo(promotion.receipt()).outcome()).isEqualTo(Outcome.LANDED);
      report.publishEntry(
          "undoing 10,000 rows", Duration.between(began, Instant.now()).toMillis() + " ms");
      assertThat(fork.ask("SELECT count(*) FROM accounts WHERE note = 'note'"))
          .containsExactly("30000");
      long worst = waits.stream().mapToLong(Long::longValue).max().orElse(0);
      report.publishEntry(
          "promoting 10,000 rows",
          took.toMillis()
              + " ms, "
              + waits.size()
              + " writes beside it, the slowest "
              + worst / 1_000_000
              + " ms");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void landsOnEveryVersionThatIsInstalled(int major) {
    var postgres =
        major == 18 ? Optional.of(TemporaryPostgres.start()) : TemporaryPostgres.start(major);
    assumeTrue(postgres.isPresent(), "no Postgres " + major + " is installed");
    try (TemporaryPostgres server = postgres.get();
        Fork fork = Fork.of(server, ACCOUNTS)) {
      branchWork(fork, 100);
      fork.verdicts.holds(5).rests(1, 5L).tables(5, fork.table("owners").id());
      fork.main("UPDATE accounts SET balance = 0 WHERE id = 7");
      assertThat(fork.promote(false, true).outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT count(*) FROM accounts WHERE note = 'seen'"))
          .containsExactly("60");
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.NOTHING);
    }
  }

  private static void branchWork(Fork fork, int rows) {
    TableShape accounts = fork.table("accounts");
    int updated = rows * 6 / 10;
    int inserted = rows * 2 / 10;
    fork.branch.unit(unit -> {
      for (int i = 1; i <= updated; i++) {
        unit.update(accounts, Integer.toString(i), "note", "seen");
      }
    });
    fork.branch.unit(unit -> {
      for (int i = 0; i < inserted; i++) {
        unit.insert(accounts, Integer.toString(100_000 + i), "1", "1.00", "new");
      }
    });
    fork.branch.unit(unit -> {
      for (int i = 0; i < inserted; i++) {
        unit.delete(accounts, Integer.toString(30_000 - i));
      }
    });
  }

  private static void writeUntil(Fork fork, AtomicBoolean done, ConcurrentLinkedQueue<Long> waits) {
    try (Connection connection = fork.main();
        Statement statement = connection.createStatement()) {
      int id = 10_000;
      while (!done.get()) {
        long began = System.nanoTime();
        statement.execute("UPDATE accounts SET balance = balance + 1 WHERE id = " + id);
        waits.add(System.nanoTime() - began);
        id = id == 20_000 ? 10_000 : id + 1;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
