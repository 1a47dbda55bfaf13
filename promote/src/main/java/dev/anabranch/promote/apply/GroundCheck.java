package dev.anabranch.promote.apply;

import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.mainfeed.schema.SchemaQueries;
import dev.anabranch.promote.plan.Ground;
import dev.anabranch.promote.plan.MainTable;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks whether main's tables still are what the branch took them for: reached by the same name,
 * part of the same whole, open to the same role, and watched by the same triggers, which are not
 * fired when rows land and so must have been fired on the branch.
 */
final class GroundCheck {

  private final Connection connection;
  private final Map<TableId, TableShape> atFork;
  private final Ground ground;
  private final Map<TableId, Set<String>> written;
  private final Traps traps;

  /**
   * @param written the rights that writing to a table takes
   */
  GroundCheck(
      Connection connection,
      Map<TableId, TableShape> atFork,
      Ground ground,
      Map<TableId, Set<String>> written,
      Traps traps) {
    this.traps = traps;
    this.written = written;
    this.connection = connection;
    this.atFork = atFork;
    this.ground = ground;
  }

  /** The tables, with what speaks against writing to them. */
  Map<TableId, MainTable> check(Map<TableId, MainTable> tables) throws SQLException {
    if (tables.isEmpty()) {
      return tables;
    }
    Array ids =
        connection.createArrayOf("int8", tables.keySet().stream().map(TableId::oid).toArray());
    Map<TableId, Set<TableId>> parents = parents(ids);
    Map<TableId, Map<String, String>> guards = guards(ids);
    Map<TableId, MainTable> checked = new HashMap<>();
    for (MainTable table : tables.values()) {
      List<String> obstacles = new ArrayList<>();
      name(table, obstacles);
      if (!parents
          .getOrDefault(table.id(), Set.of())
          .equals(ground.parents().getOrDefault(table.id(), Set.of()))) {
        obstacles.add("on main it was attached to or detached from another table");
      }
      guards(table, guards.getOrDefault(table.id(), Map.of()), obstacles);
      checked.put(table.id(), table.with(obstacles));
    }
    return checked;
  }

  private void name(MainTable table, List<String> obstacles) throws SQLException {
    TableShape before = atFork.get(table.id());
    if (before == null
        || before.qualifiedName().equals(table.shape().qualifiedName())
        || traps.has(Trap.WHEREVER_IT_IS_NOW)) {
      return;
    }
    if (!before.schema().equals(table.shape().schema())) {
      obstacles.add("it was moved out of schema " + before.schema() + " on main");
    } else if (exists(before)) {
      obstacles.add("on main another table took its place as " + before.qualifiedName());
    }
  }

  private boolean exists(TableShape named) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
      statement.setString(1, named.quotedName());
      try (ResultSet result = statement.executeQuery()) {
        return result.next() && result.getBoolean(1);
      }
    }
  }

  private void guards(MainTable table, Map<String, String> now, List<String> obstacles)
      throws SQLException {
    Map<String, String> before = ground.guards().getOrDefault(table.id(), Map.of());
    for (Map.Entry<String, String> guard : now.entrySet()) {
      String what = guard.getKey();
      boolean off =
          traps.has(
              what.startsWith("trigger ") ? Trap.LAND_PAST_TRIGGERS : Trap.LAND_WITHOUT_RIGHTS);
      if (guard.getValue().equals(before.get(what)) || off) {
        continue;
      }
      if (what.startsWith("trigger ")) {
        obstacles.add(
            "its "
                + what
                + " was added or changed on main since the branch was made, and is not"
                + " fired for rows that land");
      } else if (ground.actsAs().isPresent()) {
        rights(table, what, ground.actsAs().get(), obstacles);
      }
    }
  }

  private void rights(MainTable table, String what, String role, List<String> obstacles)
      throws SQLException {
    if (!what.equals("rights")) {
      obstacles.add(
          "its " + what + " was changed on main since the branch was made, which may bar " + role);
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT right_to FROM unnest(?::text[]) AS right_to WHERE NOT coalesce((SELECT CASE"
                + " WHEN right_to IN ('INSERT', 'UPDATE') THEN has_any_column_privilege(r.oid,"
                + " ?::int8::oid, right_to) ELSE has_table_privilege(r.oid, ?::int8::oid, right_to)"
                + " END FROM pg_roles r WHERE r.rolname = ?), false)")) {
      statement.setArray(
          1,
          connection.createArrayOf("text", written.getOrDefault(table.id(), Set.of()).toArray()));
      statement.setLong(2, table.id().oid());
      statement.setLong(3, table.id().oid());
      statement.setString(4, role);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          obstacles.add(
              "its rights were changed on main since the branch was made, and "
                  + role
                  + " may not "
                  + result.getString(1)
                  + " there");
        }
      }
    }
  }

  private Map<TableId, Set<TableId>> parents(Array ids) throws SQLException {
    Map<TableId, Set<TableId>> parents = new HashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT inhrelid::int8, inhparent::int8 FROM pg_inherits WHERE inhrelid = ANY"
                + " (?::int8[]::oid[])")) {
      statement.setArray(1, ids);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          parents
              .computeIfAbsent(new TableId(result.getLong(1)), _ -> new HashSet<>())
              .add(new TableId(result.getLong(2)));
        }
      }
    }
    return parents;
  }

  private Map<TableId, Map<String, String>> guards(Array ids) throws SQLException {
    Map<TableId, Map<String, String>> guards = new HashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT * FROM ("
                + SchemaQueries.GUARDS
                + ") AS guards (relation, what, version) WHERE relation = ANY"
                + " (?::int8[]::oid[])")) {
      statement.setArray(1, ids);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          guards
              .computeIfAbsent(new TableId(result.getLong(1)), _ -> new TreeMap<>())
              .put(result.getString(2), result.getString(3));
        }
      }
    }
    return guards;
  }
}
