package dev.anabranch.trials.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes random questions of every shape on a schema's tables. */
final class Queries {

  private final Dice dice;
  private final List<Table> tables;
  private final List<String> parameters = new ArrayList<>();
  private Predicates predicates;

  Queries(Dice dice, List<Table> tables) {
    this.dice = dice;
    this.tables = tables;
    this.predicates = new Predicates(dice, parameters, false);
  }

  /** One question. */
  Query next() {
    parameters.clear();
    predicates = new Predicates(dice, parameters, dice.percent(40));
    Query query = shape();
    return new Query(query.sql(), parameters, query.legal());
  }

  private Query shape() {
    Table table = dice.pick(tables);
    return switch (dice.below(22)) {
      case 0, 1, 2 -> filter(table);
      case 3, 4 -> aggregate(table);
      case 5 -> grouped(table);
      case 6, 7 -> joined();
      case 8 -> outerCount();
      case 9 -> selfJoin(table);
      case 10 -> threeWay();
      case 11 -> topByKey(table);
      case 12 -> topWithTies(table);
      case 13 -> distinct(table);
      case 14, 15 -> exists();
      case 16 -> scalar();
      case 17 -> setOperation();
      case 18 -> withClause(table);
      case 19 -> window(table);
      case 20 -> recursive(table);
      default -> odd(table);
    };
  }

  private Query filter(Table table) {
    String sql =
        "SELECT " + columns(table, "a") + " FROM " + table.name() + " a" + where(table, "a", 2);
    if (!table.key().isEmpty() && dice.percent(30)) {
      return Query.inOrder(sql + " ORDER BY " + total(table, "a"));
    }
    return Query.bag(sql + (dice.percent(5) && !sql.contains("_agg") ? " FOR UPDATE" : ""));
  }

  private Query aggregate(Table table) {
    return Query.bag(
        "SELECT " + aggregates(table, "a") + " FROM " + table.name() + " a" + where(table, "a", 2));
  }

  private Query grouped(Table table) {
    List<String> groups =
        table.columns().stream()
            .filter(column -> column.kind().groupable())
            .map(column -> "a." + column.name())
            .toList();
    String by = String.join(", ", dice.some(groups, dice.between(1, 2)));
    String how = dice.percent(15) ? "ROLLUP (" + by + ")" : by;
    String having =
        dice.percent(50) ? " HAVING count(*) " + dice.of("> 1", "= 1", "< 3", ">= 2") : "";
    return Query.bag(
        "SELECT %s, %s FROM %s a%s GROUP BY %s%s"
            .formatted(
                by, aggregates(table, "a"), table.name(), where(table, "a", 1), how, having));
  }

