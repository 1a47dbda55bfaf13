package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.Cell;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableShape;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.promote.Promotion.UnitCounts;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Promotions onto a real main. */
@Tag("postgres")
final class PromoterTests {

  private static final String[] SHOP = {
    "CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, city varchar(5), email text"
        + " UNIQUE)",
    "CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer int NOT NULL"
        + " REFERENCES customers ON DELETE CASCADE, total numeric(10,2) CHECK (total >= 0))",
    "INSERT INTO customers VALUES (1, 'Ann', 'Oslo', 'ann@x'), (2, 'Ben', 'Rome', 'ben@x'), (3,"
        + " 'Cy', 'Bonn', NULL)",
    "INSERT INTO orders (customer, total) VALUES (1, 10), (1, 20), (2, 30)"
  };

  private Fork shop(String... more) {
    String[] all = new String[SHOP.length + more.length];
    System.arraycopy(SHOP, 0, all, 0, SHOP.length);
    System.arraycopy(more, 0, all, SHOP.length, more.length);
    return Fork.of(TemporaryPostgres.shared(), all);
  }

  @Test
  void landsOnceAndKeepsAReceipt() {
    try (Fork fork = shop()) {
      TableShape customers = fork.table("customers");
      fork.verdicts.holds(5).rests(1, 5L);
      fork.branch.unit(unit -> unit.update(customers, "1", "city", "Lima").delete(customers, "3"));
      fork.main("UPDATE customers SET name = 'Anna' WHERE id = 1");
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(promotion.units()).isEqualTo(new UnitCounts(1, 1, 0, 0));
      assertThat(promotion.committed()).isPresent();
      assertThat(fork.ask("SELECT id, name, city FROM customers ORDER BY id"))
          .containsExactly("1|Anna|Lima", "2|Ben|Rome");
      Receipt receipt = fork.promotions.receipt(promotion.receipt());
      assertThat(receipt.committed()).isEqualTo(promotion.committed().map(Lsn::toString));
      assertThat(receipt.verifiedThrough()).isEqualTo(receipt.committed());
      assertThat(receipt.tables().getFirst().updated()).isEqualTo(1);
      assertThat(receipt.tables().getFirst().deletedKeys()).containsExactly(List.of("3"));
      assertThat(receipt.answers().getFirst().restedOn()).isTrue();

      Promotion again = fork.promote();
      assertThat(again.outcome()).isEqualTo(Outcome.NOTHING);
      assertThat(again.committed()).isEmpty();
    }
  }

  @Test
  void leavesItsIdInMainsLog() {
    try (Fork fork = shop()) {
      fork.main("SELECT pg_create_logical_replication_slot('look', 'test_decoding')");
      fork.branch.unit(unit -> unit.update(fork.table("customers"), "1", "city", "Lima"));
      Promotion promotion = fork.promote();
      assertThat(
              fork.ask(
                  "SELECT data FROM pg_logical_slot_get_changes('look', NULL, NULL) WHERE data LIKE"
                      + " 'message%promotion:%'"))
          .hasSize(1)
          .allMatch(line ->
              line.contains("promotion:" + promotion.receipt())
                  && line.contains("transactional: 1"));
      fork.main("SELECT pg_drop_replication_slot('look')");
    }
  }

  @Test
  void aDryRunShowsThePlanAndWritesNothing() {
    try (Fork fork = shop()) {
      fork.branch.unit(unit -> unit.update(fork.table("customers"), "1", "city", "Lima"));
      Promotion promotion = fork.promote(true, false);
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(promotion.committed()).isEmpty();
      assertThat(fork.ask("SELECT city FROM customers WHERE id = 1")).containsExactly("Oslo");
      assertThat(fork.promotions.receipt(promotion.receipt()).dryRun()).isTrue();
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
    }
  }

