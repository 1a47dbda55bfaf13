package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.TableShape;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.promote.Promotion.UnitCounts;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.testkit.TemporaryPostgres;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows of tables without a key, or with one that is only looked at later. */
@Tag("postgres")
final class KeylessRowsTests {

  private static Fork log() {
    return Fork.of(
        TemporaryPostgres.shared(),
        "CREATE TABLE kinds (kind text PRIMARY KEY)",
        "INSERT INTO kinds VALUES ('a'), ('b')",
        "CREATE TABLE log (line text, n numeric, c char(3), kind text REFERENCES kinds)",
        "INSERT INTO log VALUES ('twice', 1, 'x', 'a'), ('twice', 1, 'x', 'a'), ('once', 1.0, NULL,"
            + " NULL)");
  }

  @Test
  void newRowsAreAddedAsOftenAsTheBranchDid() {
    try (Fork fork = log()) {
      TableShape log = fork.table("log");
      fork.branch.unit(
          unit -> unit.insert(log, "new", "2", "y  ", "b").insert(log, "new", "2", "y  ", "b"));
      fork.branch.unit(unit -> unit.insert(log, "gone", null, null, null));
      fork.branch.unit(unit -> unit.insert(log, "orphan", null, null, "zz"));
      fork.branch.unit(unit ->
          unit.insert(log, "brief", null, null, null).remove(log, "gone", null, null, null));
      fork.main("INSERT INTO log VALUES ('new', 2, 'y', 'b')");
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(4, 3, 1, 0));
      assertThat(promotion.facts().getFirst().sentence())
          .contains("line=orphan")
          .contains("refer to a row that does not exist");
      assertThat(fork.ask("SELECT line, count(*) FROM log GROUP BY 1 ORDER BY 1"))
          .containsExactly("brief|1", "new|3", "once|1", "twice|2");
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.HELD);
      assertThat(fork.ask("SELECT count(*) FROM log")).containsExactly("7");
    }
  }

  @Test
  void changedRowsAreFoundAgainByAllThatTheyHeld() {
    try (Fork fork = log()) {
      TableShape log = fork.table("log");
      fork.branch.unit(unit ->
          unit.change(
              log,
              Arrays.asList("once", "1.0", null, null),
              Arrays.asList("once", "5", null, "b")));
      fork.branch.unit(unit -> unit.remove(log, "twice", "1", "x  ", "a"));
      fork.main("ALTER TABLE log ADD extra int DEFAULT 7");
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(2, 1, 1, 0));
      assertThat(promotion.facts().getFirst().sentence()).contains("main has 2 now");
      assertThat(fork.ask("SELECT n, kind, extra FROM log WHERE line = 'once'"))
          .containsExactly("5|b|7");
      fork.branch.unit(unit -> unit.remove(log, "twice", "1", "x  ", "a"));
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT line FROM log")).containsExactly("once");
    }
  }

  @Test
  void aRowThatMainChangedIsNotFoundAgain() {
    try (Fork fork = log()) {
      TableShape log = fork.table("log");
      fork.branch.unit(unit -> unit.remove(log, "once", "1.0", null, null));
      fork.main("UPDATE log SET n = 2 WHERE line = 'once'");
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.HELD);
      assertThat(promotion.facts().getFirst().sentence()).contains("main has none now");
    }
  }

  @Test
  void aWriterWhoRewritesTheTableInBetweenMakesANewPlan() {
    try (Fork fork = log()) {
      TableShape log = fork.table("log");
      fork.branch.unit(unit -> unit.remove(log, "once", "1.0", null, null));
      fork.passing =
          moment -> {
            if (moment == Promoter.Moment.BEGUN_STORED) {
              fork.passing = later -> {};
              fork.main(
                  "CREATE TABLE turned AS SELECT * FROM log ORDER BY line",
                  "DELETE FROM log",
                  "INSERT INTO log SELECT * FROM turned");
            }
          };
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT line FROM log")).containsExactly("twice", "twice");
    }
  }

  @Test
  void deferrableKeysAreLookedAtWhenTheRowsAreWritten() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE u (id int PRIMARY KEY, p int UNIQUE DEFERRABLE, v int)",
            "INSERT INTO u VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3), (5, NULL, 5)")) {
      TableShape u = fork.table("u");
      fork.branch.unit(unit -> unit.update(u, "1", "v", "9"));
      fork.branch.unit(unit -> unit.update(u, "1", "p", "2").update(u, "2", "p", "1"));
      fork.branch.unit(unit -> unit.update(u, "3", "p", "8"));
      fork.branch.unit(unit -> unit.insert(u, "6", null, "6"));
      fork.main("INSERT INTO u VALUES (4, 8, 4)");
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(4, 3, 1, 0));
      assertThat(promotion.facts().getFirst().sentence())
          .contains("row id=3 of public.u")
          .contains("u_p_key");
      assertThat(fork.ask("SELECT id, p, v FROM u ORDER BY id"))
          .containsExactly("1|2|9", "2|1|2", "3|3|3", "4|8|4", "5|null|5", "6|null|6");
    }
  }

  @Test
  void aColumnThatMainMadeWiderTakesTheBranchsValues() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE t (id int PRIMARY KEY, v varchar(3), n numeric(5), m int, w text)",
            "INSERT INTO t VALUES (1, 'a', 1, 1, 'x'), (2, 'b', 2, 2, 'y'), (3, 'c', 3, 3, 'z')")) {
      TableShape t = fork.table("t");
      fork.branch.unit(unit ->
          unit.update(t, "1", "v", "aa").update(t, "1", "n", "10").update(t, "1", "m", "11"));
      fork.branch.unit(unit -> unit.insert(t, "4", "d", "4", "4", "w"));
      fork.branch.unit(unit -> unit.delete(t, "2"));
      fork.branch.unit(unit -> unit.update(t, "3", "n", "30"));
      fork.main(
          "ALTER TABLE t ALTER id TYPE bigint, ALTER v TYPE text, ALTER n TYPE numeric(10,2), ALTER"
              + " m TYPE numeric(8,1)",
          "UPDATE t SET n = 31 WHERE id = 3");
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(4, 3, 1, 0));
      assertThat(promotion.facts().getFirst().kind()).isEqualTo(Fact.Kind.CONFLICT);
      assertThat(fork.ask("SELECT * FROM t ORDER BY id"))
          .containsExactly("1|aa|10.00|11.0|x", "3|c|31.00|3.0|z", "4|d|4.00|4.0|w");
      assertThat(List.of(promotion.facts().getFirst().units())).containsExactly(List.of(4L));
    }
  }
}
