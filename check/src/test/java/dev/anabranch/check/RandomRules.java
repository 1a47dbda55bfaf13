package dev.anabranch.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Statements whose new answers may follow from the changed rows, statements that only look so, and
 * writes that make NULLs, ties, empty groups and lost extremes.
 */
final class RandomRules {

  private static final String COLUMNS =
      "id int NOT NULL, k int NOT NULL, s text, t text COLLATE \"C\", i2 int2, i8 int8,"
          + " n numeric(8,2), m numeric(6,0), z numeric, b bool, u uuid, d date, w timestamptz,"
          + " v varchar(9), c char(3), f float8";

  static final List<String> TABLES =
      List.of(
          "CREATE TABLE g (" + COLUMNS + ", PRIMARY KEY (id))",
          "CREATE TABLE p (" + COLUMNS + ", PRIMARY KEY (id, k)) PARTITION BY RANGE (k)",
          "CREATE TABLE p_low (f float8, b bool, "
              + COLUMNS.replace(", f float8", "").replace(" b bool,", "")
              + ")",
          "ALTER TABLE p ATTACH PARTITION p_low FOR VALUES FROM (MINVALUE) TO (2)",
          "CREATE TABLE p_high PARTITION OF p FOR VALUES FROM (2) TO (MAXVALUE)",
          "CREATE VIEW seen AS SELECT id, k, n, s FROM g WHERE k < 3");

  private static final int IDS = 12;

  private final Random random;

