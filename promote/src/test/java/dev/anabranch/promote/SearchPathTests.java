package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.TableShape;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.testkit.TemporaryPostgres;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where the code of checks looks for names when a row lands. */
@Tag("postgres")
final class SearchPathTests {

  private static final String[] BASE = {
    "CREATE SCHEMA helpers",
    "CREATE FUNCTION helpers.fits(int) RETURNS boolean LANGUAGE sql AS 'SELECT $1 < 10'",
    "CREATE FUNCTION checks(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN fits($1); END'",
    "CREATE TABLE sums (id int PRIMARY KEY, v int CHECK (checks(v)))"
  };

  @Test
  void itIsWhereTheBranchLooked() {
    try (Fork fork = Fork.of(TemporaryPostgres.shared(), BASE)) {
      TableShape sums = fork.table("sums");
      fork.verdicts.searchPath = "nowhere, helpers, pg_catalog";
      fork.branch.unit(unit -> unit.insert(sums, "1", "2"));
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
    }
  }

  @Test
  void whereOthersMayCreateSomethingNothingIsLookedFor() {
    try (Fork fork = Fork.of(TemporaryPostgres.shared(), BASE)) {
      TableShape sums = fork.table("sums");
      fork.main("GRANT CREATE ON SCHEMA helpers TO PUBLIC");
      fork.verdicts.searchPath = "helpers";
      fork.branch.unit(unit -> unit.insert(sums, "1", "2"));
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.HELD);
      assertThat(promotion.facts().getFirst().sentence()).contains("fits");
      assertThat(fork.ask("SELECT id FROM sums")).isEmpty();
    }
  }

  @Test
  void rowsWithoutAKeyAreFoundByTheirNamesAllTheSame() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE old (id int)",
            "CREATE TABLE names (r regclass, v int)",
            "INSERT INTO names VALUES ('old', 1)")) {
      TableShape names = fork.table("names");
      fork.verdicts.searchPath = "public";
      fork.branch.unit(
          unit -> unit.change(names, List.of("public.old", "1"), List.of("public.old", "2")));
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT v FROM names")).containsExactly("2");
    }
  }
}
