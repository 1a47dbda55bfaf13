package dev.anabranch.trials.oracle;

import java.util.List;
import java.util.function.Supplier;

/**
 * Makes random conditions on one table under an alias, collecting parameters in the order of their
 * places.
 */
final class Predicates {

  private final Dice dice;
  private final List<String> parameters;
  private final boolean withParameters;

  Predicates(Dice dice, List<String> parameters, boolean withParameters) {
    this.dice = dice;
    this.parameters = parameters;
    this.withParameters = withParameters;
  }

  /** A condition nested at most {@code depth} deep. */
  String condition(Table table, String alias, int depth) {
    if (depth <= 0 || dice.percent(45)) {
      return atom(table, alias);
    }
    return switch (dice.below(6)) {
      case 0, 1 ->
          "("
              + condition(table, alias, depth - 1)
              + " AND "
              + condition(table, alias, depth - 1)
              + ")";
      case 2, 3 ->
          "("
              + condition(table, alias, depth - 1)
              + " OR "
              + condition(table, alias, depth - 1)
              + ")";
      case 4 -> "NOT (" + condition(table, alias, depth - 1) + ")";
      default ->
          "("
              + condition(table, alias, depth - 1)
              + ") IS "
              + dice.of("TRUE", "NOT TRUE", "UNKNOWN", "FALSE", "NOT FALSE");
    };
  }

  private String atom(Table table, String alias) {
    if (dice.percent(25)
        && table.key().contains("id")
        && table.columns().getFirst().kind().equals(Kind.INT4)) {
      return alias + ".id " + dice.of("=", "=", "<", ">=", "<>") + " " + number(1, 20);
    }
    if (dice.percent(20)) {
      return alias + ".n " + dice.of("=", "<", ">", "<=", ">=", "<>") + " " + number(0, 9);
    }
    Table.Column column = dice.pick(table.columns());
    String name = alias + "." + column.name();
    return dice.percent(35) ? special(table, alias, column, name) : general(column.kind(), name);
  }

  private String general(Kind kind, String name) {
    Supplier<String> constant = () -> value(kind);
    return switch (dice.below(9)) {
      case 0 -> name + " IS " + dice.of("NULL", "NOT NULL");
      case 1 -> name + " IS " + dice.of("DISTINCT FROM ", "NOT DISTINCT FROM ") + constant.get();
      case 2 ->
          name
              + dice.of(" IN (", " NOT IN (")
              + constant.get()
              + ", "
              + constant.get()
              + (dice.percent(15) ? ", NULL" : "")
              + ")";
      case 3 ->
          name
              + " = ANY (ARRAY["
              + constant.get()
              + ", "
              + constant.get()
              + "]"
              + cast(kind, "[]")
              + ")";
      case 4 ->
          kind.ordered()
              ? name
                  + dice.of(" BETWEEN ", " NOT BETWEEN ", " BETWEEN SYMMETRIC ")
                  + constant.get()
                  + " AND "
                  + constant.get()
              : name + " = " + constant.get();
      case 5 -> constant.get() + " " + comparison(kind) + " " + name;
      default -> name + " " + comparison(kind) + " " + constant.get();
    };
  }

  private static String cast(Kind kind, String suffix) {
    return kind.castType().endsWith("[]") ? "" : "::" + kind.castType() + suffix;
  }

  private String comparison(Kind kind) {
    return kind.ordered() ? dice.of("=", "=", "<>", "<", "<=", ">", ">=") : dice.of("=", "=", "<>");
  }

  private String special(Table table, String alias, Table.Column column, String name) {
    return switch (column.kind().family()) {
      case BOOL ->
          dice.of(
              name,
              "NOT " + name,
              name + " IS TRUE",
              name + " IS NOT FALSE",
              "COALESCE(" + name + ", true)");
      case INT ->
          dice.of(
              name + "::int8 + 1 = " + dice.below(5),
              "mod(" + name + ", 2) = " + dice.below(2),
              name + " = " + dice.of("1.0", "2.5", "2::int8", "3::int2"),
              name + "::text = '1'",
              "COALESCE(" + name + ", 0) " + dice.of("=", ">", "<") + " " + dice.below(4),
              "CASE WHEN " + name + " > 1 THEN true ELSE " + name + " IS NULL END",
              "("
                  + name
                  + ", "
                  + alias
                  + ".n) "
                  + dice.of("=", "<", ">=")
                  + " ("
                  + dice.below(4)
                  + ", "
                  + dice.below(10)
                  + ")");
      case NUMERIC, WILD_FLOAT, TAME_FLOAT ->
          dice.of(
              name + " * 2 > 1",
              name + " = 1",
              name + " < 2::int8",
              "NULLIF(" + name + ", 1) IS NULL",
              name + " >= 0.5");
      case TEXT ->
          dice.of(
              name + " LIKE 'a%'",
              name + " LIKE 'a\\_%'",
              name + " NOT LIKE '%b'",
              name + " LIKE '_'",
              name + " LIKE 'a'",
              name + " ILIKE 'A%'",
              "lower(" + name + ") = 'a'",
              "length(" + name + ") > 1",
              name + " ~ '^[a-z]+$'",
              name + " || 'x' = 'ax'",
              name + " < 'b' COLLATE \"C\"",
              "upper(" + name + ") <> " + name,
              name + " = 'a '");
      case LOOSE_TEXT -> dice.of(name + " = 'A'", name + " <> 'e'", name + " IN ('a', 'E')");
      case DATE ->
          dice.of(
              name + " < current_date - 60",
              name + " > '2026-01-01'",
              name + " = '2026-03-08'::timestamp",
              "extract(year FROM " + name + ") = 2026");
      case TIMESTAMP ->
          dice.of(
              name + " > now() - interval '90 days'",
              name + " < now() - interval '40 days'",
              name + "::date = '2026-03-08'",
              "date_trunc('day', " + name + ") = '2026-03-08'",
              name + " >= '2026-03-08'",
              name + " + interval '1 day' > '2026-03-09 02:30:00'");
      case ARRAY ->
          dice.of(
              "1 = ANY (" + name + ")",
              name + " @> '{1}'",
              name + "[1] = 1",
              "cardinality(" + name + ") = 2",
              name + " && '{2,3}'");
      case JSON ->
          dice.of(
              name + " @> '{\"a\": 1}'",
              name + " ->> 'a' = '1'",
              "jsonb_typeof(" + name + ") = 'object'");
      case RANGE ->
          dice.of(
              name + " @> 3",
              name + " && '[2,4)'",
              "isempty(" + name + ")",
              "lower(" + name + ") = 1");
      case ORDERED, OPAQUE -> sibling(table, alias, column, name);
    };
  }

  private String sibling(Table table, String alias, Table.Column column, String name) {
    List<Table.Column> same =
        table.columns().stream().filter(other -> other.kind().equals(column.kind())).toList();
    return name
        + " "
        + dice.of("=", "<>", "IS DISTINCT FROM")
        + " "
        + alias
        + "."
        + dice.pick(same).name();
  }

  private String number(int low, int high) {
    String text = String.valueOf(dice.between(low, high));
    if (withParameters && dice.percent(30)) {
      parameters.add(text);
      return "?::int4";
    }
    return text;
  }

  private String value(Kind kind) {
    if (withParameters && dice.percent(30)) {
      parameters.add(dice.pick(kind.values()));
      return dice.percent(50) ? "?::" + kind.castType() : "?::text::" + kind.castType();
    }
    return Literals.constant(dice, kind);
  }
}
