package dev.anabranch.check;

import java.util.List;
import java.util.Random;

/**
 * Statements and writes over the two tables of {@link ProverAgainstPostgresTest}, with nasty
 * values.
 */
final class RandomStatements {

  static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE t (id int PRIMARY KEY, a int, b int, n numeric, s text COLLATE "C", c char(4), f float8,
            u uuid, d date, flag bool, v varchar(10))
          """,
          "CREATE TABLE r (id int PRIMARY KEY, t_id int, x int, s text)",
          "CREATE VIEW w AS SELECT id, a, b, s FROM t WHERE b < 4",
          "CREATE TABLE p (id int, a int, b int, PRIMARY KEY (id, a)) PARTITION BY RANGE (a)",
          "CREATE TABLE p_low (b int, id int NOT NULL, a int NOT NULL)",
          "ALTER TABLE p ATTACH PARTITION p_low FOR VALUES FROM (MINVALUE) TO (3)",
          "CREATE TABLE p_high PARTITION OF p FOR VALUES FROM (3) TO (MAXVALUE)");

  private final Random random;

  RandomStatements(Random random) {
    this.random = random;
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String number() {
    return pick("0", "1", "2", "3", "4", "5");
  }

  private String value(String column) {
    if (random.nextInt(6) == 0) {
      return "NULL";
    }
    return switch (column) {
      case "n" -> pick("1.0", "1.00", "1", "2.50", "'NaN'", "-0.5", "'Infinity'", "3");
      case "s" -> pick("'a'", "'b'", "''", "'\uFFFD'", "'\uD83D\uDE00'", "'ab'", "'a '", "'%'");
      case "c", "v" -> pick("'a'", "'b'", "'a '", "''", "'ab'");
      case "f" -> pick("0", "'-0'", "'NaN'", "'Infinity'", "1.5", "0.1", "3");
      case "u" ->
          pick("'00000000-0000-0000-0000-000000000001'", "'ffffffff-0000-0000-0000-000000000001'");
      case "d" -> pick("'2026-01-01'", "'infinity'", "'-infinity'", "'2026-03-01'");
      case "flag" -> pick("true", "false");
      default -> number();
    };
  }

  String literal(String column) {
    String value = value(column);
    return value.equals("NULL") ? value(column.equals("a") ? "b" : column) : value;
  }

  /** A condition on one alias of t. */
  String onT(String alias, int depth) {
    String column = pick("a", "b", "n", "s", "c", "f", "u", "d", "v", "a", "b");
    String at = alias + "." + column;
    return switch (random.nextInt(depth > 0 ? 14 : 10)) {
      case 0, 1 -> at + " = " + literal(column);
      case 2 -> at + pick(" < ", " <= ", " > ", " >= ", " <> ") + literal(column);
      case 3 -> at + " IN (" + literal(column) + ", " + literal(column) + ")";
      case 4 -> at + " NOT IN (" + literal(column) + ", " + value(column) + ")";
      case 5 -> at + pick(" IS NULL", " IS NOT NULL");
      case 6 -> at + " IS " + pick("", "NOT ") + "DISTINCT FROM " + literal(column);
      case 7 -> alias + ".s LIKE " + pick("'a%'", "'_'", "'%b'", "'\\%'", "''");
      case 8 -> at + " BETWEEN " + literal(column) + " AND " + literal(column);
      case 9 ->
          pick(
              alias + ".flag",
              alias + ".a + 1 > " + number(),
              "10 / " + alias + ".b > 2",
              alias + ".flag IS NOT TRUE");
      case 10 -> "NOT (" + onT(alias, depth - 1) + ")";
      case 11 -> "(" + onT(alias, depth - 1) + " OR " + onT(alias, depth - 1) + ")";
      case 12 ->
          "("
              + onT(alias, depth - 1)
              + ") IS "
              + pick("TRUE", "NOT TRUE", "FALSE", "UNKNOWN", "NOT UNKNOWN");
      default -> "(" + onT(alias, depth - 1) + " AND " + onT(alias, depth - 1) + ")";
    };
  }

  private String onR(String alias) {
    return pick(
        alias + ".x = " + number(),
        alias + ".x > " + number(),
        alias + ".s = " + literal("s"),
        alias + ".x IS NULL",
        "NOT (" + alias + ".x = " + number() + ")");
  }

  String query() {
    String where = onT("t", 2);
    return switch (random.nextInt(27)) {
      case 0 -> "SELECT count(*) FROM t WHERE " + where;
      case 1 -> "SELECT id, " + pick("a", "s", "n", "f") + " FROM t WHERE " + where;
      case 2 -> "SELECT sum(a), max(n), min(s) FROM t WHERE " + where + " AND " + onT("t", 1);
      case 3 ->
          "SELECT t.id, r.x FROM t JOIN r ON r.t_id = t.id AND " + onR("r") + " WHERE " + where;
      case 4 ->
          "SELECT t.id, r.x FROM t LEFT JOIN r ON r.t_id = t.id AND " + onR("r") + " AND " + where;
      case 5 ->
          "SELECT t.id, r.x FROM t LEFT JOIN r ON r.t_id = t.id WHERE "
              + where
              + " AND "
              + onR("r");
      case 6 ->
          "SELECT t.id, r.id FROM t RIGHT JOIN r ON r.t_id = t.a AND "
              + where
              + " WHERE "
              + onR("r");
      case 7 ->
          "SELECT t.id, r.id FROM t FULL JOIN r ON r.t_id = t.a AND " + where + " AND " + onR("r");
      case 8 ->
          "SELECT id FROM t WHERE "
              + where
              + " AND NOT EXISTS (SELECT 1 FROM r WHERE r.t_id = t.id AND "
              + onR("r")
              + ")";
      case 9 ->
          "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM r WHERE r.t_id = t.id AND r.x > t.a) AND "
              + where;
      case 10 -> "SELECT a, count(*) FROM t WHERE " + where + " GROUP BY a HAVING count(*) > 1";
      case 11 -> "SELECT DISTINCT b FROM t WHERE " + where;
      case 12 -> "SELECT id, a FROM t WHERE " + where + " ORDER BY b, id LIMIT 3";
      case 13 ->
          "SELECT id FROM (SELECT id, a, b FROM t ORDER BY id LIMIT 5) q WHERE q.a = " + number();
      case 14 -> "SELECT q.id FROM (SELECT * FROM t WHERE " + where + ") q WHERE " + onT("q", 1);
      case 15 -> "SELECT id FROM t WHERE " + where + " UNION SELECT id FROM r WHERE " + onR("r");
      case 16 ->
          "SELECT id FROM t WHERE " + where + " EXCEPT ALL SELECT t_id FROM r WHERE " + onR("r");
      case 17 ->
          "WITH k AS (SELECT id, a FROM t WHERE "
              + where
              + ") SELECT k.id, o.id FROM k, t o WHERE k.a = o.b AND "
              + onT("o", 1);
      case 18 -> "SELECT id, row_number() OVER (PARTITION BY a ORDER BY id) FROM t WHERE " + where;
      case 19 ->
          "SELECT id FROM t WHERE a > (SELECT avg(x) FROM r WHERE " + onR("r") + ") AND " + where;
      case 20 ->
          "SELECT id FROM t WHERE a IN (SELECT x FROM r WHERE " + onR("r") + ") AND " + where;
      case 21 -> "SELECT id FROM t WHERE a NOT IN (SELECT x FROM r WHERE " + onR("r") + ")";
      case 22 -> "SELECT count(*) FROM w WHERE " + pick("a", "b") + " = " + number();
      case 23 ->
          "SELECT q.y FROM (SELECT 12 / b AS y FROM t WHERE a = " + number() + ") q WHERE q.y > 2";
      case 24 ->
          "SELECT count(*), sum(b) FROM p WHERE "
              + pick("a", "b", "id")
              + pick(" = ", " > ")
              + number();
      case 25 ->
          "SELECT a.id, b.id FROM t a, t b WHERE a.a = b.b AND "
              + onT("a", 1)
              + " AND "
              + onT("b", 1);
      default ->
          "SELECT t.id FROM t LEFT JOIN (r JOIN t o ON o.id = r.t_id AND "
              + onT("o", 1)
              + ") ON r.x = t.a AND "
              + onR("r");
    };
  }

  /**
   * A statement that writes.
   *
   * @param sql what is analysed
   * @param told the same, telling which rows it wrote and what into them
   */
  record Effect(String sql, String told) {
    static Effect of(String sql, String returning) {
      return new Effect(sql, sql + " RETURNING " + returning);
    }
  }

  Effect effect() {
    String where = onT("t", 1);
    String column = pick("a", "b");
    return switch (random.nextInt(10)) {
      case 0, 1 ->
          Effect.of(
              "UPDATE t SET " + column + " = " + number() + " WHERE " + where, "id, " + column);
      case 2 -> Effect.of("UPDATE t SET a = b + 1 WHERE " + where, "id, a");
      case 3 -> Effect.of("DELETE FROM t WHERE " + where, "id");
      case 4 ->
          Effect.of(
              "UPDATE t SET b = r.x FROM r WHERE r.t_id = t.id AND " + onR("r") + " AND " + where,
              "t.id, t.b");
      case 5 ->
          Effect.of(
              "INSERT INTO r (id, x) SELECT 100 + id, a FROM t WHERE " + where, "id, t_id, x, s");
      case 6 ->
          Effect.of(
              "INSERT INTO r (id, x) VALUES ("
                  + id()
                  + ", 1), ("
                  + id()
                  + " + 20, 2) ON CONFLICT (id) DO UPDATE SET x = r.x + excluded.x",
              "id, x");
      case 7 ->
          Effect.of(
              "DELETE FROM r WHERE "
                  + onR("r")
                  + " AND NOT EXISTS (SELECT FROM t WHERE t.id = r.t_id AND "
                  + where
                  + ")",
              "id");
      case 8 ->
          Effect.of(
              "UPDATE p SET b = b + 1 WHERE " + pick("a", "b", "id") + " = " + number(),
              "id, a, b");
      default ->
          Effect.of(
              "WITH gone AS (DELETE FROM r WHERE "
                  + onR("r")
                  + " RETURNING t_id) UPDATE t SET a = 7 FROM gone WHERE gone.t_id = t.id AND "
                  + where,
              "t.id, t.a");
    };
  }

  private String id() {
    return Integer.toString(random.nextInt(14));
  }

  String write() {
    String column = pick("a", "b", "n", "s", "c", "f", "u", "d", "flag", "v");
    return switch (random.nextInt(10)) {
      case 0, 1 -> "UPDATE t SET " + column + " = " + value(column) + " WHERE id = " + id();
      case 2 -> "UPDATE t SET " + column + " = " + value(column) + " WHERE a = " + number();
      case 3 -> "DELETE FROM t WHERE id = " + id();
      case 4, 5 -> insertT(id());
      case 6 -> "UPDATE r SET x = " + number() + ", t_id = " + id() + " WHERE id = " + id();
      case 7 ->
          pick(
              "DELETE FROM r WHERE id = " + id(),
              "UPDATE p SET b = " + number() + " WHERE id = " + id());
      case 8 -> insertR(id());
      default ->
          pick(
              "UPDATE t SET id = 20 + id WHERE id = "
                  + id()
                  + " AND NOT EXISTS (SELECT FROM t o WHERE o.id = 20 + t.id)",
              "UPDATE p SET a = " + number() + " WHERE id = " + id(),
              "INSERT INTO p VALUES ("
                  + id()
                  + ", "
                  + number()
                  + ", "
                  + number()
                  + ") ON CONFLICT DO NOTHING");
    };
  }

  String insertT(String id) {
    return "INSERT INTO t VALUES ("
        + id
        + ", "
        + value("a")
        + ", "
        + value("b")
        + ", "
        + value("n")
        + ", "
        + value("s")
        + ", "
        + value("c")
        + ", "
        + value("f")
        + ", "
        + value("u")
        + ", "
        + value("d")
        + ", "
        + value("flag")
        + ", "
        + value("v")
        + ") ON CONFLICT DO NOTHING";
  }

  String insertR(String id) {
    return "INSERT INTO r VALUES ("
        + id
        + ", "
        + id()
        + ", "
        + value("x")
        + ", "
        + value("s")
        + ") ON CONFLICT DO NOTHING";
  }
}
