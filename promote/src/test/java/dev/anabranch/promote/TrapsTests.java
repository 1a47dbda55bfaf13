package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.promote.Recheck.Doubt;
import dev.anabranch.testkit.TemporaryPostgres;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each rule of landing that whole lives can't show alone is needed: main ends otherwise without it.
 */
@Tag("postgres")
final class TrapsTests {

  private static final String FUNCTION =
      "CREATE FUNCTION twice() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.amount = 2 *"
          + " NEW.amount; RETURN NEW; END'";

  @ParameterizedTest
  @EnumSource(
      value = Trap.class,
      names = {
        "LAND_PAST_TRIGGERS",
        "LAND_WITHOUT_RIGHTS",
        "WHEREVER_IT_IS_NOW",
        "LARGE_OBJECTS_FOLLOW",
        "WINDOW_IS_SHUT",
        "FORGET_DRAWN_NUMBERS"
      })
  void aRuleSwitchedOffIsSeen(Trap trap) {
    assertThat(mainAfterwards(Traps.NONE, trap)).isEqualTo(asItShouldBe(trap));
    assertThat(mainAfterwards(Traps.of(trap), trap)).isNotEqualTo(asItShouldBe(trap));
  }

  private static List<String> asItShouldBe(Trap trap) {
    return trap == Trap.FORGET_DRAWN_NUMBERS ? List.of("3") : List.of("1");
  }

  /** What main has when what goes wrong without this rule has been landed. */
  private static List<String> mainAfterwards(Traps off, Trap trap) {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE price (id int PRIMARY KEY, amount int)",
            "INSERT INTO price VALUES (1, 1)",
            "CREATE TABLE scan (id int PRIMARY KEY, body oid)",
            "CREATE TABLE doc (id serial PRIMARY KEY, t text UNIQUE)",
            "DO 'BEGIN CREATE ROLE trap_clerk; EXCEPTION WHEN duplicate_object THEN NULL; END'",
            "GRANT UPDATE ON price TO trap_clerk")) {
      fork.traps = off;
      fork.actsAs = Optional.of("trap_clerk");
      if (trap == Trap.FORGET_DRAWN_NUMBERS) {
        return numberOfARowBesideARefusedOne(fork);
      }
      fork.verdicts.holds(5).rests(1, 5L).tables(5, fork.table("doc").id());
      fork.branch.unit(unit -> unit.update(fork.table("price"), "1", "amount", "2"));
      if (trap == Trap.LARGE_OBJECTS_FOLLOW) {
        fork.branch.unit(unit -> unit.insert(fork.table("scan"), "1", "16999"));
        fork.promote();
        return fork.ask("SELECT count(*) + 1 FROM scan");
      }
      changeMain(fork, trap);
      fork.promote();
      String table = trap == Trap.WHEREVER_IT_IS_NOW ? "price_retired" : "price";
      return fork.ask("SELECT amount FROM " + table);
    }
  }

  private static void changeMain(Fork fork, Trap trap) {
    switch (trap) {
      case LAND_PAST_TRIGGERS ->
          fork.main(
              FUNCTION,
              "CREATE TRIGGER twice BEFORE UPDATE ON price FOR EACH ROW EXECUTE FUNCTION twice()");
      case LAND_WITHOUT_RIGHTS -> fork.main("REVOKE UPDATE ON price FROM trap_clerk");
      case WHEREVER_IT_IS_NOW ->
          fork.main(
              "ALTER TABLE price RENAME TO price_retired",
              "CREATE TABLE price (id int PRIMARY KEY, amount int)");
      case WINDOW_IS_SHUT ->
          fork.window =
              (answers, own) ->
                  answers.contains(5L)
                      ? new Doubt(Set.of(5L), Set.of())
                      : new Doubt(Set.of(), Set.of());
      default -> throw new IllegalArgumentException(trap.name());
    }
  }

  private static List<String> numberOfARowBesideARefusedOne(Fork fork) {
    TableShape doc = fork.table("doc");
    fork.drew("doc_id_seq", 0, 2);
    fork.branch.unit(unit -> unit.insert(doc, "1", "mine"));
    fork.branch.unit(unit -> unit.insert(doc, "2", "taken"));
    fork.main("INSERT INTO doc (t) VALUES ('taken'), ('x')");
    fork.promote();
    return fork.ask("SELECT id FROM doc WHERE t = 'mine'");
  }
}
