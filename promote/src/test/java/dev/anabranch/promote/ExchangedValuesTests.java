package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.TableShape;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.promote.Promotion.UnitCounts;
import dev.anabranch.testkit.TemporaryPostgres;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows that exchange unique values on a branch do so on main. */
@Tag("postgres")
final class ExchangedValuesTests {

  private static final String[] ITEMS = {
    "CREATE TABLE item (id int PRIMARY KEY, position int NOT NULL UNIQUE, doubled int GENERATED"
        + " ALWAYS AS (position * 2) STORED, note text DEFAULT 'x', seq int GENERATED ALWAYS AS"
        + " IDENTITY)",
    "INSERT INTO item (id, position, note) VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c'), (4, 4,"
        + " 'd'), (5, 5, NULL)",
    "CREATE TABLE part (id int PRIMARY KEY, item int REFERENCES item ON DELETE CASCADE)",
    "INSERT INTO part VALUES (1, 1), (2, 2)"
  };

  private static Fork items(String... more) {
    String[] all = new String[ITEMS.length + more.length];
    System.arraycopy(ITEMS, 0, all, 0, ITEMS.length);
    System.arraycopy(more, 0, all, ITEMS.length, more.length);
    return Fork.of(TemporaryPostgres.shared(), all);
  }

  @Test
  void twoRowsSwapAUniqueValueAndTheRestOfThemStays() {
    try (Fork fork = items()) {
      TableShape item = fork.table("item");
      fork.branch.unit(unit ->
          unit.update(item, "1", "position", "-1")
              .update(item, "2", "position", "1")
              .update(item, "1", "position", "2"));
      fork.main("UPDATE item SET note = 'main' WHERE id = 2");
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT id, position, doubled, note, seq FROM item ORDER BY id LIMIT 2"))
          .containsExactly("1|2|4|a|1", "2|1|2|main|2");
      assertThat(fork.ask("SELECT count(*) FROM part")).containsExactly("2");
      fork.main("INSERT INTO part VALUES (3, 1), (4, 2)");
    }
  }

