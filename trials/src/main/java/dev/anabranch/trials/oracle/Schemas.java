package dev.anabranch.trials.oracle;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes random tables with keys of every shape, or none, and fills them. */
final class Schemas {

  private static final String LONG_TEXT = "repeat('long', 900)";

  private static final String BY_HASH = " PARTITION BY HASH (id)";

  private final Dice dice;

  Schemas(Dice dice) {
    this.dice = dice;
  }

  List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    int count = dice.between(3, 5);
    for (int i = 0; i < count; i++) {
      tables.add(table("t" + i, tables));
    }
    return tables;
  }

  /** The statements that make the tables and their rows inside the current schema. */
  List<String> statements(List<Table> tables) {
    List<String> statements = new ArrayList<>();
    statements.add("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')");
    statements.add("CREATE DOMAIN small_int AS int4 CHECK (VALUE >= -5)");
    statements.add(
        "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic ="
            + " false)");
    for (Table table : tables) {
      String definition = definition(table);
      statements.add(definition);
      if (definition.endsWith(BY_HASH)) {
        for (int part = 0; part < 2; part++) {
          statements.add(
              "CREATE TABLE %s_%d PARTITION OF %s FOR VALUES WITH (MODULUS 2, REMAINDER %d)"
                  .formatted(table.name(), part, table.name(), part));
        }
      }
      if (dice.percent(table.key().isEmpty() ? 50 : 20)) {
        statements.add("ALTER TABLE " + table.name() + " REPLICA IDENTITY FULL");
      }
      statements.add("ALTER TABLE " + table.name() + " ALTER COLUMN body SET STORAGE EXTERNAL");
      statements.add(inserts(table));
    }
    return statements;
  }

  private Table table(String name, List<Table> before) {
    List<Table.Column> columns = new ArrayList<>();
    List<String> key = new ArrayList<>();
    int shape = dice.below(10);
    if (shape < 6) {
      columns.add(new Table.Column("id", Kind.INT4));
      key.add("id");
    } else if (shape < 8) {
      columns.add(new Table.Column("id", Kind.INT4));
      columns.add(new Table.Column("code", dice.percent(50) ? Kind.TEXT : uuid()));
      key.addAll(List.of("id", "code"));
    } else if (shape < 9) {
      columns.add(new Table.Column("id", dice.percent(50) ? Kind.TEXT : uuid()));
      key.add("id");
    } else {
      columns.add(new Table.Column("id", Kind.INT4));
    }
    Optional<String> parent = parent(before);
    if (parent.isPresent()) {
      columns.add(new Table.Column("parent_id", Kind.INT4));
    }
    int more = dice.between(3, 6);
    columns.add(new Table.Column("n", Kind.INT4));
    for (int i = 0; i < more; i++) {
      columns.add(new Table.Column("c" + i, dice.pick(Kind.ALL)));
    }
    columns.add(new Table.Column("body", Kind.TEXT));
    List<Table.Column> fixed = List.copyOf(columns);
    return new Table(name, fixed, List.copyOf(key), rows(fixed, key, dice.between(4, 30)), parent);
  }

  private Optional<String> parent(List<Table> before) {
    List<String> able =
        before.stream()
            .filter(table ->
                table.key().equals(List.of("id"))
                    && table.columns().getFirst().kind().equals(Kind.INT4))
            .map(Table::name)
            .toList();
    return able.isEmpty() || dice.percent(40) ? Optional.empty() : Optional.of(dice.pick(able));
  }

  private static Kind uuid() {
    return Kind.ALL.stream()
        .filter(kind -> kind.sqlType().equals("uuid"))
        .findFirst()
        .orElseThrow();
  }

  private List<List<@Nullable String>> rows(
      List<Table.Column> columns, List<String> key, int count) {
    List<List<@Nullable String>> rows = new ArrayList<>();
    Set<List<@Nullable String>> keys = new LinkedHashSet<>();
    for (int i = 0; i < count; i++) {
      List<@Nullable String> row = new ArrayList<>();
      List<@Nullable String> keyValues = new ArrayList<>();
      for (Table.Column column : columns) {
        String value = value(column, key, i);
        row.add(value);
        if (key.contains(column.name())) {
          keyValues.add(value);
        }
      }
      if (key.isEmpty() || keys.add(keyValues)) {
        rows.add(row);
      }
    }
    return rows;
  }

  private @Nullable String value(Table.Column column, List<String> key, int ordinal) {
    if (key.contains(column.name())) {
      return column.kind().equals(Kind.INT4)
          ? String.valueOf(ordinal + 1)
          : dice.pick(column.kind().values());
    }
    return switch (column.name()) {
      case "id" -> String.valueOf(dice.between(1, 10));
      case "parent_id" -> dice.percent(20) ? null : String.valueOf(dice.between(1, 4));
      case "n" -> String.valueOf(dice.between(0, 9));
      default -> Literals.value(dice, column.kind());
    };
  }

  private String definition(Table table) {
    List<String> parts = new ArrayList<>();
    for (Table.Column column : table.columns()) {
      String generated =
          column.name().equals("id")
                  && table.key().equals(List.of("id"))
                  && column.kind().equals(Kind.INT4)
                  && dice.percent(40)
              ? " GENERATED BY DEFAULT AS IDENTITY (START WITH 1000)"
              : "";
      parts.add(column.name() + " " + column.kind().sqlType() + generated);
    }
    if (dice.percent(30)) {
      parts.add("doubled int8 GENERATED ALWAYS AS (n::int8 * 2) STORED");
    }
    if (!table.key().isEmpty()) {
      parts.add("PRIMARY KEY (" + String.join(", ", table.key()) + ")");
    }
    table
        .parent()
        .ifPresent(parent ->
            parts.add(
                "FOREIGN KEY (parent_id) REFERENCES "
                    + parent
                    + " (id) ON DELETE "
                    + dice.of("CASCADE", "SET NULL", "NO ACTION")));
    boolean split = table.key().contains("id") && table.parent().isEmpty() && dice.percent(15);
    return "CREATE TABLE "
        + table.name()
        + " ("
        + String.join(", ", parts)
        + ")"
        + (split ? BY_HASH : "");
  }

  private String inserts(Table table) {
    String names =
        table.columns().stream().map(Table.Column::name).collect(Collectors.joining(", "));
    List<String> rows = new ArrayList<>();
    for (List<@Nullable String> row : table.rows()) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        Table.Column column = table.columns().get(i);
        boolean toast = column.name().equals("body") && dice.percent(30);
        cells.add(toast ? LONG_TEXT : cell(table, column, row.get(i)));
      }
      rows.add("(" + String.join(", ", cells) + ")");
    }
    return "INSERT INTO " + table.name() + " (" + names + ") VALUES " + String.join(", ", rows);
  }

  private String cell(Table table, Table.Column column, @Nullable String text) {
    if (column.name().equals("parent_id") && text != null) {
      // The parent's row may be missing; a child then has none.
      return "(SELECT id FROM " + table.parent().orElseThrow() + " WHERE id = " + text + ")";
    }
    return Literals.constant(column.kind(), text);
  }
}