  RandomRules(Random random) {
    this.random = random;
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String value(String column) {
    if (random.nextInt(4) == 0) {
      return "NULL";
    }
    return switch (column) {
      case "s", "t", "v" -> pick("'a'", "'B'", "'ä'", "'ab'", "''", "'\uD83D\uDE00'");
      case "c" -> pick("'a'", "'b '", "''");
      case "n" -> pick("0", "1.5", "-1.50", "2", "-0.01", "0.01", "'NaN'");
      case "z" -> pick("1.0", "1.00", "0", "-1");
      case "b" -> pick("true", "false");
      case "u" ->
          pick("'00000000-0000-0000-0000-000000000001'", "'ffffffff-0000-0000-0000-000000000001'");
      case "d" -> pick("'2026-01-01'", "'2026-03-01'", "'infinity'", "'0044-03-15 BC'");
      case "w" -> pick("'2026-01-01 12:00+02'", "'2026-01-01 10:00Z'", "'2026-03-01 00:00:00.5Z'");
      case "f" -> pick("0.1", "0.2", "'-0'");
      case "i8" -> pick("0", "5", "-5", "9223372036854775807");
      default -> pick("0", "1", "-1", "2", "3");
    };
  }

  private String key() {
    return Integer.toString(random.nextInt(4));
  }

  private String id() {
    return Integer.toString(random.nextInt(IDS));
  }

  private String where() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> "";
      case 3 -> " WHERE k = " + key();
      case 4 -> " WHERE k > " + key() + " AND (b OR n < 2)";
      case 5 -> " WHERE s = 'a' OR i2 IS NULL";
      case 6 -> " WHERE NOT (n > 0) AND k BETWEEN 0 AND 2";
      default -> " WHERE id = " + id();
    };
  }

  private String aggregate() {
    return pick(
        "count(*)",
        "count(1)",
        "count(n)",
        "count(s)",
        "sum(k)",
        "sum(i2)",
        "sum(i8)",
        "sum(n)",
        "sum(m)",
        "min(k)",
        "max(i2)",
        "max(n)",
        "min(m)",
        "min(t)",
        "max(d)",
        "max(w)",
        "bool_or(b)",
        "every(b)");
  }

  private String aggregates() {
    List<String> list = new ArrayList<>();
    if (random.nextBoolean()) {
      list.add("count(*)");
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      list.add(aggregate());
    }
    return String.join(", ", list);
  }

  private String from() {
    return " FROM " + pick("g", "g", "g", "p") + where();
  }

  /** Of a form that has a rule. */
  String ruled() {
    return switch (random.nextInt(13)) {
      case 8 ->
          "SELECT id, n, s FROM g"
              + where()
              + " ORDER BY "
              + pick("id", "id DESC", "n, id", "n DESC NULLS LAST, id", "k, id DESC")
              + pick(" LIMIT 1", " LIMIT 2", " LIMIT 3 OFFSET 0", " FETCH FIRST 4 ROWS ONLY");
      case 9 -> "SELECT 1 AS one" + from() + " LIMIT " + pick("1", "2");
      case 10 -> "SELECT DISTINCT " + pick("k", "s, b", "n", "d, k", "t") + from();
      case 11 -> "SELECT EXISTS (SELECT 1" + from() + " LIMIT 1)";
      case 0 -> "SELECT id, k, s, n, b, u, i8, c, v, z FROM g WHERE id = " + id();
      case 1 -> "SELECT k, s, d" + from();
      case 2 -> "SELECT id, n" + from() + " ORDER BY " + pick("id DESC", "n, id", "id");
      case 3, 4 -> "SELECT " + aggregates() + from();
      case 5 -> "SELECT EXISTS (SELECT 1" + from() + ")";
      case 6 -> {
        String group = pick("k", "s", "b", "n", "d", "v");
        yield "SELECT " + group + ", " + aggregates() + from() + " GROUP BY " + group;
      }
      case 7 -> {
        String group = pick("k", "t", "b", "s");
        yield "SELECT "
            + aggregates()
            + ", "
            + group
            + from()
            + " GROUP BY "
            + group
            + " ORDER BY "
            + group
            + pick("", " DESC", " NULLS FIRST");
      }
      default -> "SELECT k, b, " + aggregates() + from() + " GROUP BY b, k ORDER BY b DESC, k";
    };
  }

  /** Of a form that has none, or for a rule that must not be followed blindly. */
  String unruled() {
    return switch (random.nextInt(24)) {
      case 0 -> "SELECT count(*) FILTER (WHERE b)" + from();
      case 1 -> "SELECT count(DISTINCT k), sum(DISTINCT i2)" + from();
      case 2 -> "SELECT k, count(*)" + from() + " GROUP BY k HAVING count(*) > 1";
      case 3 ->
          "SELECT id, n"
              + from()
              + pick(
                  " ORDER BY id LIMIT 2 OFFSET 1",
                  " ORDER BY id FETCH FIRST 2 ROWS WITH TIES",
                  " ORDER BY id OFFSET 1");
      case 4 -> "SELECT sum(f), max(f)" + from();
      case 5 -> "SELECT sum(z), max(z)" + from();
      case 6 -> "SELECT z, count(*)" + from() + " GROUP BY z";
      case 7 -> "SELECT sum(k + 1), sum(i2::int8)" + from();
      case 8 -> "SELECT count(*), sum(n) FROM seen";
      case 9 -> "SELECT count(*) FROM g WHERE 1 = (SELECT min(id) FROM p) OR k = 1";
      case 10 -> "SELECT count(*) FROM g, p WHERE g.id = p.id";
      case 11 -> "SELECT DISTINCT ON (k) k, id" + from() + " ORDER BY k, id";
      case 12 -> "SELECT k" + from() + " GROUP BY ROLLUP (k)";
      case 13 -> "SELECT count(*) OVER (), k" + from();
      case 14 -> "SELECT count(*) FROM g WHERE k = 1 AND false";
      case 15 -> "SELECT count(*) FROM g WHERE 6 / k > 2";
      case 16 -> "SELECT count(*) FROM g WHERE length(s) > 0 AND k > 0";
      case 17 -> "SELECT avg(k), avg(n)" + from();
      case 18 -> "SELECT count(NULL), count(f)" + from();
      case 19 -> "SELECT NOT EXISTS (SELECT 1" + from() + pick("", " LIMIT 0", " OFFSET 1") + ")";
      case 20 -> "SELECT k, generate_series(1, k)" + from();
      case 21 -> "SELECT count(*)" + from() + " GROUP BY k";
      case 22 -> "SELECT sum(n) FROM ONLY p";
      default -> "SELECT s, f, w" + from() + " ORDER BY s";
    };
  }

  String insert(String id) {
    String table = pick("g", "g", "p");
    List<String> values = new ArrayList<>(List.of(id, key()));
    for (String column :
        List.of("s", "t", "i2", "i8", "n", "m", "z", "b", "u", "d", "w", "v", "c", "f")) {
      values.add(value(column));
    }
    return "INSERT INTO " + table + " VALUES (" + String.join(", ", values) + ")";
  }

  String write() {
    String table = pick("g", "g", "p");
    String column = pick("s", "t", "i2", "i8", "n", "n", "m", "z", "b", "d", "w", "v");
    return switch (random.nextInt(9)) {
      case 0, 1 -> insert(id());
      case 2 -> "DELETE FROM " + table + " WHERE id = " + id();
      case 3 -> "DELETE FROM " + table + " WHERE k = " + key();
      case 4 -> "UPDATE " + table + " SET k = " + key() + " WHERE id = " + id();
      case 5 -> "UPDATE g SET id = 20 + id WHERE id = " + id();
      default ->
          "UPDATE " + table + " SET " + column + " = " + value(column) + " WHERE id = " + id();
    };
  }
}
