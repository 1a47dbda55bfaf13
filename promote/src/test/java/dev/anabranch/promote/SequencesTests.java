package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.promote.Promotion.UnitCounts;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.testkit.TemporaryPostgres;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** After a promotion production's own next rows go in, whatever drew the branch's numbers. */
@Tag("postgres")
final class SequencesTests {

  private static final String TRIGGER =
      "CREATE FUNCTION numbered() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.id :="
          + " nextval(''public.loose''); RETURN NEW; END'";

  private static void productionGoesOn(Fork fork, String insert) {
    for (int i = 0; i < 40; i++) {
      fork.main(insert);
    }
  }

  @Test
  void aUniqueColumnThatIsNoKey() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE SEQUENCE inv",
            "CREATE TABLE bill (id int PRIMARY KEY, no int UNIQUE DEFAULT nextval('inv'))")) {
      fork.drew("inv", 3, 6);
      fork.branch.unit(unit -> unit.insert(fork.table("bill"), "-1", "5"));
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      productionGoesOn(fork, "INSERT INTO bill (id) SELECT count(*) FROM bill");
      assertThat(fork.ask("SELECT count(*) FROM bill")).containsExactly("41");
    }
  }

  @Test
  void aNumberInATextAndOneThatCanNotBeRead() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE SEQUENCE inv",
            "CREATE SEQUENCE hex",
            "CREATE TABLE bill (id text PRIMARY KEY DEFAULT 'INV-' || lpad(nextval('inv')::text, 6,"
                + " '0'), code text UNIQUE DEFAULT to_hex(nextval('hex') + 1000))")) {
      fork.drew("inv", 3, 6).drew("hex", 3, 4);
      fork.branch.unit(unit -> unit.insert(fork.table("bill"), "INV-000006", "3ec"));
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      productionGoesOn(fork, "INSERT INTO bill DEFAULT VALUES");
      assertThat(fork.ask("SELECT count(*) FROM bill")).containsExactly("41");
    }
  }

  @Test
  void aKeyThatATriggerOrAProgramDraws() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE SEQUENCE loose",
            TRIGGER,
            "CREATE TABLE bill (id int PRIMARY KEY, v int)",
            "CREATE TRIGGER numbered BEFORE INSERT ON bill FOR EACH ROW EXECUTE FUNCTION"
                + " numbered()",
            "CREATE SEQUENCE pooled INCREMENT 50",
            "CREATE TABLE entity (id int PRIMARY KEY)")) {
      fork.drew("loose", 3, 5).drew("pooled", -49, 51);
      fork.branch.unit(unit -> unit.insert(fork.table("bill"), "5", "1"));
      fork.branch.unit(unit -> unit.insert(fork.table("entity"), "1"));
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      productionGoesOn(fork, "INSERT INTO bill (v) VALUES (2)");
      assertThat(fork.ask("SELECT count(*) FROM bill")).containsExactly("41");
      assertThat(fork.ask("SELECT nextval('pooled')")).containsExactly("101");
    }
  }

  @Test
  void identityAndSeveralColumnsOnOneSequence() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE SEQUENCE both_of",
            "CREATE TABLE pair (id int PRIMARY KEY DEFAULT nextval('both_of'), other int UNIQUE"
                + " DEFAULT nextval('both_of'), line int GENERATED ALWAYS AS IDENTITY UNIQUE)")) {
      fork.drew("both_of", 0, 2).drew("pair_line_seq", 0, 1);
      fork.branch.unit(unit -> unit.insert(fork.table("pair"), "1", "2", "1"));
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT id, other, line FROM pair")).containsExactly("1|2|1");
      productionGoesOn(fork, "INSERT INTO pair DEFAULT VALUES");
    }
  }

  @Test
  void aNumberThatMainGaveOutIsHeldWhereItIsNoKey() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE SEQUENCE inv",
            "CREATE TABLE bill (id int PRIMARY KEY, no int DEFAULT nextval('inv'))")) {
      fork.drew("inv", 0, 2);
      fork.branch.unit(unit -> unit.insert(fork.table("bill"), "11", "1"));
      fork.branch.unit(unit -> unit.insert(fork.table("bill"), "12", "2"));
      fork.main("INSERT INTO bill (id) VALUES (1)");
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(2, 1, 1, 0));
      assertThat(promotion.facts().getFirst().sentence())
          .contains("column no")
          .contains("number 1 of sequence public.inv");
      assertThat(fork.ask("SELECT id, no FROM bill ORDER BY id")).containsExactly("1|1", "12|2");
    }
  }

  @Test
  void keysThatSomebodyChoseStay() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE doc (id serial PRIMARY KEY, t text)",
            "INSERT INTO doc (t) VALUES ('a'), ('b'), ('c')",
            "DELETE FROM doc WHERE id = 2")) {
      TableShape doc = fork.table("doc");
      fork.drew("doc_id_seq", 3, 4);
      fork.branch.unit(unit -> unit.insert(doc, "2", "restored"));
      fork.branch.unit(unit -> unit.insert(doc, "1000000", "chosen"));
      fork.branch.unit(unit -> unit.insert(doc, "8", "near"));
      fork.branch.unit(unit -> unit.insert(doc, "5", "taken"));
      fork.main("INSERT INTO doc VALUES (5, 'by hand')");
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(4, 3, 1, 0));
      assertThat(fork.ask("SELECT id, t FROM doc WHERE id > 1 AND id <> 3 ORDER BY id"))
          .containsExactly("2|restored", "5|by hand", "8|near", "1000000|chosen");
      productionGoesOn(fork, "INSERT INTO doc (t) VALUES ('more')");
    }
  }

  @Test
  void anAttemptThatMainRefusesCostsNoNumber() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE doc (id serial PRIMARY KEY, t text UNIQUE)")) {
      TableShape doc = fork.table("doc");
      fork.drew("doc_id_seq", 0, 3);
      fork.branch.unit(unit -> unit.insert(doc, "1", "mine"));
      fork.branch.unit(unit -> unit.insert(doc, "2", "taken"));
      fork.main("INSERT INTO doc VALUES (100, 'taken')");
      assertThat(fork.promote().units()).isEqualTo(new UnitCounts(2, 1, 1, 0));
      assertThat(fork.ask("SELECT id FROM doc ORDER BY id")).containsExactly("1", "100");
      assertThat(fork.ask("SELECT nextval('doc_id_seq')")).containsExactly("2");
    }
  }

  @Test
  void renumberedRowsKeepTheirNumberFromAttemptToAttempt() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE doc (id serial PRIMARY KEY, t text UNIQUE)")) {
      TableShape doc = fork.table("doc");
      fork.drew("doc_id_seq", 0, 2);
      fork.branch.unit(unit -> unit.insert(doc, "1", "mine"));
      fork.branch.unit(unit -> unit.insert(doc, "2", "taken"));
      fork.main("INSERT INTO doc (t) VALUES ('taken'), ('x')");
      assertThat(fork.promote().units()).isEqualTo(new UnitCounts(2, 1, 1, 0));
      assertThat(fork.ask("SELECT id FROM doc WHERE t = 'mine'")).containsExactly("3");
    }
  }

  @Test
  void whatRefersToARenumberedRowWithoutAForeignKeyIsHeld() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE orders (id serial PRIMARY KEY, v text)",
            "CREATE TABLE comments (id int PRIMARY KEY, kind text, ref int)",
            "CREATE TABLE events (id int PRIMARY KEY, body jsonb, order_id int REFERENCES"
                + " orders)")) {
      fork.drew("orders_id_seq", 33, 35);
      TableShape comments = fork.table("comments");
      fork.branch.unit(unit -> unit.insert(comments, "34", "before", "34"));
      fork.branch.unit(unit -> unit.insert(fork.table("orders"), "34", "mine"));
      fork.branch.unit(unit -> unit.insert(comments, "1", "order", "34"));
      fork.branch.unit(unit -> unit.insert(fork.table("events"), "1", "{\"order\": 34}", null));
      fork.branch.unit(unit -> unit.insert(fork.table("events"), "2", "{\"n\": 7}", "34"));
      fork.main("SELECT setval('orders_id_seq', 60)", "INSERT INTO orders VALUES (34, 'main')");
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(5, 3, 2, 0));
      assertThat(promotion.facts())
          .extracting(Fact::sentence)
          .allSatisfy(one -> assertThat(one).contains("row 34 of public.orders"));
      assertThat(fork.ask("SELECT id, order_id FROM events")).containsExactly("2|61");
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.HELD);
      fork.branch.unit(unit -> unit.update(comments, "1", "ref", "61"));
      assertThat(fork.promote().units()).isEqualTo(new UnitCounts(3, 2, 1, 0));
      assertThat(fork.ask("SELECT ref FROM comments WHERE id = 1")).containsExactly("61");
    }
  }

  @Test
  void whatNamesARenumberedRowInATextOfAnyTypeIsHeld() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE DOMAIN words AS text",
            "CREATE DOMAIN title AS words",
            "CREATE DOMAIN price AS numeric(8,2)",
            "CREATE DOMAIN at AS timestamp",
            "CREATE TYPE pair AS (a text, b text)",
            "CREATE TABLE orders (id serial PRIMARY KEY, v text)",
            "CREATE TABLE notes (id int PRIMARY KEY, t title, p pair, e price, a at, w text)")) {
      fork.drew("orders_id_seq", 1, 35);
      TableShape notes = fork.table("notes");
      fork.branch.unit(unit -> unit.insert(fork.table("orders"), "2", "mine"));
      fork.branch.unit(unit -> unit.insert(fork.table("orders"), "34", "mine"));
      fork.branch.unit(unit -> unit.insert(notes, "101", "see order 34.", null, null, null, null));
      fork.branch.unit(unit -> unit.insert(notes, "102", "top.34.1", null, null, null, null));
      fork.branch.unit(unit -> unit.insert(notes, "103", null, "(top.34,)", null, null, null));
      fork.branch.unit(
          unit -> unit.insert(notes, "104", null, null, null, null, "gid://shop/Order/2"));
      fork.branch.unit(unit -> unit.insert(notes, "105", null, null, null, null, "ticket #2"));
      fork.branch.unit(unit ->
          unit.insert(notes, "106", null, null, "34.00", "2026-11-29 10:34:02", "2 at 10:02"));
      fork.main("SELECT setval('orders_id_seq', 60)", "INSERT INTO orders VALUES (2), (34)");
      Promotion promotion = fork.promote();
      assertThat(promotion.units()).isEqualTo(new UnitCounts(8, 3, 5, 0));
      assertThat(fork.ask("SELECT id FROM notes")).containsExactly("106");
    }
  }

  @Test
  void aNumberThatItsTaskWroteDownBeforeTheRowWasMadeNamesTheRow() {
    try (Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE orders (id serial PRIMARY KEY, v text)",
            "CREATE TABLE log (id int PRIMARY KEY, ref int)")) {
      fork.drew("orders_id_seq", 1, 35);
      TableShape log = fork.table("log");
      Unit mine = fork.branch.unit(unit -> unit.insert(log, "101", "34"));
      fork.branch.unit(unit -> unit.insert(log, "102", "34"));
      Unit row = fork.branch.unit(unit -> unit.insert(fork.table("orders"), "34", "mine"));
      fork.verdicts.named(mine.id(), "mine").named(row.id(), "mine");
      fork.main("SELECT setval('orders_id_seq', 60)", "INSERT INTO orders VALUES (34)");
      assertThat(fork.promote().units()).isEqualTo(new UnitCounts(3, 2, 1, 0));
      assertThat(fork.ask("SELECT id FROM log")).containsExactly("102");
    }
  }
}
