package dev.anabranch.trials.cycles;

import dev.anabranch.trials.cycles.Line.When;
import dev.anabranch.trials.cycles.Program.Naming;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes programs: each kind is a habit of real clients. */
final class Programs {

  private final SplittableRandom dice;
  private final String schema;
  private int made;

  Programs(SplittableRandom dice, String schema) {
    this.dice = dice;
    this.schema = schema;
  }

  /** One program of a random kind. */
  Program any() {
    return of(dice.nextInt(KINDS));
  }

  private static final List<Naming> NAMINGS = List.of(Naming.values());

  /** How many kinds there are. */
  static final int KINDS = 52 + Circumstantial.KINDS;

  /** One program of a kind. */
  Program of(int kind) {
    return of(kind, 1 + dice.nextInt(3), pick("a", "b", "c"), "e" + (1 + dice.nextInt(6)));
  }

  /** One program of a kind, about the first account, article and address. */
  Program named(String kind) {
    return IntStream.range(0, KINDS)
        .mapToObj(number -> of(number, 1, "a", "e1"))
        .filter(program -> program.kind().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private Program of(int kind, int acct, String sku, String email) {
    int number = ++made;
    Naming naming = NAMINGS.get(dice.nextInt(NAMINGS.size()));
    Writer writer = new Writer(number, "t" + number, acct, sku, email);
    return kind < READS_FIRST
        ? readsThenWrites(kind, writer, naming)
        : kind < WRITES_ALONE
            ? writesAlone(kind, writer, naming)
            : kind < ODD
                ? odd(kind, writer, naming)
                : Circumstantial.of(kind - ODD, writer, naming);
  }

  private static final int READS_FIRST = 17;
  private static final int WRITES_ALONE = 37;
  private static final int ODD = 52;

  /** The values of one program. */
  record Writer(int number, String tag, int acct, String sku, String email) {
    Program told(String kind, Naming naming, Line... lines) {
      return new Program(number, kind, naming, Arrays.asList(lines));
    }

    String note() {
      return "INSERT INTO remark (kind, body) VALUES ('note', '" + tag + "')";
    }

    String order(String returning) {
      return "INSERT INTO ord (tag, acct, sku, qty) VALUES ('"
          + tag
          + "', "
          + acct
          + ", '"
          + sku
          + "', 2)"
          + returning;
    }
  }

  private Program readsThenWrites(int kind, Writer w, Naming naming) {
    String other = dice.nextBoolean() ? "a" : "b";
    return switch (kind) {
      case 0 ->
          w.told(
              "read and insert",
              naming,
              a("SELECT p FROM price WHERE sku = '" + w.sku + "'"),
              says(other, w.note()));
      case 1 ->
          w.told(
              "count and insert",
              naming,
              a("SELECT count(*) FROM ord WHERE status = 'new'"),
              says(other, w.note()));
      case 2 ->
          w.told(
              "pool: read in one, write in another",
              naming,
              a("SELECT bal FROM acct WHERE id = " + w.acct),
              says("b", "UPDATE acct SET bal = 60 WHERE id = " + w.acct));
      case 3 ->
          w.told(
              "transaction",
              naming,
              a("BEGIN"),
              a("SELECT bal, ver FROM acct WHERE id = " + w.acct),
              a("UPDATE acct SET tenant = '" + w.tag + "' WHERE id = " + w.acct),
              a(w.note()),
              a("COMMIT"));
      case 4 ->
          w.told(
              "prepared",
              naming,
              a("SELECT count(*) FROM acct WHERE bal > ?::int").with(List.of("60")),
              a("INSERT INTO remark (kind, body) VALUES (?, ?)").with(List.of("note", w.tag)));
      case 5 ->
          w.told(
              "view over a function", naming, a("SELECT sku, r FROM dear"), says(other, w.note()));
      case 6 ->
          w.told("function that reads", naming, a("SELECT rate('" + w.sku + "')"), a(w.note()));
      case 7 ->
          w.told(
              "tenant by a function",
              naming,
              a("SELECT enter('" + schema + "_a')"),
              a("SELECT count(*) FROM goods WHERE x = 'x'"),
              a(w.note().replace("remark", schema + ".remark")));
      case 8 ->
          w.told(
              "temporary table by a function",
              naming,
              a("SELECT shadow()"),
              a("SELECT count(*) FROM goods"),
              a(w.note()));
      case 9 ->
          w.told(
              "zone after parse",
              naming,
              a("SET timezone = 'UTC'"),
              a("SELECT count(*) FROM ord WHERE placed > '2001-01-01' AND qty > ?::int")
                  .with(List.of("0")),
              a("SET timezone = 'America/New_York'"),
              a("SELECT count(*) FROM ord WHERE placed > '2001-01-01' AND qty > ?::int")
                  .with(List.of("1")),
              a(w.note()));
      case 10 ->
          w.told(
              "rolled back and told",
              naming,
              a("BEGIN"),
              a("SELECT n FROM cnt WHERE name = 'hits'"),
              a("ROLLBACK"),
              a(w.note()));
      case 11 ->
          w.told(
              "savepoint",
              naming,
              a("BEGIN"),
              a("SAVEPOINT s"),
              a("UPDATE slot SET who = 'x' WHERE id = 1"),
              a("SELECT who FROM slot WHERE id = 1"),
              a("ROLLBACK TO s"),
              a("UPDATE slot SET who = '" + w.tag + "' WHERE id = 2 AND pos = 2"),
              a("COMMIT"));
      case 12 ->
          w.told(
              "own writes read",
              naming,
              a("UPDATE acct SET tenant = 'q' WHERE id = " + w.acct),
              says(other, "SELECT count(*) FROM acct WHERE tenant = 'q' AND bal >= 50"),
              a(w.note()));
      case 13 ->
          w.told(
              "queue",
              naming,
              a("BEGIN"),
              a("SELECT tag FROM job WHERE state = 'ready' ORDER BY id LIMIT 1 FOR UPDATE SKIP"
                      + " LOCKED")
                  .remembering("job"),
              a("UPDATE job SET state = 'taken' WHERE tag = '{job}'"),
              a("COMMIT"));
      case 14 ->
          w.told(
              "cursor",
              naming,
              a("BEGIN"),
              a("DECLARE c CURSOR FOR SELECT tag, status FROM ord ORDER BY tag"),
              a("FETCH 2 FROM c"),
              a("COMMIT"),
              a(w.note()));
      case 15 ->
          w.told(
              "row security by a setting",
              naming,
              a("SET app.tenant = 'x'"),
              a("SET ROLE " + Shop.CLERK),
              a("SELECT count(*) FROM doc"),
              a("INSERT INTO doc (tag, tenant, body) VALUES ('" + w.tag + "', 'x', 'b')"));
      default ->
          w.told(
              "join and aggregate",
              naming,
              a("SELECT a.tenant, sum(o.qty) FROM ord o JOIN acct a ON a.id = o.acct GROUP BY 1"),
              says(other, w.note()));
    };
  }

  private Program writesAlone(int kind, Writer w, Naming naming) {
    return switch (kind) {
      case 17 ->
          w.told(
              "optimistic lock",
              naming,
              a(
                  "UPDATE acct SET tenant = '"
                      + w.tag
                      + "', ver = ver + 1 WHERE id = "
                      + w.acct
                      + " AND ver = 1"),
              a(w.note()).only(When.SOMETHING_WRITTEN));
      case 18 ->
          w.told("decrement", naming, a("UPDATE acct SET bal = bal - 3 WHERE id = " + w.acct));
      case 19 ->
          w.told(
              "if paid",
              naming,
              a(
                  "UPDATE ord SET status = 'shipped' WHERE tag = 'base"
                      + w.acct
                      + "' AND (SELECT paid FROM acct WHERE id = ord.acct)"));
      case 20 ->
          w.told(
              "insert select",
              naming,
              a("INSERT INTO remark (kind, body) SELECT '" + w.tag + "', count(*)::text FROM ord"));
      case 21 ->
          w.told(
              "upsert",
              naming,
              a(
                  "INSERT INTO mail (email) VALUES ('"
                      + w.email
                      + "') ON CONFLICT (email) DO UPDATE SET"
                      + " n = mail.n + 1"));
      case 22 ->
          w.told(
              "insert or nothing",
              naming,
              a("INSERT INTO mail (email, n) VALUES ('" + w.email + "', 7) ON CONFLICT DO NOTHING"),
              a(w.note()).only(When.NOTHING_WRITTEN));
      case 23 ->
          w.told(
              "delete where not exists",
              naming,
              a(
                  "DELETE FROM job WHERE state = 'done' OR NOT EXISTS (SELECT FROM ord WHERE"
                      + " ord.tag = job.tag)"));
      case 24 ->
          w.told(
              "merge",
              naming,
              a(
                  "MERGE INTO cnt USING (SELECT sku, p FROM price) s ON cnt.name = s.sku WHEN"
                      + " MATCHED THEN UPDATE SET n = s.p WHEN NOT MATCHED THEN INSERT VALUES"
                      + " (s.sku, s.p)"));
      case 25 ->
          w.told(
              "no row, other path",
              naming,
              a("UPDATE acct SET bal = bal - 70 WHERE id = " + w.acct + " AND bal >= 70"),
              a(w.note()).only(When.NOTHING_WRITTEN));
      case 26 ->
          w.told(
              "refused, other path",
              naming,
              a("INSERT INTO mail (email) VALUES ('" + w.email + "')"),
              a(w.note()).only(When.REFUSED));
      case 27 -> w.told("trigger reads a price", naming, a(w.order("")));
      case 28 ->
          w.told(
              "returning",
              naming,
              a(w.order(" RETURNING id, total")).drawing(0, "ord"),
              a(w.note()));
      case 29 ->
          w.told(
              "number used as a reference",
              naming,
              a(w.order(" RETURNING id")).drawing(0, "ord").remembering("o"),
              a("INSERT INTO inv (tag, ord) VALUES ('" + w.tag + "', {o})"),
              a("INSERT INTO remark (kind, ref, body) VALUES ('order', {o}, '" + w.tag + "')"));
      case 30 ->
          w.told(
              "booking in a period",
              naming,
              a("INSERT INTO booking (tag, period, amount) VALUES ('" + w.tag + "', 1, 50)"));
      case 31 ->
          w.told(
              "line without a key", naming, a("INSERT INTO line (words) VALUES ('" + w.tag + "')"));
      case 32 ->
          w.told(
              "copy",
              naming,
              a("COPY ord (tag, acct, sku, qty) FROM STDIN")
                  .copying(w.tag + "\t1\t" + w.sku + "\t3\n"));
      case 33 ->
          w.told(
              "swap",
              naming,
              a("BEGIN"),
              a("UPDATE slot SET pos = -1 WHERE id = 1"),
              a("UPDATE slot SET pos = 1 WHERE id = 2"),
              a("UPDATE slot SET pos = 2 WHERE id = 1"),
              a("COMMIT"));
      case 34 ->
          w.told(
              "update from",
              naming,
              a(
                  "UPDATE ord SET total = qty * p FROM price WHERE price.sku = ord.sku AND ord.tag"
                      + " LIKE 'base%'"));
      case 35 ->
          w.told(
              "update by subquery",
              naming,
              a("UPDATE cnt SET n = (SELECT sum(bal) FROM acct) WHERE name = 'hits'"));
      default ->
          w.told(
              "delete returning",
              naming,
              a("DELETE FROM ord WHERE tag = 'base" + w.acct + "' RETURNING tag, status"));
    };
  }

  private Program odd(int kind, Writer w, Naming naming) {
    return switch (kind) {
      case 37 -> w.told("select that writes", naming, a("SELECT bump('hits')"));
      case 38 -> w.told("call", naming, a("CALL settle(" + w.acct + ")"));
      case 39 ->
          w.told("do", naming, a("DO $$ BEGIN UPDATE price SET note = 'do' WHERE p > 15; END $$"));
      case 40 ->
          w.told(
              "writing with",
              naming,
              a(
                  "WITH gone AS (DELETE FROM mail WHERE n > 1 RETURNING email) INSERT INTO remark"
                      + " (kind, body) SELECT 'gone', email FROM gone"));
      case 41 ->
          w.told(
              "about nothing",
              naming,
              a("SELECT now()").aboutNothing(),
              a("SELECT pg_advisory_unlock_all()").aboutNothing(),
              a("SELECT nextval('noise_id_seq')").aboutNothing(),
              a("SELECT set_config('app.x', '1', false)").aboutNothing(),
              a("SELECT gen_random_uuid()").aboutNothing(),
              a(w.note()));
      case 42 -> w.told("deferrable key", naming, a("UPDATE later SET v = v + 10 WHERE id = 1"));
      case 43 ->
          w.told("json", naming, a("UPDATE kv SET doc = doc || '{\"b\": 2}' WHERE k = 'k1'"));
      case 44 ->
          w.told(
              "chosen number",
              naming,
              a(
                  "INSERT INTO ord (id, tag, qty, total) VALUES ("
                      + (500_000 + w.number)
                      + ", '"
                      + w.tag
                      + "', 1, 1)"));
      case 45 ->
          w.told(
              "control character",
              naming,
              a("INSERT INTO kv VALUES ('" + w.tag + "', to_jsonb('x'::text))"),
              a("UPDATE price SET note = E'\\x01hello' WHERE sku = '" + w.sku + "'"));
      case 46 ->
          w.told(
              "two in one text",
              naming,
              a("BEGIN"),
              a(w.order("")),
              a("UPDATE cnt SET n = n + 1 WHERE name = 'orders'"),
              a("COMMIT"));
      case 47 ->
          w.told(
              "invoice", naming, a("INSERT INTO inv (tag) VALUES ('" + w.tag + "') RETURNING tag"));
      case 48 ->
          w.told(
              "fixed update",
              naming,
              a("UPDATE price SET note = '" + w.tag + "' WHERE sku = '" + w.sku + "'"));
      case 49 ->
          w.told(
              "clerk's insert",
              naming,
              a("SET ROLE " + Shop.CLERK),
              a("INSERT INTO booking (tag, period, amount) VALUES ('" + w.tag + "', 2, 50)"));
      case 50 ->
          w.told(
              "lock, then write",
              naming,
              a("BEGIN"),
              a("SELECT bal FROM acct WHERE id = " + w.acct + " FOR UPDATE"),
              a("UPDATE acct SET bal = 10 WHERE id = " + w.acct),
              a("COMMIT"));
      default ->
          w.told(
              "own function made",
              naming,
              a(
                  "CREATE OR REPLACE FUNCTION f"
                      + w.number
                      + "(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 2 * $1'"),
              a("SELECT f" + w.number + "(p) FROM price WHERE sku = '" + w.sku + "'"),
              a(w.note()));
    };
  }

  /** The statements of a session that say where it is and what its task is. */
  static List<String> opening(Program program, String schema) {
    Stream<String> first = Stream.of("SET search_path = " + schema, "SET lock_timeout = '2s'");
    return program.naming() == Naming.NAMED
        ? new ArrayList<>(
            Stream.concat(first, Stream.of("SET anabranch.task = '" + program.task() + "'"))
                .toList())
        : first.toList();
  }

  private String pick(String... choices) {
    return choices[dice.nextInt(choices.length)];
  }

  private static Line a(String sql) {
    return Line.of("a", sql);
  }

  private static Line says(String session, String sql) {
    return Line.of(session, sql);
  }
}