  @Test
  void landsLaterWhatWasHeldAndIsAccepted() {
    try (Fork fork = shop()) {
      fork.verdicts.changed(17, "47", "48").rests(2, 17L);
      fork.branch.unit(unit -> unit.update(fork.table("customers"), "1", "city", "Lima"));
      fork.branch.unit(unit -> unit.update(fork.table("customers"), "2", "city", "Lima"));
      Promotion first = fork.promote();
      assertThat(first.outcome()).isEqualTo(Outcome.PARTIAL);
      assertThat(first.facts().getFirst().answer()).contains(17L);
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.HELD);
      Promotion second = fork.promote(false, false, 17L);
      assertThat(second.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(second.units()).isEqualTo(new UnitCounts(1, 1, 0, 0));
      assertThat(fork.ask("SELECT city FROM customers WHERE id < 3 ORDER BY id"))
          .containsExactly("Lima", "Lima");
      assertThatThrownBy(() -> fork.promote(false, false, 99L))
          .isInstanceOfSatisfying(
              AnabranchException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_INVALID));
    }
  }

  @Test
  void renumbersIdentityKeysThatBothSidesGaveOutWithTheirReferences() {
    try (Fork fork =
        shop(
            "CREATE TABLE lines (order_id int REFERENCES orders, no int, what text, PRIMARY KEY"
                + " (order_id, no))")) {
      TableShape orders = fork.table("orders");
      TableShape lines = fork.table("lines");
      fork.branch.unit(unit ->
          unit.insert(orders, "4", "1", "44.00")
              .insert(lines, "4", "1", "tea")
              .insert(orders, "5", "2", "55.00"));
      fork.main(
          "INSERT INTO orders (customer, total) VALUES (3, 99)",
          "INSERT INTO lines VALUES (4, 1, 'coal')");
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT id, customer, total FROM orders WHERE id > 3 ORDER BY id"))
          .containsExactly("4|3|99.00", "5|2|55.00", "6|1|44.00");
      assertThat(fork.ask("SELECT * FROM lines ORDER BY order_id"))
          .containsExactly("4|1|coal", "6|1|tea");
      assertThat(fork.promotions.receipt(promotion.receipt()).renumbered())
          .containsExactlyInAnyOrder(
              new Receipt.KeyChanged("public.orders", Map.of("id", "4"), Map.of("id", "6")),
              new Receipt.KeyChanged(
                  "public.lines",
                  Map.of("order_id", "4", "no", "1"),
                  Map.of("order_id", "6", "no", "1")));

      fork.branch.unit(
          unit -> unit.update(orders, "4", "total", "45.00").insert(lines, "4", "2", "milk"));
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT total FROM orders WHERE id IN (4, 6) ORDER BY id"))
          .containsExactly("99.00", "45.00");
      assertThat(fork.ask("SELECT what FROM lines WHERE order_id = 6 ORDER BY no"))
          .containsExactly("tea", "milk");
      fork.main("INSERT INTO orders (customer, total) VALUES (3, 1)");
    }
  }

  @Test
  void renumbersSerialKeysAndLeavesKeysAloneThatOnlyContainANumber() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE notes (id serial PRIMARY KEY, what text)",
            "CREATE SEQUENCE s",
            "CREATE TABLE codes (code text PRIMARY KEY DEFAULT 'C-' || nextval('s'), what text)")) {
      fork.branch.unit(unit -> unit.insert(fork.table("notes"), "1", "mine"));
      fork.branch.unit(unit -> unit.insert(fork.table("codes"), "C-1", "mine"));
      fork.main(
          "INSERT INTO notes (what) VALUES ('theirs')",
          "INSERT INTO codes (what) VALUES ('theirs')");
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(2, 1, 1, 0));
      assertThat(promotion.facts().getFirst().kind()).isEqualTo(Fact.Kind.CONFLICT);
      assertThat(fork.ask("SELECT id, what FROM notes ORDER BY id"))
          .containsExactly("1|theirs", "2|mine");
    }
  }

  @Test
  void keepsGeneratedKeysThatMainHasNotGivenOutAndMovesItsSequencePastThem() {
    try (Fork fork = shop()) {
      fork.branch.unit(unit -> unit.insert(fork.table("orders"), "7", "1", "44.00"));
      fork.promote();
      assertThat(fork.ask("SELECT max(id) FROM orders")).containsExactly("7");
      fork.main("INSERT INTO orders (customer, total) VALUES (1, 1)");
      assertThat(fork.ask("SELECT max(id) FROM orders")).containsExactly("8");
    }
  }

  @Test
  void aRowThatMainsConstraintsRefuseIsAFactAndTheRestLands() {
    try (Fork fork = shop()) {
      TableShape customers = fork.table("customers");
      TableShape orders = fork.table("orders");
      fork.branch.unit(unit -> unit.insert(customers, "11", "Dee", "Rome", "dee@x"));
      fork.branch.unit(unit -> unit.insert(customers, "12", "Eve", "Rome", "eve@x"));
      fork.branch.unit(unit -> unit.insert(orders, "4", "12", "1.00"));
      fork.branch.unit(unit -> unit.update(customers, "2", "city", "Lisboa"));
      fork.branch.unit(unit -> unit.update(customers, "3", "city", "Köln"));
      fork.main("INSERT INTO customers VALUES (20, 'Other', 'Rome', 'eve@x')");
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.PARTIAL);
      assertThat(promotion.units()).isEqualTo(new UnitCounts(5, 2, 3, 0));
      assertThat(fork.ask("SELECT id FROM customers ORDER BY id"))
          .containsExactly("1", "2", "3", "11", "20");
      assertThat(fork.ask("SELECT city FROM customers WHERE id IN (2, 3) ORDER BY id"))
          .containsExactly("Rome", "Köln");
      assertThat(promotion.facts())
          .extracting(Fact::sentence)
          .satisfiesExactlyInAnyOrder(
              one ->
                  assertThat(one)
                      .contains("row id=12 of public.customers")
                      .contains("(email)=(eve@x) already exists"),
              two -> assertThat(two).contains("row id=2 of public.customers").contains("too long"));
      assertThat(promotion.facts())
          .anySatisfy(fact -> assertThat(fact.units()).containsExactly(2L, 3L));
    }
  }

  @Test
  void foreignKeysHoldAlthoughTriggersAreOff() {
    try (Fork fork =
        shop(
            "CREATE TABLE audit (n int)",
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO audit"
                + " VALUES (1); RETURN NULL; END'",
            "CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON customers EXECUTE FUNCTION"
                + " note()")) {
      TableShape customers = fork.table("customers");
      TableShape orders = fork.table("orders");
      fork.branch.unit(unit -> unit.insert(orders, "4", "3", "1.00"));
      fork.branch.unit(unit -> unit.delete(orders, "3").delete(customers, "2"));
      fork.branch.unit(unit -> unit.update(customers, "1", "city", "Lima"));
      fork.main(
          "DELETE FROM customers WHERE id = 3",
          "INSERT INTO orders (customer, total) VALUES (2, 77)",
          "TRUNCATE audit");
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(3, 1, 2, 0));
      assertThat(promotion.facts())
          .extracting(Fact::sentence)
          .satisfiesExactlyInAnyOrder(
              one ->
                  assertThat(one)
                      .contains("refer to a row that does not exist")
                      .contains("orders_customer_fkey"),
              two -> assertThat(two).contains("rows of public.orders refer to it"));
      assertThat(fork.ask("SELECT count(*) FROM orders WHERE customer = 2")).containsExactly("2");
      assertThat(fork.ask("SELECT count(*) FROM audit")).containsExactly("0");
    }
  }

  @Test
  void recordedCascadesLandAndNothingIsCascadedThatTheBranchDidNotSee() {
    try (Fork fork = shop()) {
      TableShape customers = fork.table("customers");
      TableShape orders = fork.table("orders");
      fork.branch.unit(unit -> unit.delete(customers, "1").delete(orders, "1").delete(orders, "2"));
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT id FROM orders")).containsExactly("3");
    }
  }

  @Test
  void aWriterBetweenPlanAndCommitMakesANewPlanAndNoLostUpdate() {
    try (Fork fork = shop()) {
      fork.branch.unit(unit -> unit.update(fork.table("customers"), "1", "city", "Lima"));
      int[] times = {0};
      fork.passing =
          moment -> {
            if (moment == Promoter.Moment.BEGUN_STORED && times[0]++ < 2) {
              fork.main("UPDATE customers SET name = name || '!' WHERE id = 1");
            }
          };
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT name, city FROM customers WHERE id = 1"))
          .containsExactly("Ann!!|Lima");
      assertThat(times[0]).isEqualTo(3);
    }
  }

  @Test
  void aMainThatNeverStandsStillIsRefusedAndNothingIsWritten() {
    try (Fork fork = shop()) {
      fork.branch.unit(unit -> unit.update(fork.table("customers"), "1", "city", "Lima"));
      fork.passing =
          moment -> {
            if (moment == Promoter.Moment.BEGUN_STORED) {
              fork.main("UPDATE customers SET name = name || '!' WHERE id = 1");
            }
          };
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(promotion.facts().getFirst().sentence()).contains("main moved each time");
      assertThat(fork.ask("SELECT city FROM customers WHERE id = 1")).containsExactly("Oslo");
      fork.passing = moment -> {};
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
    }
  }

  @Test
  void followsRenamesOnMain() {
    try (Fork fork = shop()) {
      fork.branch.unit(unit ->
          unit.update(fork.table("customers"), "1", "city", "Lima")
              .insert(fork.table("customers"), "9", "Zoe", "Bonn", null));
      fork.main(
          "ALTER TABLE customers RENAME TO clients",
          "ALTER TABLE clients RENAME city TO \"Home \"\"town\"\"\"",
          "ALTER TABLE clients ADD vip boolean NOT NULL DEFAULT true");
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(
              fork.ask(
                  "SELECT id, \"Home \"\"town\"\"\", vip FROM clients WHERE id IN (1, 9) ORDER"
                      + " BY id"))
          .containsExactly("1|Lima|t", "9|Bonn|t");
    }
  }

  @Test
  void everyTypesTextComesBackAsTheSameValue() {
    String columns =
        "id bigint PRIMARY KEY, b boolean, c char(3), v varchar(4), n numeric(12,3), f float8, r"
            + " real, t timestamptz, d date, i interval, u uuid, y bytea, j json, jb jsonb, x xml,"
            + " a text[], p point, g int4range, m money, k \"char\", bits bit(3), vb varbit, inet"
            + " inet, o oid, e mood, dom shortword, comp pair";
    String row =
        "(1, true, 'a', 'b', 1.50, 'NaN', '-0', '2026-03-29 02:30:00+02', 'infinity', '1 mon -2"
            + " days', '00000000-0000-0000-0000-00000000000a', '\\x00ff5c', '{\"a\":  1}', '{\"b\":"
            + " null}', '<a>&lt;</a>', '{a,NULL,\"x,y\",\"\\\\\"}', '(1,2)', '[1,5)', '12.34', 'q',"
            + " B'101', B'1', '::1/64', 16383, 'sad', 'ab', '(1,\"q w\")')";
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TYPE mood AS ENUM ('sad', 'ok')",
            "CREATE DOMAIN shortword AS varchar(3) CHECK (VALUE <> 'no')",
            "CREATE TYPE pair AS (a int, b text)",
            "CREATE TABLE wide (" + columns + ")",
            "INSERT INTO wide VALUES " + row,
            "CREATE TABLE expected AS SELECT * FROM wide")) {
      TableShape wide = fork.table("wide");
      var image = fork.branch.rows(wide).values().iterator().next();
      String[] texts = image.cells().stream().map(Cell::text).toArray(String[]::new);
      texts[0] = "2";
      fork.branch.unit(unit -> unit.insert(wide, texts));
      fork.branch.unit(unit ->
          wide.columns().stream()
              .skip(1)
              .forEach(column -> unit.update(wide, "1", column.name(), null)));
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(
              fork.ask(
                  "SELECT regexp_replace(w::text, '^.2,', '') = regexp_replace(wanted::text,"
                      + " '^.1,', '') FROM wide w, expected wanted WHERE w.id = 2"))
          .containsExactly("t");
      assertThat(
              fork.ask(
                  "SELECT num_nulls(b, c, v, n, f, t, j, x, a, p, k, comp::text) FROM wide WHERE id"
                      + " = 1"))
          .containsExactly("12");
    }
  }

  @Test
  void uniqueValuesThatWanderedThroughAThirdRowLand() {
    try (Fork fork = shop()) {
      TableShape customers = fork.table("customers");
      fork.branch.unit(unit ->
          unit.update(customers, "1", "email", "tmp")
              .update(customers, "2", "email", "ann@x")
              .update(customers, "1", "email", "ben@y"));
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT email FROM customers WHERE id < 3 ORDER BY id"))
          .containsExactly("ben@y", "ann@x");
    }
  }

  @Test
  void aLockThatIsNotToBeHadIsTriedAgainAndThenRefused() throws SQLException {
    try (Fork fork = shop();
        Connection writer = fork.main();
        Statement statement = writer.createStatement()) {
      fork.verdicts.holds(5).rests(1, 5L).tables(5, fork.table("orders").id());
      fork.branch.unit(unit -> unit.update(fork.table("customers"), "1", "city", "Lima"));
      writer.setAutoCommit(false);
      statement.execute("UPDATE orders SET total = 1 WHERE id = 1");
      assertThat(fork.promote(false, true).outcome()).isEqualTo(Outcome.REFUSED);
      writer.rollback();
    }
  }

  @Test
  void tablesWhoseConstraintsCanNotBeCheckedWithTriggersOffAreFacts() {
    try (Fork fork =
        shop(
            "CREATE TABLE places (id int PRIMARY KEY, place int4range, EXCLUDE USING gist (place"
                + " WITH &&) DEFERRABLE)",
            "CREATE TABLE loud (id int PRIMARY KEY)",
            "CREATE FUNCTION nop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE TRIGGER always AFTER INSERT ON loud EXECUTE FUNCTION nop()",
            "ALTER TABLE loud ENABLE ALWAYS TRIGGER always")) {
      fork.branch.unit(unit -> unit.insert(fork.table("places"), "1", "[1,2)"));
      fork.branch.unit(unit -> unit.insert(fork.table("loud"), "1"));
      assertThat(fork.promote().facts())
          .extracting(Fact::sentence)
          .satisfiesExactly(
              one -> assertThat(one).contains("places_place_excl is deferrable"),
              two -> assertThat(two).contains("trigger always fires always"));
    }
  }

  @Test
  void partitionsAreWrittenWhereTheirRowsAre() {
    try (Fork fork =
        shop(
            "CREATE TABLE parts (id int, day int, who int REFERENCES customers, PRIMARY KEY (id,"
                + " day)) PARTITION BY RANGE (day)",
            "CREATE TABLE parts_a PARTITION OF parts FOR VALUES FROM (0) TO (10)",
            "CREATE TABLE parts_b PARTITION OF parts FOR VALUES FROM (10) TO (20)",
            "CREATE TABLE refers (id int PRIMARY KEY, part int, day int, FOREIGN KEY (part, day)"
                + " REFERENCES parts)",
            "INSERT INTO parts VALUES (1, 1, 1), (2, 2, 2), (3, 11, 1)",
            "INSERT INTO refers VALUES (1, 1, 1)")) {
      TableShape a = fork.table("parts_a");
      TableShape b = fork.table("parts_b");
      fork.branch.unit(unit -> unit.delete(a, "2,2").insert(b, "2", "12", "2"));
      fork.branch.unit(unit -> unit.insert(fork.table("refers"), "2", "2", "12"));
      fork.branch.unit(unit -> unit.delete(a, "1,1"));
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(3, 2, 1, 0));
      assertThat(promotion.facts().getFirst().sentence())
          .contains("rows of public.refers refer to it");
      assertThat(fork.ask("SELECT tableoid::regclass, id FROM parts ORDER BY id, day"))
          .containsExactly("parts_a|1", "parts_b|2", "parts_b|3");
    }
  }
}
