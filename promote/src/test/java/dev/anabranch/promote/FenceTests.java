package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.promote.Promoter.Moment;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.promote.Recheck.Doubt;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The window between check and commit, on a real main. */
@Tag("postgres")
final class FenceTests {

  private static final Doubt NONE = new Doubt(Set.of(), Set.of());
  private static final Doubt CHANGED = new Doubt(Set.of(5L), Set.of());

  /** Before anything is written, when all is, and behind the fence. */
  private static final int LOOKS = 3;

  /** Unit 1 rests on answer 5, which read orders. */
  private static Fork shop() {
    Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE customers (id int PRIMARY KEY, city text)",
            "CREATE TABLE orders (id int PRIMARY KEY, total int)",
            "INSERT INTO customers VALUES (1, 'Oslo')",
            "INSERT INTO orders VALUES (1, 10)");
    fork.verdicts.holds(5).rests(1, 5L).tables(5, fork.table("orders").id());
    fork.branch.unit(unit -> unit.update(fork.table("customers"), "1", "city", "Lima"));
    return fork;
  }

  private static List<String> city(Fork fork) {
    return fork.ask("SELECT city FROM customers");
  }

  @Test
  void whatWasReadIsLockedAgainstWritersUntilTheCommitAndNothingElseIs() {
    try (Fork fork = shop()) {
      List<String> locks = new ArrayList<>();
      fork.window =
          (answers, own) -> {
            locks.addAll(
                fork.ask(
                    "SELECT relation::regclass, mode FROM pg_locks WHERE mode = 'ShareLock' AND"
                        + " locktype = 'relation' AND database = (SELECT oid FROM pg_database WHERE"
                        + " datname = current_database())"));
            return NONE;
          };
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(promotion.doubted()).isEmpty();
      assertThat(locks).containsExactly("orders|ShareLock");
      assertThat(fork.promotions.receipt(promotion.receipt()).verifiedThrough())
          .isEqualTo(promotion.committed().map(Lsn::toString));
    }
  }

  @Test
  void codeThatIsReplacedBeforeTheCommitStopsIt() {
    assertThat(afterReplacingCode(Traps.NONE)).containsExactly("Oslo");
    assertThat(afterReplacingCode(Traps.of(Trap.WINDOW_IS_SHUT))).containsExactly("Lima");
  }

  @Test
  void tablesThatAreEmptiedIndexedOrRefreshedMeanNothingElse() {
    try (Fork fork = shop()) {
      fork.main(
          "CREATE TABLE queue (id int)",
          "CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM orders");
      fork.passing =
          moment -> {
            if (moment == Moment.BEGUN_STORED) {
              fork.main(
                  "TRUNCATE queue",
                  "CREATE INDEX ON queue (id)",
                  "REFRESH MATERIALIZED VIEW totals");
            }
          };
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
    }
  }

  /** No lock on a table keeps anybody from replacing a function, and no feed tells of it. */
  private static List<String> afterReplacingCode(Traps off) {
    try (Fork fork = shop()) {
      fork.traps = off;
      fork.passing =
          moment -> {
            if (moment == Moment.BEGUN_STORED) {
              fork.main("CREATE OR REPLACE FUNCTION rate() RETURNS int LANGUAGE sql AS 'SELECT 2'");
            }
          };
      fork.promote();
      return city(fork);
    }
  }

  @Test
  void definitionsThatChangeNowAndThenHoldNothing() {
    try (Fork fork = shop()) {
      replaceCode(fork, 4);
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
    }
  }

  @Test
  void definitionsThatAlwaysChangeHoldWhatRestsOnAnswersAndTheRestLands() {
    try (Fork fork = shop()) {
      fork.branch.unit(unit -> unit.update(fork.table("orders"), "1", "total", "11"));
      replaceCode(fork, Integer.MAX_VALUE);
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.PARTIAL);
      assertThat(city(fork)).containsExactly("Oslo");
      assertThat(fork.ask("SELECT total FROM orders")).containsExactly("11");
    }
  }

  private static void replaceCode(Fork fork, int times) {
    AtomicInteger replaced = new AtomicInteger();
    fork.passing =
        moment -> {
          if (moment == Moment.BEGUN_STORED && replaced.incrementAndGet() <= times) {
            fork.main(
                "CREATE OR REPLACE FUNCTION rate() RETURNS int LANGUAGE sql AS 'SELECT %s'"
                    .formatted(replaced));
          }
        };
  }

  @Test
  void aDoubtBeforeTheWriteStopsItAndItIsCheckedAgain() {
    try (Fork fork = shop()) {
      AtomicInteger looks = new AtomicInteger();
      fork.window =
          (answers, own) -> {
            assertThat(city(fork)).containsExactly("Oslo");
            return looks.incrementAndGet() < 3 ? CHANGED : NONE;
          };
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(promotion.doubted()).isEmpty();
    }
  }

  @Test
  void aDoubtBetweenTheWriteAndTheFenceStopsItToo() {
    assertThat(looksWithADoubtAt(2)).isEqualTo(2 + LOOKS);
  }

  @Test
  void aDoubtBehindTheFenceStopsItToo() {
    assertThat(looksWithADoubtAt(3)).isEqualTo(3 + LOOKS);
  }

  private static int looksWithADoubtAt(int look) {
    try (Fork fork = shop()) {
      AtomicInteger looks = new AtomicInteger();
      fork.window = (answers, own) -> looks.incrementAndGet() == look ? CHANGED : NONE;
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      return looks.get();
    }
  }

  @Test
  void whatMainNeverLeavesAloneHoldsWhatRestsOnItAndTheRestLands() {
    try (Fork fork = shop()) {
      fork.branch.unit(unit -> unit.update(fork.table("orders"), "1", "total", "11"));
      fork.window = (answers, own) -> answers.contains(5L) ? CHANGED : NONE;
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.PARTIAL);
      assertThat(promotion.facts().getFirst().answer()).contains(5L);
      assertThat(promotion.facts().getFirst().sentence()).contains("each time it was checked");
      assertThat(city(fork)).containsExactly("Oslo");
      assertThat(fork.ask("SELECT total FROM orders")).containsExactly("11");
    }
  }

  @Test
  void withoutTheLocksItLandsAndSaysWhichAnswersAreInDoubt() throws SQLException {
    try (Fork fork = shop();
        Connection writer = fork.main();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("UPDATE orders SET total = 20");
      fork.window = (answers, own) -> own.isPresent() ? CHANGED : NONE;
      assertThat(fork.promote(false, true).outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(city(fork)).containsExactly("Oslo");

      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(promotion.doubted()).containsExactly(5L);
      assertThat(city(fork)).containsExactly("Lima");
      Receipt receipt = fork.promotions.receipt(promotion.receipt());
      assertThat(receipt.doubtedAfterwards()).containsExactly(5L);
      assertThat(receipt.verifiedThrough()).contains(receipt.asOf());
      writer.rollback();
    }
  }

  @Test
  void withoutTheLocksAndWithoutAnythingMovedNothingIsInDoubt() throws SQLException {
    try (Fork fork = shop();
        Connection writer = fork.main();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("UPDATE orders SET total = 20");
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(promotion.doubted()).isEmpty();
      writer.rollback();
    }
  }

  @Test
  void aFeedThatIsBehindLeavesAllInDoubtAndNoLockWaitsForIt() {
    try (Fork fork = shop()) {
      AtomicInteger looks = new AtomicInteger();
      fork.window =
          (answers, own) -> {
            if (looks.incrementAndGet() == 1) {
              return NONE;
            }
            throw new AnabranchException(ErrorCode.CHECK_FAILED, "the feed is behind");
          };
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(promotion.doubted()).containsExactly(5L);
    }
  }

  @Test
  void anAnswerOfUnknownReadsIsInDoubtWhenMainMovedAndStrictRefusesIt() {
    try (Fork fork = shop()) {
      fork.verdicts.holds(6).rests(1, 6L);
      fork.window =
          (answers, own) -> new Doubt(Set.of(), answers.contains(6L) ? Set.of(6L) : Set.of());
      Assertions.assertThatThrownBy(() -> fork.promote(false, true))
          .isInstanceOf(AnabranchException.class)
          .hasMessageContaining("answer 6");
      assertThat(city(fork)).containsExactly("Oslo");
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(promotion.doubted()).containsExactly(6L);
    }
  }

  @Test
  void promotionsOfOneMainWriteOneAfterAnother() {
    try (Fork fork = shop()) {
      List<String> waiting = new ArrayList<>();
      fork.window =
          (answers, own) -> {
            waiting.addAll(
                fork.ask(
                    "SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND granted AND"
                        + " database = (SELECT oid FROM pg_database WHERE datname ="
                        + " current_database())"));
            return NONE;
          };
      fork.promote();
      assertThat(waiting).hasSize(LOOKS).containsOnly("ExclusiveLock");
    }
  }
}
