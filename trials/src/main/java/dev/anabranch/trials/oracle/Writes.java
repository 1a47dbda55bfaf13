package dev.anabranch.trials.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes random writes, aimed at few rows so that some answers survive them. */
final class Writes {

  private final Dice dice;
  private final List<Table> tables;
  private final int firstNewId;
  private int made;

  /**
   * @param firstNewId ids of inserted rows count from here; a branch and main mostly insert
   *     different ones
   */
  Writes(Dice dice, List<Table> tables, int firstNewId) {
    this.dice = dice;
    this.tables = tables;
    this.firstNewId = firstNewId;
  }

  /** One write that either side may make. */
  String next() {
    Table table = dice.pick(tables);
    return switch (dice.below(10)) {
      case 0, 1, 2 -> insert(table);
      case 3, 4, 5, 6 -> update(table);
      case 7 -> "UPDATE " + table.name() + " a SET n = n + 1 WHERE a.n = " + dice.below(10);
      case 8 -> delete(table);
      default -> reKey(table);
    };
  }

  /**
   * What only main does here: changes that come back, TRUNCATE and changes of the tables
   * themselves.
   */
  List<String> drastic() {
    Table table = dice.pick(tables);
    return switch (dice.below(12)) {
      case 0, 1, 2, 3, 4, 5 -> thereAndBack(table);
      case 6 -> List.of("TRUNCATE " + table.name() + " CASCADE");
      case 7 -> List.of("BEGIN", "TRUNCATE " + table.name() + " CASCADE", insert(table), "COMMIT");
      case 8 ->
          List.of("ALTER TABLE " + table.name() + " ADD COLUMN added" + made++ + " int4 DEFAULT 7");
      case 9 -> List.of("ALTER TABLE " + table.name() + " ALTER COLUMN n TYPE int8");
      case 10 -> {
        String column = dice.pick(table.otherColumns()).name();
        yield List.of(
            "ALTER TABLE " + table.name() + " RENAME COLUMN " + column + " TO " + column + "_new");
      }
      default -> {
        List<Table.Column> others = table.otherColumns();
        yield List.of("ALTER TABLE " + table.name() + " DROP COLUMN " + dice.pick(others).name());
      }
    };
  }

  /** An update and its undoing, in two transactions. */
  private List<String> thereAndBack(Table table) {
    if (table.key().isEmpty() || table.rows().isEmpty()) {
      return List.of(update(table));
    }
    List<@Nullable String> row = dice.pick(table.rows());
    Table.Column column = dice.pick(table.otherColumns());
    if (column.name().equals("parent_id") || column.name().equals("body")) {
      return List.of(update(table));
    }
    String where = byKey(table, row);
    String original = row.get(table.indexOf(column.name()));
    String set = "UPDATE " + table.name() + " a SET " + column.name() + " = ";
    return List.of(
        set + Literals.constant(column.kind(), Literals.value(dice, column.kind())) + where,
        set + Literals.constant(column.kind(), original) + where);
  }

  private String insert(Table table) {
    List<String> values = new ArrayList<>();
    for (Table.Column column : table.columns()) {
      values.add(newValue(table, column));
    }
    String names =
        table.columns().stream().map(Table.Column::name).collect(Collectors.joining(", "));
    return "INSERT INTO "
        + table.name()
        + " ("
        + names
        + ") VALUES ("
        + String.join(", ", values)
        + ")";
  }

  private String newValue(Table table, Table.Column column) {
    if (table.key().contains(column.name())) {
      return column.kind().equals(Kind.INT4)
          ? String.valueOf(dice.percent(8) ? 900 + dice.below(3) : firstNewId + made++)
          : Literals.constant(column.kind(), dice.pick(column.kind().values()));
    }
    return switch (column.name()) {
      case "id", "n" -> String.valueOf(dice.below(10));
      case "parent_id" ->
          "(SELECT min(id) FROM "
              + table.parent().orElseThrow()
              + " WHERE id >= "
              + dice.between(1, 5)
              + ")";
      default -> Literals.constant(column.kind(), Literals.value(dice, column.kind()));
    };
  }

  private String update(Table table) {
    Table.Column column = dice.pick(table.otherColumns());
    String value =
        switch (column.name()) {
          case "n" -> String.valueOf(dice.below(10));
          case "parent_id" -> "NULL";
          case "body" -> "'body " + made++ + "'";
          default -> Literals.constant(column.kind(), Literals.value(dice, column.kind()));
        };
    return "UPDATE " + table.name() + " a SET " + column.name() + " = " + value + some(table);
  }

  private String delete(Table table) {
    return "DELETE FROM " + table.name() + " a" + some(table);
  }

  private String reKey(Table table) {
    Optional<Table.Column> id =
        table.keyColumns().stream().filter(column -> column.kind().equals(Kind.INT4)).findFirst();
    if (id.isEmpty()) {
      return update(table);
    }
    return dice.percent(70)
        ? "UPDATE " + table.name() + " a SET id = id + " + firstNewId + some(table)
        : "UPDATE " + table.name() + " a SET id = -id" + some(table);
  }

  /** A condition for about one row. */
  private String some(Table table) {
    if (table.key().isEmpty() || table.rows().isEmpty()) {
      return " WHERE a.n = "
          + dice.below(10)
          + " AND a."
          + dice.pick(table.columns()).name()
          + " IS NOT NULL";
    }
    return byKey(table, dice.pick(table.rows()));
  }

  private static String byKey(Table table, List<@Nullable String> row) {
    return table.keyColumns().stream()
        .map(column ->
            "a."
                + column.name()
                + " = "
                + Literals.constant(column.kind(), row.get(table.indexOf(column.name()))))
        .collect(Collectors.joining(" AND ", " WHERE ", ""));
  }
}
