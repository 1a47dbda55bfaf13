package dev.anabranch.check.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.Lifetime;
import dev.anabranch.branch.TaskBy;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.ledger.LedgerStore;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.testkit.ControlDatabase;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What was committed on a branch is in the ledger, once, whole and in order. */
@Tag("postgres")
class BranchLogTest {

  private static final Branch BRANCH =
      new Branch(
          new BranchId(7),
          new BranchName("alice"),
          Branch.State.READY,
          Lsn.ZERO,
          Instant.EPOCH,
          new Lifetime.NoExpiry(),
          Optional.empty(),
          "postgres",
          "postgres",
          "",
          true,
          Instant.EPOCH,
          "",
          "",
          false,
          TaskBy.WINDOW,
          Optional.empty());

  private TemporaryPostgres postgres;
  private HikariDataSource control;
  private Ledger ledger;
  private BranchLog log;

  @BeforeEach
  void start() {
    postgres = TemporaryPostgres.start();
    control = ControlDatabase.fresh(TemporaryPostgres.shared());
    ledger = new LedgerStore(control);
    log = new BranchLog(branch -> postgres.connect(), ledger);
    postgres.execute(
        "CREATE TABLE orders (id int PRIMARY KEY, total numeric, note text STORAGE EXTERNAL)",
        "INSERT INTO orders SELECT g, g, repeat('x', 5000) FROM generate_series(1, 5) g",
        "ALTER TABLE orders REPLICA IDENTITY FULL",
        "CREATE PUBLICATION anabranch_branch FOR ALL TABLES",
        "SELECT pg_create_logical_replication_slot('anabranch_branch', 'pgoutput')");
  }

  @AfterEach
  void stop() {
    control.close();
    postgres.close();
  }

  @Test
  void unitsAreWholeAndInOrder() throws SQLException {
    postgres.execute("UPDATE orders SET total = 9.50 WHERE id = 1");
    inOneTransaction(
        "INSERT INTO orders VALUES (6, NULL, 'six')", "DELETE FROM orders WHERE id = 2");
    postgres.execute("SELECT count(*) FROM orders", "ANALYZE orders", "TRUNCATE orders");
    Lsn drained = log.drain(BRANCH);

    List<Unit> units = ledger.units(BRANCH.id());
    assertThat(units)
        .extracting(BranchLogTest::text)
        .containsExactly(
            List.of("update 1|1|x5000 -> 1|9.50|x5000"),
            List.of("insert 6|null|six", "delete 2|2|x5000"),
            List.of("truncate"));
    assertThat(units.getFirst().shapes().getFirst().keyColumns())
        .extracting("name")
        .containsExactly("id");
    assertThat(units).allSatisfy(unit -> assertThat(unit.commitLsn()).isLessThanOrEqualTo(drained));
    assertThat(units.get(1).commitLsn()).isGreaterThan(units.get(0).commitLsn());
  }

  @Test
  void aPositionReadBetweenStatementsPartsTheirWrites() throws SQLException {
    Lsn between;
    Lsn afterFirstCommit;
    try (Connection session = postgres.connect();
        Statement statement = session.createStatement()) {
      session.setAutoCommit(false);
      statement.execute("UPDATE orders SET total = 0 WHERE id <= 3");
      between = position(statement);
      statement.execute("UPDATE orders SET total = 1 WHERE id <= 3");
      session.commit();
      afterFirstCommit = position(statement);
      statement.execute("DELETE FROM orders WHERE id = 3");
      session.commit();
    }
    log.drain(BRANCH);
    List<Unit> units = ledger.units(BRANCH.id());

    assertThat(units.getFirst().writes()).hasSize(6);
    assertThat(units.getFirst().writes().subList(0, 3))
        .allMatch(write -> !write.lsn().isAfter(between));
    assertThat(units.getFirst().writes().subList(3, 6))
        .allMatch(write -> write.lsn().isAfter(between));
    assertThat(units.get(0).commitLsn()).isLessThanOrEqualTo(afterFirstCommit);
    assertThat(units.get(1).commitLsn()).isGreaterThan(afterFirstCommit);
  }

  @Test
  void aCommitThatDidNotWaitForTheDiskIsFound() {
    for (int i = 0; i < 20; i++) {
      postgres.execute(
          "SET synchronous_commit = off; UPDATE orders SET total = " + i + " WHERE id = 1");
      log.drain(BRANCH);
      assertThat(ledger.units(BRANCH.id())).hasSize(i + 1);
    }
  }

  @Test
  void aCrashBetweenLedgerAndSlotWritesNothingTwice() {
    List<Integer> appends = new ArrayList<>();
    Ledger dying = new Dying(ledger, appends);
    postgres.execute(
        "UPDATE orders SET total = 1 WHERE id = 1", "UPDATE orders SET total = 2 WHERE id = 2");
    BranchLog crashing = new BranchLog(branch -> postgres.connect(), dying);
    assertThatThrownBy(() -> crashing.drain(BRANCH)).hasMessage("killed after writing");
    assertThat(appends).containsExactly(2);
    postgres.execute("UPDATE orders SET total = 3 WHERE id = 3");
    log.drain(BRANCH);
    log.drain(BRANCH);

    assertThat(ledger.units(BRANCH.id())).hasSize(3);
  }