  @Test
  void aRingAcrossUnitsLandsAndAGuiltyRowBesideItIsHeldAlone() {
    try (Fork fork = items()) {
      TableShape item = fork.table("item");
      fork.branch.unit(unit -> unit.update(item, "1", "position", "-1"));
      fork.branch.unit(unit -> unit.update(item, "3", "position", "1"));
      fork.branch.unit(unit ->
          unit.update(item, "2", "position", "3")
              .update(item, "2", "note", "moved")
              .update(item, "1", "position", "2"));
      fork.branch.unit(unit -> unit.update(item, "4", "position", "9"));
      fork.branch.unit(unit -> unit.insert(item, "6", "6", "new", "8"));
      fork.main("INSERT INTO item (id, position) VALUES (90, 9)");
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(5, 4, 1, 0));
      assertThat(promotion.facts().getFirst().sentence())
          .contains("row id=4 of public.item")
          .contains("(\"position\")=(9) already exists");
      assertThat(fork.ask("SELECT id, position, note FROM item WHERE id <= 3 ORDER BY id"))
          .containsExactly("1|2|a", "2|3|moved", "3|1|c");
    }
  }

  @Test
  void anExchangeThatMainHasMadeImpossibleIsHeldAsOne() {
    try (Fork fork = items()) {
      TableShape item = fork.table("item");
      fork.branch.unit(unit ->
          unit.update(item, "1", "position", "-1")
              .update(item, "2", "position", "1")
              .update(item, "3", "position", "8")
              .update(item, "1", "position", "3"));
      fork.branch.unit(unit -> unit.update(item, "4", "note", "ok"));
      fork.main("INSERT INTO item (id, position) VALUES (80, 8)");
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(2, 1, 1, 0));
      assertThat(promotion.facts()).hasSize(1);
      assertThat(promotion.facts().getFirst().sentence())
          .contains("(\"position\")=(8) already exists")
          .contains("together or not at all");
    }
  }

  @Test
  void keysChangePlacesAndReferencesStay() {
    try (Fork fork = items()) {
      TableShape item = fork.table("item");
      fork.branch.unit(unit ->
          unit.update(item, "1", "id", "-1")
              .update(item, "2", "id", "1")
              .update(item, "-1", "id", "2"));
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT id, position, note FROM item WHERE id < 3 ORDER BY id"))
          .containsExactly("1|2|b", "2|1|a");
      assertThat(fork.ask("SELECT id, item FROM part ORDER BY id")).containsExactly("1|1", "2|2");
    }
  }

  @Test
  void valuesThatOnlyAnExpressionMakesUniqueChangePlacesToo() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE page (id int PRIMARY KEY, slug text, gone boolean, taken int4range)",
            "CREATE UNIQUE INDEX ON page (lower(slug)) WHERE NOT gone",
            "CREATE EXTENSION IF NOT EXISTS btree_gist",
            "ALTER TABLE page ADD EXCLUDE USING gist (taken WITH &&)",
            "INSERT INTO page VALUES (1, 'A', false, '[1,5)'), (2, 'b', false, '[5,9)')")) {
      TableShape page = fork.table("page");
      fork.branch.unit(unit ->
          unit.update(page, "1", "slug", "B")
              .update(page, "2", "slug", "a")
              .update(page, "1", "taken", "[5,9)")
              .update(page, "2", "taken", "[1,5)"));
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT slug, taken FROM page ORDER BY id"))
          .containsExactly("B|[5,9)", "a|[1,5)");
    }
  }

  @Test
  void valuesThatNoKeyTellsPassOnBesideARefusedRow() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE page (id int PRIMARY KEY, slug text, gone boolean, room int, EXCLUDE"
                + " USING btree (room WITH =))",
            "CREATE UNIQUE INDEX ON page (lower(slug)) WHERE NOT gone",
            "INSERT INTO page VALUES (1, 'A', false, 1), (2, 'b', false, 2), (3, 'c', false, 3),"
                + " (4, 'd', false, 4), (5, 'e', false, 5)")) {
      TableShape page = fork.table("page");
      fork.branch.unit(unit -> unit.update(page, "1", "slug", "B").update(page, "2", "slug", "a"));
      fork.branch.unit(unit -> unit.insert(page, "9", "C", "f", "3"));
      fork.branch.unit(unit -> unit.delete(page, "3"));
      fork.branch.unit(unit -> unit.update(page, "5", "room", "6"));
      fork.branch.unit(unit -> unit.update(page, "4", "room", "5"));
      fork.branch.unit(unit -> unit.insert(page, "8", "TAKEN", "f", "8"));
      fork.main("INSERT INTO page VALUES (90, 'taken', false, 90)");
      Promotion promotion = fork.promote();
      assertThat(promotion.facts()).hasSize(1);
      assertThat(promotion.facts().getFirst().sentence()).contains("row id=8 of public.page");
      assertThat(promotion.units()).isEqualTo(new UnitCounts(6, 5, 1, 0));
      assertThat(fork.ask("SELECT id, slug, room FROM page ORDER BY id"))
          .containsExactly("1|B|1", "2|a|2", "4|d|5", "5|e|6", "9|C|3", "90|taken|90");
    }
  }

  @Test
  void whoTakesWhatARefusedRowKeepsIsRefusedAndWhoGivesIsNot() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE page (id int PRIMARY KEY, slug text, n int)",
            "CREATE UNIQUE INDEX ON page (lower(slug))",
            "INSERT INTO page VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (4, 'd', 4)")) {
      TableShape page = fork.table("page");
      fork.branch.unit(unit -> unit.update(page, "4", "slug", "e"));
      fork.branch.unit(unit -> unit.update(page, "3", "slug", "d").update(page, "3", "n", "-3"));
      fork.branch.unit(unit -> unit.update(page, "2", "slug", "c"));
      fork.branch.unit(unit -> unit.update(page, "1", "slug", "b"));
      fork.main("ALTER TABLE page ADD CHECK (n > 0)");
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(4, 1, 3, 0));
      assertThat(promotion.facts().stream().map(fact -> fact.sentence()))
          .singleElement()
          .asString()
          .contains("row id=3 of public.page")
          .contains("check constraint")
          .contains("goes to id=2 and id=1, so they land together or not at all");
      assertThat(fork.ask("SELECT slug FROM page ORDER BY id")).containsExactly("a", "b", "c", "e");
    }
  }

  @Test
  void manyValuesPassOnUnseenBesideARefusedRow() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE place (id int PRIMARY KEY, n int)",
            "CREATE UNIQUE INDEX ON place (abs(n))",
            "INSERT INTO place SELECT i, i FROM generate_series(1, 500) AS i",
            "CREATE TABLE other (id int PRIMARY KEY, n int UNIQUE)")) {
      TableShape place = fork.table("place");
      for (int row = 1; row <= 500; row++) {
        String id = Integer.toString(row);
        String next = Integer.toString(-row - 1);
        fork.branch.unit(unit -> unit.update(place, id, "n", next));
      }
      fork.branch.unit(unit -> unit.insert(fork.table("other"), "1", "1"));
      fork.main("INSERT INTO other VALUES (2, 1)");
      assertThat(fork.promote().units()).isEqualTo(new UnitCounts(501, 500, 1, 0));
      assertThat(fork.ask("SELECT min(n), max(n) FROM place")).containsExactly("-501|-2");
    }
  }
}
