package dev.anabranch.trials.cycles;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What production may do between a branch's work and its promotion. */
final class Moves {

  private final SplittableRandom dice;
  private final String schema;
  private int made;

  Moves(SplittableRandom dice, String schema) {
    this.dice = dice;
    this.schema = schema;
  }

  /** Something that touches no row that a program reads. */
  Move unrelated() {
    return rows("unrelated", "INSERT INTO noise (t) VALUES ('n" + next() + "')");
  }

  /** Rows that programs read and write. */
  Move related() {
    String sku = pick("a", "b", "c");
    int acct = 1 + dice.nextInt(3);
    int n = next();
    return related(dice.nextInt(RELATED), n, acct, sku);
  }

  private static final int RELATED = 28;
  private static final int MIGRATIONS = 17;

  private Move related(int kind, int n, int acct, String sku) {
    String order = "INSERT INTO ord (tag, acct, sku, qty) VALUES ('m" + n;
    return switch (kind) {
      case 0, 1 -> rows("price", "UPDATE price SET p = p + 5 WHERE sku = '" + sku + "'");
      case 2 ->
          rows(
              "price there and back",
              "UPDATE price SET p = p + 5 WHERE sku = '" + sku + "'",
              "UPDATE price SET p = p - 5 WHERE sku = '" + sku + "'");
      case 3 -> rows("note", "UPDATE price SET note = 'm" + n + "' WHERE sku = '" + sku + "'");
      case 4, 5 -> rows("balance", "UPDATE acct SET bal = bal + 7 WHERE id = " + acct);
      case 6 -> rows("version", "UPDATE acct SET tenant = 'w', ver = ver + 1 WHERE id = " + acct);
      case 7 -> rows("unpaid", "UPDATE acct SET paid = NOT paid WHERE id = " + acct);
      case 8 -> rows("close", "UPDATE period SET open = false WHERE id = 1");
      case 9, 10 -> rows("order", order + "', " + acct + ", '" + sku + "', 1)");
      case 11 ->
          rows(
              "many orders",
              "INSERT INTO ord (tag, acct, sku, qty) SELECT 'm"
                  + n
                  + "-' || i, 1, 'a', 1 FROM"
                  + " generate_series(1, 5) i");
      case 12 -> rows("mail", "INSERT INTO mail (email) VALUES ('e" + (1 + dice.nextInt(6)) + "')");
      case 13 -> rows("mail count", "UPDATE mail SET n = n + 1 WHERE email = 'e1'");
      case 14 ->
          rows("mail gone", "DELETE FROM mail WHERE email = 'e" + (1 + dice.nextInt(6)) + "'");
      case 15 -> rows("slot", "UPDATE slot SET who = 'm" + n + "' WHERE id = " + acct);
      case 16 -> rows("hits", "UPDATE cnt SET n = n + 1 WHERE name = 'hits'");
      case 17 -> rows("job", "UPDATE job SET state = 'done' WHERE tag = 'base" + acct + "'");
      case 18 -> rows("order gone", "DELETE FROM ord WHERE tag = 'base" + acct + "'");
      case 19 ->
          rows(
              "tenant's goods",
              "INSERT INTO " + schema + "_a.goods VALUES (" + (10 + n) + ", 'x')");
      case 20 -> rows("doc", "INSERT INTO doc (tag, tenant) VALUES ('m" + n + "', 'x')");
      case 21 -> rows("line", "INSERT INTO line (words) VALUES ('same')");
      case 22 -> rows("numbers", "SELECT setval('ord_id_seq', nextval('ord_id_seq') + 40)");
      case 23 ->
          rows(
              "order at two in the morning",
              "INSERT INTO ord (tag, qty, total, placed) VALUES ('m"
                  + n
                  + "', 2, 1, '2001-01-01 02:00+00')");
      case 24 -> rows("account", "INSERT INTO acct VALUES (" + (100 + n) + ", 100, 1, true, 'x')");
      case 26 -> rows("till", "UPDATE till SET n = n - 3 WHERE id = " + acct);
      case 25 -> rows("new price", "INSERT INTO price VALUES ('m" + n + "', 40)");
      default -> rows("kv", "UPDATE kv SET doc = doc || '{\"m\": " + n + "}' WHERE k = 'k1'");
    };
  }

  /** A migration. */
  Move migration() {
    int n = next();
    return migration(dice.nextInt(MIGRATIONS), n);
  }

  private Move migration(int kind, int n) {
    return switch (kind) {
      case 0 -> alters("add a column", "ALTER TABLE acct ADD extra" + n + " int DEFAULT 0");
      case 1 -> alters("rename a column", "ALTER TABLE price RENAME note TO note" + n);
      case 2 ->
          alters(
              "swap tables",
              "ALTER TABLE price RENAME TO price_old" + n,
              "ALTER TABLE price_next RENAME TO price");
      case 3 ->
          alters(
              "count orders",
              "CREATE TRIGGER tally"
                  + n
                  + " AFTER INSERT ON ord FOR EACH ROW EXECUTE FUNCTION"
                  + " tally()");
      case 4 -> alters("revoke", "REVOKE INSERT ON booking FROM cycles_clerk");
      case 5 -> alters("widen", "ALTER TABLE acct ALTER bal TYPE bigint");
      case 6 ->
          alters(
              "function",
              "CREATE OR REPLACE FUNCTION rate(s text) RETURNS int STABLE LANGUAGE plpgsql AS"
                  + " 'BEGIN RETURN (SELECT p + 1 FROM price WHERE sku = s); END'");
      case 7 -> alters("view", "CREATE OR REPLACE VIEW dear AS SELECT sku, p, p AS r FROM price");
      case 8 -> alters("check", "ALTER TABLE booking ADD CHECK (amount < 40) NOT VALID");
      case 9 -> alters("policy", "ALTER POLICY tenants ON doc USING (tenant <> 'x')");
      case 10 -> alters("grant a role", "GRANT cycles_lead TO cycles_clerk");
      case 11 -> alters("past row security", "ALTER ROLE cycles_clerk BYPASSRLS");
      case 12 ->
          alters("close a schema", "REVOKE USAGE ON SCHEMA " + schema + " FROM cycles_clerk");
      case 13 ->
          alters(
              "a column for another",
              "ALTER TABLE wide DROP a",
              "ALTER TABLE wide ADD d text",
              "UPDATE wide SET c = 'z' WHERE id = 1");
      case 15 ->
          alters(
              "two columns change names",
              "ALTER TABLE wide RENAME b TO was_b",
              "ALTER TABLE wide RENAME c TO b",
              "ALTER TABLE wide RENAME was_b TO c");
      case 14 ->
          alters("check by a function", "ALTER TABLE booking ADD CHECK (fair(amount)) NOT VALID");
      default -> alters("index", "CREATE INDEX ON ord (status)");
    };
  }

  /** A move of this kind, as chance could have made it. */
  Move named(String kind) {
    int n = next();
    return kind.equals("unrelated")
        ? unrelated()
        : Stream.concat(
                IntStream.range(0, RELATED).mapToObj(one -> related(one, n, 1, "a")),
                IntStream.range(0, MIGRATIONS).mapToObj(one -> migration(one, n)))
            .filter(move -> move.kind().equals(kind))
            .findFirst()
            .orElseThrow();
  }

  private int next() {
    return ++made;
  }

  private String pick(String... choices) {
    return choices[dice.nextInt(choices.length)];
  }

  private static Move rows(String kind, String... statements) {
    return new Move(kind, false, List.of(statements));
  }

  private static Move alters(String kind, String... statements) {
    return new Move(kind, true, List.of(statements));
  }
}
