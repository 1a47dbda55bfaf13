package dev.anabranch.trials.cycles;

import dev.anabranch.base.Identifiers;
import dev.anabranch.base.TextForm;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All rows of main that have a key, as they are, cell by cell; what Postgres computes is left out.
 *
 * @param rows cells by row, column name to text
 */
record MainState(Map<RowId, Map<String, @Nullable String>> rows) {

  /**
   * A row of main's.
   *
   * @param table {@code schema.table}
   * @param key of its primary key, column name to text
   */
  record RowId(String table, Map<String, String> key) implements Comparable<RowId> {
    @Override
    public int compareTo(RowId other) {
      return toString().compareTo(other.toString());
    }

    String where() {
      return key.entrySet().stream()
          .map(cell ->
              Identifiers.quote(cell.getKey()) + " = " + Identifiers.literal(cell.getValue()))
          .collect(Collectors.joining(" AND "));
    }
  }

  private record Keyed(String name, List<String> key, List<String> columns) {}

  private static String tablesOf(String schema) {
    return """
    SELECT format('%%s.%%s', n.nspname, c.relname), a.attname, a.attnum = ANY (i.indkey)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    WHERE c.relkind = 'r' AND n.nspname IN ('%1$s', '%1$s_a')
    ORDER BY 1, a.attnum
    """
        .formatted(schema);
  }

  static MainState read(Connection main, String schema) throws SQLException {
    Sql.run(main, TextForm.SET_STATEMENTS);
    Map<RowId, Map<String, @Nullable String>> rows = new TreeMap<>();
    for (Keyed table : tables(main, schema)) {
      String columns =
          table.columns().stream()
              .map(column -> Identifiers.quote(column) + "::text")
              .collect(Collectors.joining(", "));
      try (Statement statement = main.createStatement();
          ResultSet found =
              statement.executeQuery("SELECT " + columns + " FROM ONLY " + table.name())) {
        while (found.next()) {
          Map<String, @Nullable String> cells = new LinkedHashMap<>();
          for (int i = 0; i < table.columns().size(); i++) {
            cells.put(table.columns().get(i), found.getString(i + 1));
          }
          Map<String, String> key = new TreeMap<>();
          table.key().forEach(column -> key.put(column, String.valueOf(cells.get(column))));
          rows.put(new RowId(table.name(), key), cells);
        }
      }
    }
    return new MainState(rows);
  }

  private static List<Keyed> tables(Connection main, String schema) throws SQLException {
    Map<String, Keyed> tables = new TreeMap<>();
    try (Statement statement = main.createStatement();
        ResultSet found = statement.executeQuery(tablesOf(schema))) {
      while (found.next()) {
        Keyed table =
            tables.computeIfAbsent(
                found.getString(1), name -> new Keyed(name, new ArrayList<>(), new ArrayList<>()));
        table.columns().add(found.getString(2));
        if (found.getBoolean(3)) {
          table.key().add(found.getString(2));
        }
      }
    }
    return List.copyOf(tables.values());
  }

  Optional<Map<String, @Nullable String>> row(RowId row) {
    return Optional.ofNullable(rows.get(row));
  }

  /** The rows that are not the same in another state. */
  Set<RowId> differing(MainState other) {
    Set<RowId> all = new TreeSet<>(rows.keySet());
    all.addAll(other.rows.keySet());
    all.removeIf(row -> row(row).equals(other.row(row)));
    return all;
  }
}