  private Query joined() {
    Join join = join();
    String kind = dice.of("JOIN", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN");
    // A full join takes only conditions that can be merged or hashed.
    String extra = kind.equals("FULL JOIN") || dice.percent(50) ? "" : " AND " + onEither(join);
    return Query.bag(
        "SELECT %s, %s FROM %s a %s %s b ON %s%s%s"
            .formatted(
                columns(join.left(), "a"),
                columns(join.right(), "b"),
                join.left().name(),
                kind,
                join.right().name(),
                join.on(),
                extra,
                dice.percent(50) ? where(join.left(), "a", 1) : where(join.right(), "b", 1)));
  }

  private String onEither(Join join) {
    return dice.percent(50)
        ? predicates.condition(join.left(), "a", 0)
        : predicates.condition(join.right(), "b", 0);
  }

  private Query outerCount() {
    Join join = join();
    String counted = "a." + join.left().columns().getFirst().name();
    String group = join.left().columns().getFirst().kind().groupable() ? counted : "a.n";
    return Query.bag(
        "SELECT %s, count(b.n), min(b.n) FROM %s a LEFT JOIN %s b ON %s%s GROUP BY %s"
            .formatted(
                group,
                join.left().name(),
                join.right().name(),
                join.on(),
                where(join.left(), "a", 1),
                group));
  }

  private Query selfJoin(Table table) {
    String column =
        dice.pick(table.columns().stream().filter(c -> c.kind().ordered()).toList()).name();
    return Query.bag(
        "SELECT %s, b.n FROM %s a %s %s b ON a.%s = b.%s AND a.n %s b.n%s"
            .formatted(
                columns(table, "a"),
                table.name(),
                dice.of("JOIN", "LEFT JOIN"),
                table.name(),
                column,
                column,
                dice.of("<", "<>", "<=", "="),
                where(table, "a", 1)));
  }

  private Query threeWay() {
    Table a = dice.pick(tables);
    Table b = dice.pick(tables);
    Table c = dice.pick(tables);
    return Query.bag(
        "SELECT count(*), sum(a.n), max(c.n) FROM %s a %s %s b ON a.n = b.n %s %s c ON b.n = c.n AND c.n > %d%s"
            .formatted(
                a.name(),
                dice.of("JOIN", "LEFT JOIN"),
                b.name(),
                dice.of("JOIN", "LEFT JOIN", "RIGHT JOIN"),
                c.name(),
                dice.below(6),
                where(a, "a", 1)));
  }

  private Query topByKey(Table table) {
    if (table.key().isEmpty()) {
      return aggregate(table);
    }
    String sql =
        "SELECT %s FROM %s a%s ORDER BY a.n%s, %s LIMIT %d"
            .formatted(
                columns(table, "a"),
                table.name(),
                where(table, "a", 1),
                dice.of("", " DESC", " DESC NULLS LAST"),
                total(table, "a"),
                dice.between(1, 6));
    return Query.inOrder(sql + (dice.percent(25) ? " OFFSET " + dice.between(1, 3) : ""));
  }

  private Query topWithTies(Table table) {
    int limit = dice.between(1, 5);
    boolean ordered = dice.percent(70);
    String all =
        "SELECT a.n, %s FROM %s a%s%s"
            .formatted(
                columns(table, "a"),
                table.name(),
                where(table, "a", 1),
                ordered ? " ORDER BY a.n" + dice.of("", " DESC") : "");
    if (ordered && dice.percent(15)) {
      return Query.bag(all + " FETCH FIRST " + limit + " ROWS WITH TIES");
    }
    return new Query(
        all + " LIMIT " + limit, List.of(), new Query.Legal.FirstRows(ordered ? 1 : 0, limit, all));
  }

  private Query distinct(Table table) {
    List<String> plain =
        table.columns().stream()
            .filter(c -> c.kind().groupable())
            .map(c -> "a." + c.name())
            .toList();
    if (!table.key().isEmpty() && dice.percent(40)) {
      return Query.inOrder(
          "SELECT DISTINCT ON (a.n) a.n, %s FROM %s a%s ORDER BY a.n, %s"
              .formatted(
                  columns(table, "a"), table.name(), where(table, "a", 1), total(table, "a")));
    }
    return Query.bag(
        "SELECT DISTINCT %s FROM %s a%s"
            .formatted(String.join(", ", dice.some(plain, 2)), table.name(), where(table, "a", 1)));
  }

  private Query exists() {
    Join join = join();
    String inner = predicates.condition(join.right(), "b", 1);
    String test =
        switch (dice.below(4)) {
          case 0 ->
              "EXISTS (SELECT 1 FROM %s b WHERE %s AND %s)"
                  .formatted(join.right().name(), join.on(), inner);
          case 1 ->
              "NOT EXISTS (SELECT 1 FROM %s b WHERE %s AND %s)"
                  .formatted(join.right().name(), join.on(), inner);
          case 2 -> "a.n IN (SELECT b.n FROM %s b WHERE %s)".formatted(join.right().name(), inner);
          default ->
              "a.n NOT IN (SELECT b.n FROM %s b WHERE %s)".formatted(join.right().name(), inner);
        };
    String asked = dice.percent(50) ? "count(*)" : columns(join.left(), "a");
    return Query.bag(
        "SELECT %s FROM %s a WHERE %s AND %s"
            .formatted(asked, join.left().name(), test, predicates.condition(join.left(), "a", 1)));
  }

  private Query scalar() {
    Join join = join();
    String inner = dice.of("max(b.n)", "count(*)", "sum(b.n)", "bool_or(b.n > 3)");
    if (dice.percent(40)) {
      return Query.bag(
          "SELECT a.n FROM %s a WHERE a.n %s (SELECT %s::int8 FROM %s b%s)"
              .formatted(
                  join.left().name(),
                  dice.of("<", ">", "="),
                  inner.replace("bool_or(b.n > 3)", "min(b.n)"),
                  join.right().name(),
                  where(join.right(), "b", 1)));
    }
    return Query.bag(
        "SELECT a.n, (SELECT %s FROM %s b WHERE %s) FROM %s a%s"
            .formatted(
                inner,
                join.right().name(),
                join.on(),
                join.left().name(),
                where(join.left(), "a", 1)));
  }

  private Query setOperation() {
    Table a = dice.pick(tables);
    Table b = dice.pick(tables);
    return Query.bag(
        "SELECT a.n FROM %s a%s %s SELECT b.n FROM %s b%s"
            .formatted(
                a.name(),
                where(a, "a", 1),
                dice.of("UNION", "UNION ALL", "EXCEPT", "EXCEPT ALL", "INTERSECT", "INTERSECT ALL"),
                b.name(),
                where(b, "b", 1)));
  }

  private Query withClause(Table table) {
    return Query.bag(
        "WITH w AS %s (SELECT %s FROM %s a%s) SELECT x.n, count(*) FROM w x %s GROUP BY x.n"
            .formatted(
                dice.of("", "MATERIALIZED", "NOT MATERIALIZED"),
                dice.percent(50) ? "a.*" : "a.n, a.n + 1 AS m",
                table.name(),
                where(table, "a", 1),
                dice.of(
                    "",
                    "JOIN w y ON x.n = y.n",
                    "WHERE x.n > 3",
                    "WHERE EXISTS (SELECT 1 FROM w y WHERE y.n > x.n)")));
  }

  private Query window(Table table) {
    if (table.key().isEmpty()) {
      return Query.bag(
          "SELECT a.n, count(*) OVER (PARTITION BY a.n) FROM %s a%s"
              .formatted(table.name(), where(table, "a", 1)));
    }
    String over =
        "OVER (%sORDER BY a.n, %s)"
            .formatted(dice.of("", "PARTITION BY a.n % 3 "), total(table, "a"));
    String function =
        dice.of(
            "row_number()",
            "rank()",
            "sum(a.n)",
            "lag(a.n)",
            "lead(a.n, 2)",
            "first_value(a.n)",
            "ntile(3)");
    String inner =
        "SELECT a.n, %s %s AS w FROM %s a%s"
            .formatted(function, over, table.name(), where(table, "a", 1));
    return Query.bag(
        dice.percent(50)
            ? inner
            : "SELECT * FROM ("
                + inner
                + ") s WHERE s.w "
                + dice.of("= 1", "> 2", "<= 3")
                + dice.of("", " AND s.n > 3"));
  }

  private Query recursive(Table table) {
    return Query.bag(
        "WITH RECURSIVE r (n) AS (SELECT a.n FROM %s a%s UNION SELECT r.n + 1 FROM r WHERE r.n < %d) SELECT count(*), max(n) FROM r"
            .formatted(table.name(), where(table, "a", 1), dice.between(3, 8)));
  }

  private Query odd(Table table) {
    return switch (dice.below(7)) {
      case 0 ->
          Query.bag(
              "SELECT a.n, x.m FROM %s a CROSS JOIN LATERAL (SELECT a.n * v AS m FROM generate_series(1, 2) v) x%s"
                  .formatted(table.name(), where(table, "a", 1)));
      case 1 ->
          Query.bag(
              "SELECT v.k, count(a.n) FROM (VALUES (1), (3), (5)) v (k) LEFT JOIN %s a ON a.n = v.k GROUP BY v.k"
                  .formatted(table.name()));
      case 2 ->
          Query.bag(
              "SELECT count(*) FILTER (WHERE %s) FROM %s a%s"
                  .formatted(
                      predicates.condition(table, "a", 1), table.name(), where(table, "a", 1)));
      case 3 ->
          Query.bag(
              "SELECT array_agg(a.n ORDER BY a.n) FROM %s a%s"
                  .formatted(table.name(), where(table, "a", 1)));
      case 4 ->
          Query.bag(
              "SELECT 100 / (a.n - 10), a.n FROM %s a%s"
                  .formatted(table.name(), where(table, "a", 2)));
      case 5 -> Query.bag("SELECT a FROM %s a%s".formatted(table.name(), where(table, "a", 1)));
      default -> Query.bag("TABLE " + table.name());
    };
  }

  /** A statement that writes and answers: judged by what it would return. */
  Query writing(Table table) {
    parameters.clear();
    predicates = new Predicates(dice, parameters, dice.percent(40));
    String sql =
        dice.percent(75)
            ? "UPDATE %s a SET n = n + 1%s RETURNING a.n, %s"
                .formatted(table.name(), where(table, "a", 1), columns(table, "a"))
            : "DELETE FROM %s a%s RETURNING %s"
                .formatted(table.name(), where(table, "a", 2), columns(table, "a"));
    return new Query(sql, parameters, new Query.Legal.Bag());
  }

  private String aggregates(Table table, String alias) {
    List<String> list = new ArrayList<>(List.of("count(*)"));
    Table.Column column = dice.pick(table.columns());
    String name = alias + "." + column.name();
    if (column.kind().summable()) {
      list.add(
          dice.of("sum(", "avg(", "min(", "max(")
              + name
              + (column.kind().family() == Kind.Family.NUMERIC ? "::numeric(30,4))" : ")"));
    } else if (column.kind().groupable()
        && column.kind().ordered()
        && !column.kind().sqlType().matches("bool|uuid|bytea")) {
      list.add(dice.of("min(", "max(") + name + ")");
    } else {
      list.add("count(" + name + ")");
    }
    if (dice.percent(25)) {
      list.add("sum(" + alias + ".n)");
    }
    return String.join(", ", list);
  }

  private String columns(Table table, String alias) {
    return switch (dice.below(5)) {
      case 0 -> alias + ".*";
      case 1 -> alias + ".n";
      default ->
          dice.some(table.columns(), dice.between(1, 3)).stream()
              .map(column -> alias + "." + column.name())
              .collect(Collectors.joining(", "));
    };
  }

  private String where(Table table, String alias, int depth) {
    return dice.percent(10) ? "" : " WHERE " + predicates.condition(table, alias, depth);
  }

  private static String total(Table table, String alias) {
    return table.key().stream()
        .map(column -> alias + "." + column)
        .collect(Collectors.joining(", "));
  }

  private Join join() {
    Table left = dice.pick(tables);
    Table right = dice.pick(tables);
    Optional<String> parent = left.parent();
    if (parent.isPresent() && dice.percent(60)) {
      Table target =
          tables.stream()
              .filter(table -> table.name().equals(parent.get()))
              .findFirst()
              .orElseThrow();
      return new Join(left, target, "a.parent_id = b.id");
    }
    return new Join(left, right, "a.n = b.n");
  }

  private record Join(Table left, Table right, String on) {}
}
