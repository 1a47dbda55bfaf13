package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.TableShape;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.testkit.TemporaryPostgres;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows land only where the branch meant them, under main's rights and triggers of today. */
@Tag("postgres")
final class GroundTests {

  private static Fork price(String... more) {
    String[] all = new String[more.length + 2];
    all[0] = "CREATE TABLE price (id int PRIMARY KEY, amount int)";
    all[1] = "INSERT INTO price VALUES (1, 1)";
    System.arraycopy(more, 0, all, 2, more.length);
    Fork fork = Fork.of(TemporaryPostgres.shared(), all);
    TableShape price = fork.table("price");
    fork.branch.unit(unit -> unit.update(price, "1", "amount", "2"));
    return fork;
  }

  private static void isHeld(Fork fork, String because) {
    Promotion promotion = fork.promote();
    assertThat(promotion.outcome()).isEqualTo(Outcome.HELD);
    assertThat(promotion.facts().getFirst().sentence()).contains(because);
  }

  @Test
  void aTableThatAnotherReplacedTakesNoMoreRows() {
    try (Fork fork = price()) {
      fork.main(
          "ALTER TABLE price RENAME TO price_retired",
          "CREATE TABLE price (id int PRIMARY KEY, amount int)");
      isHeld(fork, "another table took its place as public.price");
    }
    try (Fork fork = price()) {
      fork.main(
          "ALTER TABLE price RENAME TO price_retired",
          "CREATE VIEW price AS SELECT * FROM price_retired");
      isHeld(fork, "another table took its place as public.price");
    }
  }

  @Test
  void aTableThatWasMovedOrDetachedTakesNoMoreRows() {
    try (Fork fork = price()) {
      fork.main("CREATE SCHEMA archive", "ALTER TABLE price SET SCHEMA archive");
      isHeld(fork, "moved out of schema public");
    }
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE days (day int PRIMARY KEY, n int) PARTITION BY RANGE (day)",
            "CREATE TABLE days_a PARTITION OF days FOR VALUES FROM (0) TO (10)")) {
      fork.branch.unit(unit -> unit.insert(fork.table("days_a"), "1", "1"));
      fork.main("ALTER TABLE days DETACH PARTITION days_a");
      isHeld(fork, "detached from another table");
    }
  }

  @Test
  void aTriggerThatMainAddedOrChangedIsNamed() {
    String function =
        "CREATE FUNCTION counts() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'";
    String trigger =
        "CREATE TRIGGER counted BEFORE UPDATE ON price FOR EACH ROW EXECUTE FUNCTION counts()";
    try (Fork fork = price()) {
      fork.main(function, trigger);
      isHeld(fork, "its trigger counted was added or changed");
    }
    try (Fork fork = price(function, trigger)) {
      fork.main(function.replace("CREATE", "CREATE OR REPLACE").replace("NEW", "NULL"));
      isHeld(fork, "its trigger counted was added or changed");
    }
    try (Fork fork = price(function, trigger)) {
      fork.main("ANALYZE price");
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
    }
  }

  @Test
  void aRowIsNotLandedWithoutItsLargeObject() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE scan (id int PRIMARY KEY, body oid, k oid)")) {
      TableShape scan = fork.table("scan");
      fork.branch.unit(unit -> unit.insert(scan, "1", "16999", "23"));
      fork.branch.unit(unit -> unit.insert(scan, "2", null, "23"));
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.PARTIAL);
      assertThat(promotion.facts().getFirst().sentence())
          .contains("column body")
          .contains("large object");
      assertThat(fork.ask("SELECT id FROM scan")).containsExactly("2");
    }
  }

  @Test
  void aRoleThatLostItsRightsLandsNothing() {
    String role =
        "DO 'BEGIN CREATE ROLE land_clerk; EXCEPTION WHEN duplicate_object THEN NULL; END'";
    String grant = "GRANT SELECT, INSERT, UPDATE, DELETE ON price TO land_clerk";
    try (Fork fork = price(role, grant)) {
      fork.actsAs = Optional.of("land_clerk");
      fork.main("REVOKE UPDATE ON price FROM land_clerk");
      isHeld(fork, "land_clerk may not UPDATE there");
      fork.main(grant, "REVOKE INSERT ON price FROM land_clerk");
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
    }
    try (Fork fork = price(role, grant)) {
      fork.actsAs = Optional.of("land_clerk");
      fork.main(
          "ALTER TABLE price ENABLE ROW LEVEL SECURITY",
          "CREATE POLICY small ON price WITH CHECK (amount < 2)");
      isHeld(fork, "may bar land_clerk");
    }
  }
}
