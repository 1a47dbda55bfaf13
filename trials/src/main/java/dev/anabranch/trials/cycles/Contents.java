package dev.anabranch.trials.cycles;

import dev.anabranch.base.Identifiers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The rows of every table of a course, under the names that the columns had at first.
 *
 * @param tables rows by table; a cell that is NULL is missing
 * @param versions the same rows with the transaction that wrote each, as one text
 */
record Contents(Map<String, List<Map<String, String>>> tables, List<String> versions) {

  /** What the columns of each table are called, by their number. */
  record Layout(Map<String, Map<Integer, String>> columns) {
    static final Layout NONE = new Layout(Map.of());

    String name(String table, int number, String now) {
      Map<Integer, String> known = columns.get(table);
      return known == null ? now : known.getOrDefault(number, "");
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private static String columnsOf(String schema) {
    return """
    SELECT n.nspname, c.relname, a.attnum, a.attname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname IN ('%1$s', '%1$s_a')
    ORDER BY 1, 2, 3
    """
        .formatted(schema);
  }

  static Layout layout(Connection connection, String schema) throws SQLException {
    Map<String, Map<Integer, String>> columns = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(columnsOf(schema))) {
      while (rows.next()) {
        String table =
            rows.getString(1).equals(schema) ? rows.getString(2) : rows.getString(2) + "@a";
        columns
            .computeIfAbsent(table, ignored -> new TreeMap<>())
            .put(rows.getInt(3), rows.getString(4));
      }
    }
    return new Layout(columns);
  }

  static String place(String schema, String table) {
    return table.endsWith("@a")
        ? schema + "_a." + Identifiers.quote(table.substring(0, table.length() - 2))
        : schema + "." + Identifiers.quote(table);
  }

  /** Reads all tables, at one moment. */
  static Contents read(Connection connection, String schema, Layout first) throws SQLException {
    Layout now = layout(connection, schema);
    List<String> selects = new ArrayList<>();
    now.columns()
        .forEach((table, columns) -> {
          List<String> cells = new ArrayList<>();
          columns.forEach((number, name) -> {
            String known = first.name(table, number, name);
            if (!known.isEmpty()) {
              cells.add("'" + known + "', t." + Identifiers.quote(name) + "::text");
            }
          });
          selects.add(
              "SELECT '%s', jsonb_strip_nulls(jsonb_build_object(%s))::text, t.xmin::text FROM %s t"
                  .formatted(table, String.join(", ", cells), place(schema, table)));
        });
    Map<String, List<Map<String, String>>> tables = new TreeMap<>();
    now.columns().keySet().forEach(table -> tables.put(table, new ArrayList<>()));
    List<String> versions = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(String.join(" UNION ALL ", selects) + " ORDER BY 1, 2, 3")) {
      while (rows.next()) {
        Map<String, String> cells = new LinkedHashMap<>();
        JsonNode row = JSON.readTree(rows.getString(2));
        row.properties().forEach(cell -> cells.put(cell.getKey(), cell.getValue().asString("")));
        Objects.requireNonNull(tables.get(rows.getString(1))).add(cells);
        versions.add(rows.getString(1) + rows.getString(2) + rows.getString(3));
      }
    }
    return new Contents(tables, versions);
  }

  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("price", "sku"),
          Map.entry("price_next", "sku"),
          Map.entry("acct", "id"),
          Map.entry("cnt", "name"),
          Map.entry("ord", "tag"),
          Map.entry("slot", "id"),
          Map.entry("mail", "email"),
          Map.entry("doc", "tag"),
          Map.entry("period", "id"),
          Map.entry("booking", "tag"),
          Map.entry("job", "tag"),
          Map.entry("later", "id"),
          Map.entry("kv", "k"),
          Map.entry("memo", "id"),
          Map.entry("wide", "id"),
          Map.entry("ticket", "tag"),
          Map.entry("scan", "tag"),
          Map.entry("voucher", "tag"),
          Map.entry("till", "id"),
          Map.entry("goods", "id"),
          Map.entry("goods@a", "id"));

  /**
   * Every row as words, comparable between databases that draw other numbers: rows with a key cell
   * by cell, others whole.
   */
  Facts facts(Numbers numbers) {
    Map<String, Map<String, String>> keyed = new TreeMap<>();
    List<String> loose = new ArrayList<>();
    tables.forEach((table, rows) -> {
      Optional<String> key = Optional.ofNullable(KEYS.get(table));
      for (Map<String, String> row : rows) {
        Map<String, String> cells = new TreeMap<>();
        row.forEach((column, text) -> cells.put(column, numbers.word(table, column, text)));
        if (key.isPresent() && row.containsKey(key.get())) {
          keyed.put(table + "[" + row.get(key.get()) + "]", cells);
        } else {
          loose.add(table + cells);
        }
      }
    });
    loose.sort(null);
    return new Facts(keyed, loose);
  }
}
