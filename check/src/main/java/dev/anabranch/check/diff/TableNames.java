package dev.anabranch.check.diff;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.schema.SchemaQueries;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tables of a branch, or of main, by the names that they have now.
 *
 * @param tables those that hold rows, and those that are only divided into such
 * @param children by table: its partitions, and what inherits from it
 */
record TableNames(Map<TableId, Named> tables, Map<TableId, List<TableId>> children) {

  private static final String TABLES =
      """
      SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND %s
      """
          .formatted(SchemaQueries.USER_SCHEMA);

  /**
   * A table's name.
   *
   * @param holdsRows not so of one that is only divided into others
   */
  record Named(String schema, String name, boolean holdsRows, boolean logged) {
    String qualified() {
      return schema + "." + name;
    }

    boolean isCalled(String text) {
      return text.equals(qualified()) || text.equals(name);
    }
  }

  static TableNames read(Connection connection) throws SQLException {
    Map<TableId, Named> tables = new HashMap<>();
    Map<TableId, List<TableId>> children = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery(TABLES)) {
        while (row.next()) {
          tables.put(
              new TableId(row.getLong(1)),
              new Named(
                  row.getString(2),
                  row.getString(3),
                  row.getString(4).equals("r"),
                  row.getString(5).equals("p")));
        }
      }
      try (ResultSet row =
          statement.executeQuery("SELECT inhparent, inhrelid FROM pg_catalog.pg_inherits")) {
        while (row.next()) {
          children
              .computeIfAbsent(new TableId(row.getLong(1)), ignored -> new ArrayList<>())
              .add(new TableId(row.getLong(2)));
        }
      }
    }
    return new TableNames(tables, children);
  }

  Optional<Named> of(TableId table) {
    return Optional.ofNullable(tables.get(table));
  }

  /**
   * A table by its name, with all that is a part of it.
   *
   * @param atFork the definitions at the fork point, in which a table may have had another name
   * @param side where the tables are, in words
   * @throws AnabranchException when there is none or more than one
   */
  Set<TableId> find(String text, SchemaSnapshot atFork, BranchName branch, String side) {
    Map<TableId, String> now = new HashMap<>();
    tables.forEach((id, named) -> {
      if (named.isCalled(text)) {
        now.put(id, named.qualified());
      }
    });
    Map<TableId, String> found = now.isEmpty() ? called(text, atFork) : now;
    if (found.size() > 1) {
      throw new AnabranchException(
          ErrorCode.DIFF_TABLE_AMBIGUOUS,
          text,
          String.join(", ", found.values().stream().sorted().toList()));
    }
    TableId table =
        found.keySet().stream()
            .findFirst()
            .orElseThrow(() -> new AnabranchException(ErrorCode.DIFF_TABLE_UNKNOWN, branch, text));
    if (!tables.containsKey(table)) {
      throw new AnabranchException(ErrorCode.DIFF_TABLE_DROPPED, text, side);
    }
    Set<TableId> all = new HashSet<>();
    addWithParts(table, all);
    return all;
  }

  private static Map<TableId, String> called(String text, SchemaSnapshot atFork) {
    Map<TableId, String> found = new HashMap<>();
    atFork
        .relations()
        .forEach((id, relation) -> {
          boolean table = relation.kind() == 'r' || relation.kind() == 'p';
          String name = relation.shape().qualifiedName();
          if (table && (name.equals(text) || relation.shape().name().equals(text))) {
            found.put(id, name);
          }
        });
    return found;
  }

  private void addWithParts(TableId table, Set<TableId> all) {
    if (all.add(table)) {
      children.getOrDefault(table, List.of()).forEach(part -> addWithParts(part, all));
    }
  }
}