  @Test
  void manyAndBigTransactionsComeInSeveralLooks() throws SQLException {
    postgres.execute(
        "DO $$ BEGIN FOR i IN 1..300 LOOP INSERT INTO orders SELECT i * 1000 + g, 0, '' FROM"
            + " generate_series(1, 150) g; COMMIT; END LOOP; END $$",
        "UPDATE orders SET total = 1 WHERE id > 1000");
    log.drain(BRANCH);

    List<Unit> units = ledger.units(BRANCH.id());
    assertThat(units).hasSize(301);
    assertThat(units.getLast().writes()).hasSize(45_000);
  }

  @Test
  void tablesMadeAndAlteredOnTheBranchAreReadToo() {
    postgres.execute(
        "CREATE TABLE made (id int PRIMARY KEY, v text)",
        "INSERT INTO made VALUES (1, 'a')",
        "UPDATE made SET v = 'b'",
        "INSERT INTO orders VALUES (10, 1, 'before')",
        "ALTER TABLE orders RENAME COLUMN note TO remark",
        "ALTER TABLE orders ADD COLUMN extra int",
        "UPDATE orders SET extra = 1 WHERE id = 10",
        "CREATE TABLE gone (id int)",
        "INSERT INTO gone VALUES (1)",
        "DROP TABLE gone");
    log.drain(BRANCH);
    List<Unit> units = ledger.units(BRANCH.id());

    assertThat(units.get(2).shapes().getFirst().columns())
        .extracting("number")
        .containsExactly(1, 2, -3);
    assertThat(units.get(3).shapes().getFirst().columns())
        .extracting("number")
        .containsExactly(1, 2, 3, 4);
    assertThat(((Write.Update) units.get(1).writes().getFirst()).before().cells())
        .as("of a table whose whole rows are not logged, the key is known")
        .containsExactly(Cell.of("1"), Cell.Absent.UNCHANGED);
    assertThat(units).hasSize(5);
  }

  @Test
  void ofTheOldRowOfATableWithAVirtualColumnTheKeyIsKnown() throws SQLException {
    postgres.execute(
        "CREATE TABLE price (note text STORAGE EXTERNAL, id int PRIMARY KEY, net int, gross int"
            + " GENERATED ALWAYS AS (net * 2))",
        "INSERT INTO price SELECT repeat('x', 5000), g, g FROM generate_series(1, 3) g",
        "UPDATE price SET net = 7 WHERE id = 1",
        "UPDATE price SET id = 20 WHERE id = 2",
        "DELETE FROM price WHERE id = 3");
    log.drain(BRANCH);
    List<Unit> units = ledger.units(BRANCH.id());

    Cell unsent = Cell.Absent.UNCHANGED;
    assertThat(units.subList(1, 4))
        .extracting(unit -> unit.writes().getFirst())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("table", "lsn")
        .containsExactly(
            new Write.Update(
                units.getFirst().writes().getFirst().table(),
                Lsn.ZERO,
                new Image(List.of(unsent, Cell.of("1"), unsent)),
                new Image(List.of(unsent, Cell.of("1"), Cell.of("7")))),
            new Write.Update(
                units.getFirst().writes().getFirst().table(),
                Lsn.ZERO,
                new Image(List.of(unsent, Cell.of("2"), unsent)),
                new Image(List.of(unsent, Cell.of("20"), Cell.of("2")))),
            new Write.Delete(
                units.getFirst().writes().getFirst().table(),
                Lsn.ZERO,
                new Image(List.of(unsent, Cell.of("3"), unsent))));
  }

  private void inOneTransaction(String... statements) throws SQLException {
    try (Connection session = postgres.connect();
        Statement statement = session.createStatement()) {
      session.setAutoCommit(false);
      for (String sql : statements) {
        statement.execute(sql);
      }
      session.commit();
    }
  }

  private static Lsn position(Statement statement) throws SQLException {
    try (var row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()")) {
      row.next();
      return Lsn.parse(row.getString(1));
    }
  }

  private static List<String> text(Unit unit) {
    return unit.writes().stream().map(BranchLogTest::text).toList();
  }

  private static String text(Write write) {
    return switch (write) {
      case Write.Insert insert -> "insert " + text(insert.after());
      case Write.Update update -> "update " + text(update.before()) + " -> " + text(update.after());
      case Write.Delete delete -> "delete " + text(delete.before());
      case Write.Truncate ignored -> "truncate";
    };
  }

  private static String text(Image image) {
    return image.cells().stream()
        .map(cell -> String.valueOf(cell.text()))
        .map(text -> text.length() > 100 ? text.charAt(0) + "" + text.length() : text)
        .collect(Collectors.joining("|"));
  }

  /** A ledger whose server dies right after it has written. */
  private record Dying(Ledger real, List<Integer> appends) implements Ledger {
    @Override
    public void append(List<? extends Entry> entries) {
      real.append(entries);
      appends.add(entries.size());
      throw new IllegalStateException("killed after writing");
    }

    @Override
    public List<Answer> answers(BranchId branch) {
      return real.answers(branch);
    }

    @Override
    public List<Unit> units(BranchId branch) {
      return real.units(branch);
    }

    @Override
    public List<Ending> endings(BranchId branch) {
      return real.endings(branch);
    }

    @Override
    public long length(BranchId branch) {
      return real.length(branch);
    }

    @Override
    public Lsn lastUnitLsn(BranchId branch) {
      return real.lastUnitLsn(branch);
    }

    @Override
    public long lastTick(BranchId branch) {
      return real.lastTick(branch);
    }
  }
}
