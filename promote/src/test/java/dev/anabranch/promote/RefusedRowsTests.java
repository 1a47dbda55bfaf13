package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.TableShape;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.promote.Promotion.UnitCounts;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One row that main can't take holds its own unit, and no other. */
@Tag("postgres")
final class RefusedRowsTests {

  @Test
  void textOfAnyCharacterLands() {
    try (Fork fork =
        Fork.of(TemporaryPostgres.shared(), "CREATE TABLE k (id text PRIMARY KEY, v text)")) {
      TableShape k = fork.table("k");
      fork.branch.unit(unit ->
          unit.insert(k, "a", "\u0001hello").insert(k, "\u0001new:1:1:1", "\u0001new:1:1:1"));
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT v FROM k WHERE id = 'a'")).containsExactly("\u0001hello");
    }
  }

  @Test
  void aRowRefusedWithWhateverErrorHoldsItsUnitOnly() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE limits (top int)",
            "INSERT INTO limits VALUES (10)",
            "CREATE FUNCTION fits(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN IF $1 > (SELECT"
                + " top FROM public.limits) THEN RAISE ''too much''; END IF; RETURN true; END'",
            "CREATE FUNCTION odd(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN IF $1 = 7 THEN"
                + " RAISE SQLSTATE ''XX001''; END IF; RETURN true; END'",
            "CREATE TABLE sums (id int PRIMARY KEY, v int CHECK (fits(v)) CHECK (odd(v)))",
            "CREATE TABLE old (id int)",
            "CREATE TABLE names (id int PRIMARY KEY, r regclass)",
            "CREATE TABLE named (r regclass PRIMARY KEY, v int)",
            "INSERT INTO named VALUES ('old', 1), ('names', 1)")) {
      TableShape sums = fork.table("sums");
      TableShape names = fork.table("names");
      TableShape named = fork.table("named");
      String atFork = fork.branch.rows(named).keySet().toString();
      assertThat(atFork).contains("old");
      fork.branch.unit(unit -> unit.insert(sums, "1", "20"));
      fork.branch.unit(unit -> unit.insert(sums, "2", "7"));
      fork.branch.unit(unit -> unit.insert(sums, "3", "3"));
      fork.branch.unit(unit -> unit.insert(names, "1", "public.old"));
      fork.branch.unit(unit -> unit.insert(names, "2", "public.names"));
      fork.branch.unit(unit -> unit.update(named, "public.old", "v", "2"));
      fork.main("ALTER TABLE old RENAME TO young");
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(6, 2, 4, 0));
      assertThat(fork.ask("SELECT id FROM sums")).containsExactly("3");
      assertThat(fork.ask("SELECT id FROM names")).containsExactly("2");
      assertThat(promotion.facts())
          .extracting(Fact::sentence)
          .anySatisfy(one -> assertThat(one).contains("row id=1 of public.sums: too much"))
          .anySatisfy(one -> assertThat(one).contains("row id=2 of public.sums"))
          .anySatisfy(one -> assertThat(one).contains("\"public.old\" does not exist"))
          .anySatisfy(one -> assertThat(one).contains("row r=public.old of public.named"));
    }
  }

  @Test
  void foreignKeysCompareAsTheConstraintDoes() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE country (code text COLLATE \"C\" PRIMARY KEY)",
            "INSERT INTO country VALUES ('at'), ('de')",
            "CREATE TABLE city (id int PRIMARY KEY, country text COLLATE \"POSIX\" REFERENCES"
                + " country)",
            "CREATE TABLE shelf (code char(5) PRIMARY KEY)",
            "INSERT INTO shelf VALUES ('ab')",
            "CREATE TABLE box (id int PRIMARY KEY, shelf text REFERENCES shelf)",
            "CREATE TABLE wide (id bigint PRIMARY KEY)",
            "INSERT INTO wide VALUES (1)",
            "CREATE TABLE narrow (id int PRIMARY KEY, wide smallint REFERENCES wide)",
            "CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic ="
                + " false)",
            "CREATE TABLE person (name text COLLATE folded PRIMARY KEY)",
            "INSERT INTO person VALUES ('Ann')",
            "CREATE TABLE pet (id int PRIMARY KEY, owner text COLLATE folded REFERENCES person)")) {
      fork.branch.unit(unit -> unit.insert(fork.table("city"), "1", "de"));
      fork.branch.unit(unit -> unit.insert(fork.table("box"), "1", "ab   "));
      fork.branch.unit(unit -> unit.insert(fork.table("narrow"), "1", "1"));
      fork.branch.unit(unit -> unit.insert(fork.table("pet"), "1", "ANN"));
      fork.branch.unit(unit -> unit.insert(fork.table("city"), "2", "xx"));
      fork.branch.unit(unit -> unit.delete(fork.table("country"), "at"));
      Promotion promotion = fork.promote();
      assertThat(promotion.facts()).hasSize(1);
      assertThat(promotion.units()).isEqualTo(new UnitCounts(6, 5, 1, 0));
      assertThat(fork.ask("SELECT country FROM city")).containsExactly("de");
      assertThat(fork.ask("SELECT owner FROM pet")).containsExactly("ANN");
    }
  }

  @Test
  void aParentThatAChildOfAnotherTypeStillMeansStays() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE shelf (code char(5) PRIMARY KEY)",
            "INSERT INTO shelf VALUES ('ab'), ('cd')",
            "CREATE TABLE box (id int PRIMARY KEY, shelf text REFERENCES shelf)")) {
      TableShape shelf = fork.table("shelf");
      fork.branch.unit(unit -> unit.delete(shelf, "ab   "));
      fork.branch.unit(unit -> unit.delete(shelf, "cd   "));
      fork.main("INSERT INTO box VALUES (1, 'ab ')");
      assertThat(fork.promote().units()).isEqualTo(new UnitCounts(2, 1, 1, 0));
      assertThat(fork.ask("SELECT code FROM shelf")).containsExactly("ab   ");
    }
  }

  @Test
  void leavesBehindWhatAnOpenTransactionOfMainHasLocked() throws SQLException {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE free (id int PRIMARY KEY, v int)",
            "CREATE TABLE taken (id int PRIMARY KEY, v int)",
            "CREATE TABLE altered (id int PRIMARY KEY, v int)",
            "INSERT INTO free VALUES (1, 1)",
            "INSERT INTO taken VALUES (1, 1), (2, 2)",
            "INSERT INTO altered VALUES (1, 1)")) {
      for (String table : List.of("free", "taken", "altered")) {
        fork.branch.unit(unit -> unit.update(fork.table(table), "1", "v", "10"));
      }
      fork.branch.unit(unit -> unit.update(fork.table("taken"), "2", "v", "20"));
      Promotion promotion;
      try (Connection idle = fork.main();
          Statement statement = idle.createStatement()) {
        idle.setAutoCommit(false);
        statement.execute("UPDATE taken SET v = v WHERE id = 1");
        statement.execute("LOCK TABLE altered IN SHARE MODE");
        promotion = fork.promote();
        idle.rollback();
      }
      assertThat(promotion.outcome()).isEqualTo(Outcome.PARTIAL);
      assertThat(promotion.units()).isEqualTo(new UnitCounts(4, 2, 2, 0));
      assertThat(promotion.facts())
          .extracting(Fact::sentence)
          .allMatch(sentence -> sentence.contains("a transaction that is still open has locked"));
      assertThat(fork.ask("SELECT v FROM free UNION ALL SELECT v FROM taken ORDER BY v"))
          .containsExactly("1", "10", "20");
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
    }
  }

  @Test
  void leavesBehindWhatRefersToARowThatAnOpenTransactionOfMainHasLocked() throws SQLException {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE parent (id int PRIMARY KEY, v int)",
            "CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent)",
            "CREATE TABLE altered (id int PRIMARY KEY)",
            "CREATE TABLE part (id int PRIMARY KEY, altered int REFERENCES altered)",
            "INSERT INTO parent VALUES (1, 1), (2, 2)",
            "INSERT INTO altered VALUES (1)")) {
      fork.branch.unit(unit -> unit.insert(fork.table("child"), "1", "1"));
      fork.branch.unit(unit -> unit.insert(fork.table("child"), "2", "2"));
      fork.branch.unit(unit -> unit.insert(fork.table("child"), "3", "3"));
      fork.branch.unit(unit -> unit.insert(fork.table("part"), "1", "1"));
      Promotion promotion;
      try (Connection idle = fork.main();
          Statement statement = idle.createStatement()) {
        idle.setAutoCommit(false);
        statement.execute("SELECT FROM parent WHERE id = 1 FOR UPDATE");
        statement.execute("LOCK TABLE altered IN EXCLUSIVE MODE");
        promotion = fork.promote();
        idle.rollback();
      }
      assertThat(promotion.units()).isEqualTo(new UnitCounts(4, 1, 3, 0));
      assertThat(promotion.facts())
          .extracting(Fact::sentence)
          .anySatisfy(one ->
              assertThat(one)
                  .contains("row id=1 of public.child: of the row that it refers to")
                  .contains("a transaction that is still open has locked"))
          .anySatisfy(one -> assertThat(one).contains("row id=1 of public.part"))
          .anySatisfy(one -> assertThat(one).contains("refer to a row that does not exist"));
      assertThat(fork.ask("SELECT id FROM child")).containsExactly("2");
      assertThat(fork.promote().units()).isEqualTo(new UnitCounts(3, 2, 1, 0));
    }
  }

  @Test
  void doesNotWaitForManyLockedRowsOneAfterTheOther() throws SQLException {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE free (id int PRIMARY KEY, v int)",
            "CREATE TABLE taken (id int PRIMARY KEY, v int)",
            "CREATE TABLE made (id int PRIMARY KEY, v int)",
            "INSERT INTO free VALUES (1, 1)",
            "INSERT INTO taken SELECT i, 1 FROM generate_series(1, 150) i")) {
      fork.branch.unit(unit -> unit.update(fork.table("free"), "1", "v", "2"));
      for (int i = 1; i <= 150; i++) {
        String id = String.valueOf(i);
        fork.branch.unit(unit -> unit.update(fork.table("taken"), id, "v", "2"));
      }
      for (int i = 1; i <= 150; i++) {
        String id = String.valueOf(i);
        fork.branch.unit(unit -> unit.insert(fork.table("made"), id, "2"));
      }
      Promotion promotion;
      try (Connection idle = fork.main();
          Statement statement = idle.createStatement()) {
        idle.setAutoCommit(false);
        statement.execute("SELECT FROM taken FOR UPDATE");
        statement.execute("INSERT INTO made SELECT i, 1 FROM generate_series(1, 150) i");
        promotion = fork.promote();
        idle.rollback();
      }
      assertThat(promotion.units()).isEqualTo(new UnitCounts(301, 1, 300, 0));
      assertThat(fork.ask("SELECT v FROM free")).containsExactly("2");
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
    }
  }
}
