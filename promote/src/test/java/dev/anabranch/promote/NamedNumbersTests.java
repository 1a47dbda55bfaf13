package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.promote.Promotion.UnitCounts;
import dev.anabranch.testkit.TemporaryPostgres;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A number by which one row names another means the same row on main, or it does not land. */
@Tag("postgres")
final class NamedNumbersTests {

  private static Fork shop() {
    return Fork.of(
        TemporaryPostgres.shared(),
        "CREATE TABLE o (id serial PRIMARY KEY, c text UNIQUE)",
        "INSERT INTO o (c) SELECT 'a' || g FROM generate_series(1, 20) g",
        "CREATE TABLE note (id int PRIMARY KEY, body jsonb, ref int)",
        "CREATE TABLE line (o serial, n int, PRIMARY KEY (o, n))");
  }

  @Test
  void whatNamesARowThatStaysBehindDoesNotLand() {
    try (Fork fork = shop()) {
      assertThat(besideARowThatIsRefused(fork)).isEqualTo(new UnitCounts(4, 1, 3, 0));
      assertThat(fork.ask("SELECT id FROM note")).containsExactly("1003");
    }
  }

  @Test
  void withoutThatRuleItNamesMainsRow() {
    try (Fork fork = shop()) {
      fork.traps = Traps.of(Trap.NUMBERS_IN_KEYS_ALONE);
      assertThat(besideARowThatIsRefused(fork)).isEqualTo(new UnitCounts(4, 3, 1, 0));
    }
  }

  private static UnitCounts besideARowThatIsRefused(Fork fork) {
    TableShape note = fork.table("note");
    fork.drew("o_id_seq", 20, 21);
    fork.branch.unit(unit -> unit.insert(fork.table("o"), "21", "taken"));
    fork.branch.unit(unit -> unit.insert(note, "1001", "{\"order\": 21}", "3"));
    fork.branch.unit(unit -> unit.insert(note, "1002", "{}", "21"));
    fork.branch.unit(unit -> unit.insert(note, "1003", "{\"order\": 3}", "4"));
    fork.main("INSERT INTO o (c) VALUES ('taken')");
    return fork.promote().units();
  }

  @Test
  void aRowThatMainHasNoOtherOneOfHoldsItsOwnTaskAlone() {
    try (Fork fork = shop()) {
      TableShape note = fork.table("note");
      fork.drew("o_id_seq", 20, 21);
      fork.verdicts.named(1, "ann").named(2, "ann").named(3, "bob");
      fork.branch.unit(unit -> unit.insert(fork.table("o"), "21", "taken"));
      fork.branch.unit(unit -> unit.insert(note, "1001", "{\"order\": 21}", "3"));
      fork.branch.unit(unit -> unit.insert(note, "1002", "{}", "21"));
      fork.main("INSERT INTO o (id, c) VALUES (900000, 'taken')");
      assertThat(fork.promote().units()).isEqualTo(new UnitCounts(3, 1, 2, 0));
      assertThat(fork.ask("SELECT id FROM note")).containsExactly("1002");
    }
  }

  @Test
  void aSerialColumnMayHaveItFromAnotherRow() {
    try (Fork fork = shop()) {
      fork.drew("o_id_seq", 20, 21).drew("line_o_seq", 0, 1);
      fork.branch.unit(unit -> unit.insert(fork.table("o"), "21", "ann"));
      fork.branch.unit(unit -> unit.insert(fork.table("line"), "21", "1001"));
      fork.branch.unit(unit -> unit.insert(fork.table("line"), "1", "1002"));
      fork.main("INSERT INTO o (c) VALUES ('main')");
      assertThat(fork.promote().units()).isEqualTo(new UnitCounts(3, 2, 1, 0));
      assertThat(fork.ask("SELECT n FROM line")).containsExactly("1002");
    }
  }

  @Test
  void rowsOfTwoTablesThatShareANumberStayTogetherOrApartFromMain() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE SEQUENCE s",
            "CREATE TABLE person (id int PRIMARY KEY DEFAULT nextval('s'), name text)",
            "CREATE TABLE profile (id int PRIMARY KEY DEFAULT nextval('s'), bio text)",
            "CREATE TABLE badge (id int PRIMARY KEY DEFAULT nextval('s') REFERENCES person)")) {
      fork.drew("s", 0, 1);
      fork.branch.unit(unit -> unit.insert(fork.table("person"), "1", "ann"));
      fork.branch.unit(unit -> unit.insert(fork.table("profile"), "1", "bio"));
      fork.branch.unit(unit -> unit.insert(fork.table("badge"), "1"));
      fork.main("INSERT INTO person (name) VALUES ('main')");
      assertThat(fork.promote().units()).isEqualTo(new UnitCounts(3, 2, 1, 0));
      assertThat(fork.ask("SELECT name FROM badge JOIN person USING (id)")).containsExactly("ann");
      assertThat(fork.ask("SELECT count(*) FROM profile")).containsExactly("0");
    }
  }
}
